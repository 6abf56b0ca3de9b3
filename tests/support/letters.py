"""Facts for letters and drafts for the outbox, with everything filled in."""

from __future__ import annotations

from datetime import UTC, datetime

from notifications.letters.letters import ChildOutcome, CouncilFacts, LetterFacts
from notifications.outbox.queue import Draft
from rules.messages import MessageKind
from rules.vocabulary import Effect

NOW = datetime(2009, 3, 6, 16, 40, tzinfo=UTC)

COUNCIL = CouncilFacts(
    name="Northbridge Council",
    team_name="Children's Front Door",
    telephone="020 7946 0000",
    out_of_hours_telephone="020 7946 0999",
    email="front.door@northbridge.example.org",
    address="Civic Centre\n1 High Street\nNorthbridge\nNB1 1AA",
    complaints="Write to the complaints manager, Civic Centre, Northbridge NB1 1AA.",
)
AOIFE = ChildOutcome(
    referral_ref="FD-0012-1",
    child_name="Aoife Williams",
    effect=Effect.ACCEPT,
    outcome_title="Assessment",
    paragraph="A social worker will assess what the child needs.",
    next_steps="The social worker will call you.",
    reasons="Two earlier contacts, and hunger seen at school.",
)
CAHAL = ChildOutcome(
    referral_ref="FD-0012-2",
    child_name="Cahal Quigley",
    effect=Effect.CLOSE,
    outcome_title="No further action",
    paragraph="Nothing more will be done by us.",
    next_steps="The school nurse goes on seeing him.",
    reasons="He lives with his father and is well.",
)


def facts(**changes: object) -> LetterFacts:
    """What a letter about two decided children is written from."""
    given: dict[str, object] = {
        "council": COUNCIL,
        "recipient_name": "Isla O'Brien",
        "contact_ref": "FD-0012",
        "received_at": NOW,
        "written_at": NOW,
        "children": (AOIFE, CAHAL),
        "children_to_follow": 0,
        "asked_for": ("Where the children are now", "The name of their doctor"),
        "child_name": "Aoife Williams",
        "next_steps": "We will call you this week and ask how we can help.",
    }
    return LetterFacts(**given | changes)


def draft(number: int = 1, **changes: object) -> Draft:
    """A message for the outbox; each number is another message to another recipient."""
    given: dict[str, object] = {
        "kind": MessageKind.ACKNOWLEDGEMENT,
        "dedup_key": f"test:{number}",
        "recipient_name": f"Recipient {number}",
        "recipient_address": f"recipient{number}@agency.example.org",
        "subject": "We have received your contact",
        "text": "Thank you.",
        "html": None,
        "sender": "front.door@northbridge.example.org",
        "sender_name": "Children's Front Door",
    }
    return Draft(**given | changes)
