"""What this installation was told from outside, for administrators; it is changed where the processes are started."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web.visit import Here
from storage.queries.rulebooks import book_rows
from storage.tables import Council

# The council's row, with the environment variable that each value comes from.
SHOWN = (
    ("Council", "name", "PATHWAY_COUNCIL_NAME"),
    ("Team", "team_name", "PATHWAY_COUNCIL_TEAM_NAME"),
    ("Telephone", "telephone", "PATHWAY_COUNCIL_TELEPHONE"),
    ("Out of hours", "out_of_hours_telephone", "PATHWAY_COUNCIL_OUT_OF_HOURS_TELEPHONE"),
    ("E-mail for answers", "email", "PATHWAY_COUNCIL_EMAIL"),
    ("Postal address", "address", "PATHWAY_COUNCIL_ADDRESS"),
    ("How to complain", "complaints", "PATHWAY_COUNCIL_COMPLAINTS"),
    ("Sender of e-mail", "sender", "PATHWAY_COUNCIL_SENDER"),
    ("Address of these pages", "base_url", "PATHWAY_BASE_URL"),
    ("Secure e-mail domains", "secure_domains", "PATHWAY_SECURE_DOMAINS"),
    ("Days for which a link opens its letter", "link_days", "PATHWAY_LINK_DAYS"),
    ("Rulebook", "rulebook", "PATHWAY_RULEBOOK"),
    ("System owner", "system_owner", "PATHWAY_SYSTEM_OWNER"),
    ("Minutes between messages of alerts", "alerts_every", "PATHWAY_ALERTS_EVERY"),
    ("Minutes for which a decision can be undone", "grace_minutes", "PATHWAY_GRACE_MINUTES"),
)


def show(visit: Here) -> Response:
    """The council as letters name it, the system owner, and the books published."""
    with visit.reading() as session:
        council = session.get_one(Council, 1)
        rows = [(words, str(getattr(council, field)), variable) for words, field, variable in SHOWN]
        is_open = "open" if visit.services.takes_referrals else "not open"
        rows.append(("Form for professionals outside", is_open, "PATHWAY_OUTSIDE_FORM"))
        return visit.page("settings.html", rows=rows, books=book_rows.published(session))
