"""The receipt of a form sent from outside, to an address that nobody has confirmed: it names nobody (docs/adr/0024)."""

from __future__ import annotations

from dataclasses import dataclass

from notifications import plain
from notifications.letters.letters import CouncilFacts, LetterText
from notifications.rendering import TemplateSet

FOLDER = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts:
    """All that a receipt may be written from: no name, no day, not what the form was about.

    ``reference`` is empty where the way to the address is not secure; ``days`` is how long the link opens.
    """

    council: str
    telephone: str
    out_of_hours_telephone: str
    link: str
    reference: str
    days: int


def facts(council: CouncilFacts, *, link: str, reference: str, days: int) -> ReceiptFacts:
    """The facts from the council's own particulars."""
    return ReceiptFacts(
        council=plain.one_line(council.name),
        telephone=plain.tied(plain.one_line(council.telephone)),
        out_of_hours_telephone=plain.tied(plain.one_line(council.out_of_hours_telephone)),
        link=link,
        reference=plain.tied(reference),
        days=days,
    )


def write(about: ReceiptFacts) -> LetterText:
    """The words of the receipt: subject on one line, text and HTML."""
    templates = TemplateSet()
    seen: dict[str, object] = {name: getattr(about, name) for name in ReceiptFacts.__slots__}
    subject = templates.subject(f"{FOLDER}/subject.txt", {"council": about.council})
    return LetterText(
        subject=subject,
        text=templates.text(f"{FOLDER}/body.txt", seen),
        html=templates.html(f"{FOLDER}/body.html", seen | {"title": subject}),
        template_version=templates.version(FOLDER),
    )
