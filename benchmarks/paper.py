"""How many letters a second become PDF, one file each and as one batch for the printer."""

from __future__ import annotations

from benchmarks import timing
from notifications.letters import letters, paper, postal
from notifications.letters.paper import PaperLetter
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind
from support.letters import COUNCIL, facts

LETTERS = 10
ROUNDS = 5


def table() -> str:
    """The Markdown table: an outcome letter about two children, on two pages, as PDF/UA."""
    each = [_letter(number) for number in range(LETTERS)]
    found = timing.medians(
        {
            "one file each": lambda: [paper.pdf(letter) for letter in each],
            "one batch": lambda: paper.pdf_of_many(each),
        },
        rounds=ROUNDS,
        warm_up=1,
    )
    rows = [[name, timing.ms(seconds / LETTERS), f"{LETTERS / seconds:.1f}"] for name, seconds in found.items()]
    return timing.markdown(["letters as PDF", "one letter", "letters a second"], rows)


def _letter(number: int) -> PaperLetter:
    kept = letters.write(MessageKind.OUTCOME, ReferrerKind.PROFESSIONAL, facts(contact_ref=f"FD-{number:04}"))
    return PaperLetter(
        council_name=COUNCIL.name,
        sender=(*COUNCIL.address.splitlines(), COUNCIL.telephone),
        recipient_name="Isla O'Brien",
        address=postal.parse(f"Rowan School, {number + 1} High Road, London, N17 6AA"),
        reference=f"FD-{number:04}",
        written_at=facts().written_at,
        subject=kept.subject,
        text=kept.text,
        html=kept.html,
    )
