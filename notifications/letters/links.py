"""The e-mail that carries a link instead of a letter: it says nothing about anybody (docs/adr/0014)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications import plain
from notifications.letters.letters import CouncilFacts, LetterText
from notifications.rendering import TemplateSet

FOLDER = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """All that such an e-mail may be written from: no name, no reference, not even which team writes."""

    council: str
    telephone: str
    link: str
    written_at: datetime
    expires_at: datetime


def facts(council: CouncilFacts, *, link: str, written_at: datetime, expires_at: datetime) -> LinkFacts:
    """The facts from the council's own particulars."""
    return LinkFacts(
        council=plain.one_line(council.name),
        telephone=plain.tied(plain.one_line(council.telephone)),
        link=link,
        written_at=written_at,
        expires_at=expires_at,
    )


def write(about: LinkFacts) -> LetterText:
    """The words of the e-mail: subject on one line, text and HTML."""
    templates = TemplateSet()
    seen: dict[str, object] = {name: getattr(about, name) for name in LinkFacts.__slots__}
    subject = templates.subject(f"{FOLDER}/subject.txt", {"council": about.council})
    return LetterText(
        subject=subject,
        text=templates.text(f"{FOLDER}/body.txt", seen),
        html=templates.html(f"{FOLDER}/body.html", seen | {"title": subject}),
        template_version=templates.version(FOLDER),
    )
