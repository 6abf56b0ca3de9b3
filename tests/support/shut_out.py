"""A front door with a restricted child and a protected referrer in everything that can name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pathway.engine import inputs
from pathway.engine.children import breaking_glass, restricting
from pathway.engine.intake import logging_contact
from pathway.engine.letters import parents
from rules.errors import Fault
from rules.vocabulary import Role
from storage.tables import (
    Alert,
    AttachedFile,
    Bounce,
    Contact,
    Message,
    NamedAdult,
    PersonMerge,
    PrintBatch,
    ProposedMatch,
    Query,
    Referral,
    id_of,
)
from support import (
    added,
    bounced,
    corrections,
    hands,
    letter_forms,
    matching,
    printed_letters,
    referring_onward,
    rows,
    saved,
    unfinished,
)
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields, person_in
from support.scenes import kept

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
# Whoever is shut out of the child's record must never read one of these, in no case of letters.
CHILD = ("Zebedee", "Zebediah", "Xanthopoulos", "Calliope", "Quincunx")
REFERRER = ("Persephone", "Vandermeer", "Whistlewick")
NAMED = (SERVICE_MANAGER.username, MANAGER.username)
HOME = "7 Quincunx Row, Northmoor, N17 6AA"
PROTECTED = {
    "identity_protected": True,
    "referrer_name": "Persephone Vandermeer",
    "referrer_agency": "Whistlewick House",
    "referrer_address": "9 Whistlewick Lane, Northmoor, N17 6AA",
}


@dataclass(frozen=True, slots=True)
class Subjects:
    """Rows by the part of an address that stands for them: those about the child, and all that are walked."""

    of_child: Mapping[str, Sequence[Any]]
    all: Mapping[str, Sequence[Any]]

    @property
    def only_child(self) -> Subjects:
        """The same without what is about the referrer or a sibling."""
        return Subjects(self.of_child, self.of_child)


def build(door: FrontDoor, mailbox: Path) -> Subjects:
    """The scene, with every message that was written caught in the mailbox; the record is restricted at its end."""
    subjects = _rows(door)
    catch(door, mailbox)
    return subjects


def catch(door: FrontDoor, mailbox: Path) -> None:
    """Puts every message that was written so far into the mailbox, as the catcher keeps it."""
    for message in door.messages():
        (mailbox / caught_as(message)).write_bytes(message.content)


def caught_as(message: Message) -> str:
    """The name of the file in which a message is caught."""
    return f"20090326T100000.000000Z-{id_of(message):06d}.eml"


@kept
def _rows(door: FrontDoor) -> Subjects:
    family = [child_fields("Zebedee", "Xanthopoulos", address=HOME), child_fields("Mia", "Harlow")]
    mother = {"forename": "Calliope", "surname": "Xanthopoulos", "relation": "mother", "of": "1"}
    contact = door.log(children=family, immediate_danger=True, adults=[mother])
    zebedee, mia = door.referrals(contact)
    _query(door, contact)
    twin, third = _alone(door, "Zebediah", "Xanthopoulos"), _alone(door, "Zeb", "Xantopoulos")
    matching.settle(door, matching.proposals(door, third)[0][0], same=True)
    matching.merge(door, zebedee, twin)
    _decide(door, zebedee, mia, twin)
    _come_back(door, contact)
    letter = printed_letters.letter(door, children=[_child("Zebedee", "Xanthopoulos")], referrer_address=HOME)
    printed_letters.print_all(door, letter, by=MANAGER)
    protected = _protect(door)
    _alone(door, "Zebb", "Xantopoulos")
    _late(door, zebedee)
    added.add(door, contact, ("report.pdf", added.PDF))  # read by whoever reads what the contact says of a sibling
    restrict(door, zebedee)
    return _found(door, contact, protected, sibling=mia)


def _child(forename: str, surname: str) -> dict[str, Any]:
    return child_fields(forename, surname, birth_date="2004-05-06")


def _alone(door: FrontDoor, forename: str, surname: str) -> Referral:
    (referral,) = door.referrals(door.log(children=[_child(forename, surname)]))
    return referral


def _query(door: FrontDoor, contact: Contact) -> None:
    with door.acting(OFFICER) as act:
        odd = Fault(place="children.0.nhs_number", problem="Zebedee has no NHS number", remedy="Ask Calliope")
        logging_contact.raise_query(act, contact, odd, value="Xanthopoulos")


def _decide(door: FrontDoor, zebedee: Referral, mia: Referral, twin: Referral) -> None:
    worker = referring_onward.worker_who_signs_in(door)
    door.decide(zebedee, "assessment", reasons="Zebedee was seen alone.")
    door.allocate(zebedee, worker)
    other = hands.social_worker(door, "Ruth Ames", team=hands.add_team(door, "Court"))[0]
    hands.propose(door, zebedee, other, by=person_in(Role.TEAM_MANAGER))
    typed = letter_forms.TO_PARENTS | {"name": "Calliope Xanthopoulos", "email": "calliope@home.example.org"}
    with door.acting(MANAGER) as act:
        parents.write(act, id_of(zebedee), inputs.parse(parents.ParentsInput, typed))
    door.decide(mia)
    referring_onward.refer_onward(door, twin)
    door.hand_over_letters()


def _come_back(door: FrontDoor, contact: Contact) -> None:
    letter = door.letters(contact, "outcome")[-1]
    said = "550 5.1.1 Nobody reads of Zebedee Xanthopoulos here"
    bounced.take(door, bounced.report(door, bounced.message_of(door, letter), said=said, number=7))
    stray = bounced.person(door).replace(b"A question", b"About Zebedee Xanthopoulos")
    bounced.take(door, stray)


def _protect(door: FrontDoor) -> Contact:
    aunt = {"forename": "Persephone", "surname": "Vandermeer", "relation": "other relative"}
    by_mail = door.log("Noah", **PROTECTED, referrer_email="percy@whistlewick.example.org", adults=[aunt])
    corrections.adult(door, corrections.adult_named(door, by_mail).number, "forename", "Persey")
    for referral in door.referrals(by_mail):
        door.decide(referral)
    door.hand_over_letters()
    letter = door.letters(by_mail, "outcome")[-1]
    said = "550 5.1.1 No Persephone at Whistlewick"
    bounced.take(door, bounced.report(door, bounced.message_of(door, letter), said=said, number=8))
    printed_letters.print_all(door, printed_letters.letter(door, "Leo", **PROTECTED, referrer_email=""), by=MANAGER)
    return by_mail


def _late(door: FrontDoor, zebedee: Referral) -> None:
    door.move_to("2009-04-09 10:00")
    door.sweep()
    with door.database.read() as session:
        late = [one for one in rows.everything(session, Alert) if one.referral_id == zebedee.id and not one.closed_at]
    door.acknowledge(late[0], note="Rang Calliope about Zebedee.")
    door.hand_over_letters()


@kept
def restrict(door: FrontDoor, zebedee: Referral) -> None:
    """The service manager restricts a child's record to the duty manager."""
    data = restricting.RestrictionInput(reason="Own family of a colleague.", usernames=NAMED)
    with door.acting(SERVICE_MANAGER) as act:
        restricting.restrict(act, door.fresh(zebedee).person_id, data)


def behind_glass(door: FrontDoor, *, broken: bool) -> int:
    """The number of a child whose record opens to the auditor alone; ``broken``: the duty manager has opened it."""
    (referral,) = door.referrals(door.log("Broken" if broken else "Glass"))
    person_id = referral.person_id
    data = restricting.RestrictionInput(reason="Own family.", usernames=(person_in(Role.AUDITOR).username,))
    with door.acting(SERVICE_MANAGER) as act:
        restricting.restrict(act, person_id, data)
    if broken:
        with door.acting(MANAGER) as act:
            breaking_glass.break_glass(act, person_id, breaking_glass.GlassInput(reason="He is on his way home."))
    return person_id


def _found(door: FrontDoor, contact: Contact, protected: Contact, *, sibling: Referral) -> Subjects:
    theirs, others = _parts(door, contact), _parts(door, protected)
    zebedee = door.referrals(contact)[0]
    with door.database.read() as session:
        stray = [id_of(one) for one in rows.everything(session, Bounce) if one.message_id is None]
        alerts = [one for one in rows.everything(session, Alert) if one.contact_id == contact.id]
        merges = [id_of(one) for one in rows.everything(session, PersonMerge)]
        matches = [id_of(one) for one in rows.everything(session, ProposedMatch)]
        files = rows.everything(session, AttachedFile)
        batches = [id_of(one) for one in rows.everything(session, PrintBatch)]
    told = [message for message in door.messages() if message.alert_id in [one.id for one in alerts]]
    theirs |= {
        "ref of a referral": [zebedee.ref],
        "name": [*theirs["name"], caught_as(told[0])],
        "alert_id": [id_of(alerts[0])],
        "match_id": matches[:2],
        "merge_id": merges,
        "person_id": [door.fresh(zebedee).person_id],
        "ref and file_id": [(contact.ref, id_of(one)) for one in files],
    }
    more = {
        "ref of a referral": [sibling.ref],
        "bounce_id": stray,
        "batch_id": batches,
        "user_id": [1],
        "team_id": [1],
        "worker_id": [1],
        "broken_id": [1],
        "draft_id": [id_of(unfinished.begin(door, ago=unfinished.LONG_AGO))],
        "view_id": [
            id_of(saved.view(door, "Zebedee’s family", "q=Zebedee")),
            id_of(saved.view(door, "Late ones", shared=True)),
        ],
    }
    parts = {*theirs, *more}
    return Subjects(
        theirs
        | {
            "user_id": [],
            "team_id": [],
            "worker_id": [],
            "batch_id": [],
            "broken_id": [],
            "draft_id": [],
            "view_id": [],
        },
        {part: [*theirs.get(part, ()), *others.get(part, ()), *more.get(part, ())] for part in parts},
    )


def _parts(door: FrontDoor, contact: Contact) -> dict[str, Sequence[Any]]:
    """What is about a contact: one row of each."""
    letter = door.letters(contact, "outcome")[-1]
    message = bounced.message_of(door, letter)
    with door.database.read() as session:
        bounces = [one for one in rows.everything(session, Bounce) if one.message_id == message.id]
        queries = [one for one in rows.everything(session, Query) if one.contact_id == contact.id]
        adults = [id_of(one) for one in rows.everything(session, NamedAdult) if one.contact_id == contact.id]
    return {
        "ref of a contact": [contact.ref],
        "ref of a nothing": [contact.ref],
        "letter_id": [id_of(letter)],
        "message_id": [id_of(message)],
        "name": [caught_as(message)],
        "adult_id": adults[:1],
        "bounce_id": [id_of(one) for one in bounces],
        "query_id": [id_of(one) for one in queries],
    }
