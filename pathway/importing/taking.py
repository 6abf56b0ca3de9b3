"""One checked contact into the database: a referral for each child, and clocks at the moments of history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.children import close_births, households, persons, re_referrals
from pathway.engine.intake import immediate_danger, logging_contact
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from pathway.importing import matching, values
from pathway.importing.earlier import again, keeping
from pathway.importing.faults import ImportFault
from pathway.importing.layout import CHILD_COLUMNS
from pathway.importing.past import Past
from pathway.importing.records import ImportedContact
from pathway.importing.terms import Terms
from pathway.importing.texts import kept
from rules.errors import Fault
from rules.vocabulary import EventKind
from storage.queries.intake import import_run_rows
from storage.tables import Contact, ImportedLines, Person, Referral
from storage.tables.base import id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How a run takes contacts. ``live``: the work goes on here, so clocks are watched and letters owed."""

    terms: Terms
    live: bool
    act: Act
    run_id: int

    def take(self, imported: ImportedContact, faults: Sequence[ImportFault]) -> Sequence[ImportFault]:
        """Stores a contact with its queries; returns what the children's records say otherwise."""
        contact = self._contact(imported)
        matched = matching.match(self.act, imported)
        children = [one.found.person for one in matched]
        referrals = self._referrals(contact, imported, children)
        for referral, one in zip(referrals, matched, strict=True):
            persons.keep(self.act.by_itself, referral, one.child, one.found)
        noticed = [fault for found in matched for fault in found.noticed]
        of_line = {child.line: referral for child, referral in zip(imported.children, referrals, strict=True)}
        self._keep_queries(contact, [*faults, *noticed], of_line)
        households.link(self.act.session, children, id_of(contact))
        close_births.ask(self.act.by_itself, referrals)
        re_referrals.review_contact(self.act.session, contact, children)
        if self.live:
            following.follow(self.act, contact)
        keeping.keep(self.act, contact, imported, run_id=self.run_id)
        return [*noticed, *(fault for found in matched for fault in found.listed)]

    def take_again(
        self, imported: ImportedContact, faults: Sequence[ImportFault], *, before: ImportedLines
    ) -> Sequence[ImportFault]:
        """Takes what was taken back for it in the same transaction; its history says what was otherwise before."""
        noticed = self.take(imported, faults)
        if (row := import_run_rows.standing_of(self.act.session, imported.ref)) is not None:
            again.tell(self.act, row, before=before)
        return noticed

    def _contact(self, imported: ImportedContact) -> Contact:
        typed = {field.name: getattr(imported, field.name) for field in fields(imported)}
        contact = Contact(
            **{name: value for name, value in typed.items() if name not in ("line", "sha256", "lines", "children")},
            recorded_at=self.act.now,
            recorded_by=self.act.actor.username,
            imported=True,
            import_sha256=imported.sha256,
        )
        self.act.session.add(contact)
        self.act.session.flush()
        summary = "Imported from another system"
        self.act.note(EventKind.IMPORTED, summary, about=contact, line=imported.line)
        if contact.identity_protected:
            because = "Referrer’s identity protected: the old system does not say that it may be shown"
            self.act.note(EventKind.IDENTITY_PROTECTED, because, about=contact)
        if contact.unsafe_to_contact:
            self.act.note(EventKind.UNSAFE_MARKED, "Unsafe to contact: so in the old system", about=contact)
        return contact

    def _referrals(self, contact: Contact, imported: ImportedContact, named: Sequence[Person]) -> list[Referral]:
        """A referral for each child, with its past."""
        published = published_books.in_force(self.act.session, self.terms.book.name, at=imported.received_at)
        names = [f"{child.forename} {child.surname}".strip() for child in imported.children]
        referrals = [
            logging_contact.open_referral(
                self.act.session, contact, person, number=number, published=published, named_as=as_told
            )
            for number, (person, as_told) in enumerate(zip(named, names, strict=True), start=1)
        ]
        for referral in referrals:
            referral.imported = True
        self.act.session.flush()
        clocked = values.london_day(imported.received_at) >= self.terms.judged_from
        pasts = [self._past(contact, referral, published if clocked else None) for referral in referrals]
        self._live_through(imported, pasts)
        if self.live:
            for referral in referrals:
                at = imported.received_at
                immediate_danger.begin_for(self.act, referral, contact, at=at)
        return referrals

    def _live_through(self, imported: ImportedContact, pasts: Sequence[Past]) -> None:
        """All children step by step, so that the database is written to once a step and not before each question."""
        decided = [
            (past, child.decision) for past, child in zip(pasts, imported.children, strict=True) if child.decision
        ]
        for past in pasts:
            past.received()
        self.act.session.flush()
        with self.act.session.no_autoflush:
            for past, decision in decided:
                past.decided(decision)
        self.act.session.flush()
        with self.act.session.no_autoflush:
            for past, decision in decided:
                past.told(decision)
        self.act.session.flush()

    def _past(self, contact: Contact, referral: Referral, published: Published | None) -> Past:
        return Past(
            act=self.act,
            contact=contact,
            referral=referral,
            published=published,
            watched=self.live,
        )

    def _keep_queries(self, contact: Contact, faults: Sequence[ImportFault], of_line: Mapping[int, Referral]) -> None:
        """Each fault stays on the record, beside the child whose line it was where it is about a child."""
        for found in faults:
            referral = of_line.get(found.line) if found.column in CHILD_COLUMNS else None
            logging_contact.raise_query(
                self.act.by_itself,
                contact,
                Fault(place=found.column, problem=found.problem, remedy=found.remedy),
                value=kept(found.value),
                referral_id=id_of(referral) if referral else None,
            )
