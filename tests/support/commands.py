"""Every command that somebody gives, with a scene in which it can be given: a row a command, found by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pathway.engine import inputs, why_late
from pathway.engine.actors import Actor
from pathway.engine.casework import allocating, closing, transferring
from pathway.engine.children import breaking_glass, matches, oddities, restricting, splitting
from pathway.engine.decisions import (
    correcting,
    decision_input,
    onward_referral,
    reopening,
    second_look,
    setting_aside,
)
from pathway.engine.information import standing_decisions
from pathway.engine.intake import added_child, adults, contact_kind, logging_contact, rating, screening
from pathway.engine.letters import parents
from pathway.engine.milestones import recording_milestones
from pathway.engine.post import handing_over, information_by_email
from pathway.engine.referrers import asking_for_information, finding_address
from pathway.engine.staff import account_changes, saved_views, team_changes
from pathway.engine.watch import acknowledging, being_on_it, clock_doubts, notice_choices, weekly_figures
from rules.errors import Fault
from rules.messages import Delivery
from rules.vocabulary import Role
from storage.tables import Bounce, Message, PersonMerge, ProposedMatch, Query, Restriction, User, id_of
from support import (
    added,
    bounced,
    corrections,
    danger,
    grace,
    hands,
    late,
    letter_forms,
    links,
    no_way_to_write,
    printed_letters,
    referring_onward,
    rows,
    sent_from_outside,
    unfinished,
)
from support import matching as people
from support import second_thoughts as wrong
from support import splitting as taken_apart
from support.front_door import (
    MANAGER,
    NEEDED,
    OFFICER,
    TEAM_MANAGER,
    FrontDoor,
    child_fields,
    contact_fields,
    person_in,
)

SERVICE_MANAGER, ADMINISTRATOR = person_in(Role.SERVICE_MANAGER), person_in(Role.ADMINISTRATOR)
WHY = inputs.ReasonInput(reason="The school rang.")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command: who gives it, about which row, and what was typed; ``more`` are keywords."""

    by: Actor
    subject: int | tuple[int, ...] | None
    data: Any = None
    more: dict[str, Any] | None = None

    def arguments(self, subject: Any = None) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Positional and keyword arguments; with ``subject``, about another row."""
        first = self.subject if subject is None else subject
        ids = first if isinstance(first, tuple) else () if first is None else (first,)
        return (*ids, *(() if self.data is None else (self.data,))), self.more or {}


def _one(door: FrontDoor, **more: Any) -> Any:
    (referral,) = door.referrals(door.log("Mia", **more))
    return referral


def _first(door: FrontDoor, table: type[Any]) -> Any:
    with door.database.read() as session:
        return rows.everything(session, table)[-1]


def _decided(door: FrontDoor, outcome: str = "no-further-action", **more: Any) -> Any:
    return door.decide(_one(door), outcome, **more)


def _allocated(door: FrontDoor) -> Any:
    return door.allocate(_decided(door, "assessment"), door.add_worker())


def _typed(model: type[Any], **typed: Any) -> Any:
    return inputs.parse(model, typed)


def _correct_adult(door: FrontDoor) -> Call:
    contact = door.log("Mia", adults=[{"forename": "Ann", "relation": "mother"}])
    return Call(MANAGER, corrections.adult_named(door, contact).number, corrections.adult_typed("surname", "Reed"))


def _allocate(door: FrontDoor) -> Call:
    referral, worker = _decided(door, "assessment"), door.add_worker()
    talked = {"discussed_at": door.now, "discussed_by": "Tess", "agreed": "A visit."}
    return Call(TEAM_MANAGER, id_of(referral), _typed(allocating.AllocationInput, worker_id=worker.id, **talked))


def _give_to_team(door: FrontDoor) -> Call:
    team = hands.add_team(door)
    return Call(TEAM_MANAGER, id_of(_decided(door, "assessment")), _typed(allocating.TeamInput, team_id=team.id))


def _told(door: FrontDoor) -> Any:
    """An allocated child whose referrer has been told."""
    referral = _allocated(door)
    door.hand_over_letters()
    return referral


def _close(door: FrontDoor) -> Call:
    return Call(MANAGER, id_of(_told(door)), _typed(closing.ClosureInput, reason="Done.", code="RC7"))


def _propose(door: FrontDoor) -> Call:
    referral, other = _allocated(door), hands.social_worker(door, "Ruth Ames", team=hands.add_team(door, "Court"))[0]
    return Call(
        TEAM_MANAGER, id_of(referral), _typed(transferring.TransferInput, to_worker_id=other.id, handover_note="Now.")
    )


def _transfer(door: FrontDoor) -> Any:
    other = hands.social_worker(door, "Ruth Ames", team=hands.add_team(door, "Court"))[0]
    return hands.propose(door, _allocated(door), other, by=TEAM_MANAGER)


def _accept(door: FrontDoor) -> Call:
    return Call(SERVICE_MANAGER, id_of(_transfer(door)), transferring.TransferAcceptanceInput())


def _refuse(door: FrontDoor) -> Call:
    return Call(SERVICE_MANAGER, id_of(_transfer(door)), inputs.ReasonInput(reason="Full."))


def _settle_match(door: FrontDoor) -> Call:
    for name in ("Mia", "Mya"):
        door.log(name)
    return Call(
        OFFICER, id_of(_first(door, ProposedMatch)), _typed(matches.MatchInput, same_child=False, reason="Two.")
    )


def _two_persons(door: FrontDoor) -> tuple[int, int]:
    one, other = (_one_named(door, name).person_id for name in ("Mia", "Amelia"))
    return one, other


def _one_named(door: FrontDoor, name: str) -> Any:
    (referral,) = door.referrals(door.log(name))
    return referral


def _merge(door: FrontDoor) -> Call:
    return Call(MANAGER, _two_persons(door), inputs.ReasonInput(reason="One child."))


def _undo(door: FrontDoor) -> Call:
    people.merge_persons(door, *_two_persons(door))
    return Call(MANAGER, id_of(_first(door, PersonMerge)), inputs.ReasonInput(reason="Two children."))


def _same_twice(door: FrontDoor) -> Any:
    """The second referral of one child."""
    _one_named(door, "Mia")
    return _one_named(door, "Mia")


def _split(door: FrontDoor) -> Call:
    return Call(MANAGER, id_of(_same_twice(door)), splitting.SplitInput(reason="Another mother."))


def _put_together(door: FrontDoor) -> Call:
    row = taken_apart.split(door, _same_twice(door))
    return Call(MANAGER, id_of(row), inputs.ReasonInput(reason="One child."))


def _rejoin(door: FrontDoor) -> Call:
    referral = _same_twice(door)
    taken_apart.split(door, referral)
    return Call(MANAGER, id_of(referral), inputs.ReasonInput(reason="One child."))


def _settle_query(door: FrontDoor) -> Call:
    contact = door.log("Mia")
    with door.acting(OFFICER) as act:
        odd = Fault(place="children.0.nhs_number", problem="This is no NHS number", remedy="Ask for it")
        logging_contact.raise_query(act, contact, odd, value="1")
    return Call(OFFICER, id_of(_first(door, Query)), oddities.QueryInput(note="It ends in 9."))


def _restrict(door: FrontDoor) -> Call:
    typed = {"reason": "A colleague's child.", "usernames": (MANAGER.username,)}
    return Call(SERVICE_MANAGER, _one(door).person_id, _typed(restricting.RestrictionInput, **typed))


GLASS = breaking_glass.GlassInput(reason="He is on his way to the school.")


def _break_glass(door: FrontDoor) -> Call:
    person_id = _one(door).person_id
    with door.acting(SERVICE_MANAGER) as act:
        restricting.restrict(act, person_id, restricting.RestrictionInput(reason="Own family."))
    return Call(MANAGER, person_id, GLASS)


def _review_glass(door: FrontDoor) -> Call:
    call = _break_glass(door)
    with door.acting(MANAGER) as act:
        broken = breaking_glass.break_glass(act, *call.arguments()[0])
    return Call(SERVICE_MANAGER, id_of(broken), breaking_glass.ReviewInput(note="Right."))


def _restricted(door: FrontDoor) -> int:
    call = _restrict(door)
    with door.acting(SERVICE_MANAGER) as act:
        restricting.restrict(act, *call.arguments()[0])
    return int(_first(door, Restriction).person_id)


def _name(door: FrontDoor) -> Call:
    return Call(
        SERVICE_MANAGER, _restricted(door), restricting.NamingInput(username=OFFICER.username, reason="Screens it.")
    )


def _lift(door: FrontDoor) -> Call:
    return Call(SERVICE_MANAGER, _restricted(door), inputs.ReasonInput(reason="Has left."))


def _decision(**more: Any) -> dict[str, Any]:
    return {"outcome": "no-further-action", "level_of_need": "1", "primary_need": "N1", "reasons": "None."} | more


def _correct(door: FrontDoor) -> Call:
    typed = _decision(outcome="assessment", correction_reason="The wrong box.")
    return Call(MANAGER, id_of(_decided(door)), _typed(correcting.CorrectionInput, **typed))


def _undo_decision(door: FrontDoor) -> Call:
    grace.give(door)
    return Call(MANAGER, id_of(_decided(door)), WHY)


def _decide(door: FrontDoor) -> Call:
    return Call(MANAGER, id_of(door.screen(_one(door))), _typed(decision_input.DecisionInput, **_decision()))


def _why_late(door: FrontDoor) -> Call:
    return Call(MANAGER, id_of(late.decided_in_danger(door)), why_late.LateInput(late_reason="staff-away"))


def _record_answer(door: FrontDoor) -> Call:
    found = referring_onward.refer_onward(door, _one(door))
    typed = {"accepted": True, "answered_at": door.now, "note": "They rang."}
    return Call(OFFICER, id_of(found), _typed(onward_referral.ReceiverAnswerInput, **typed))


def _reopen(door: FrontDoor) -> Call:
    return Call(MANAGER, id_of(door.close(_told(door))), reopening.ReopeningInput(reason="The school rang again."))


def _restore(door: FrontDoor) -> Call:
    return Call(MANAGER, id_of(wrong.set_aside(door, _one(door))), inputs.ReasonInput(reason="It is ours."))


def _second_look(door: FrontDoor) -> Call:
    for days in (200, 90):
        door.log("Mia", received_at=door.now - timedelta(days=days))
    return Call(
        SERVICE_MANAGER, id_of(_decided(door, "assessment")), second_look.SecondLookInput(agrees=True, note="Yes.")
    )


def _aside() -> Any:
    return _typed(setting_aside.SetAsideInput, mark="logged in error", reason="Another council's child.")


def _milestone(door: FrontDoor) -> Call:
    typed = {"kind": "child seen", "occurred_at": door.now, "seen_alone": True}
    return Call(TEAM_MANAGER, id_of(_allocated(door)), _typed(recording_milestones.MilestoneInput, **typed))


def _letter(door: FrontDoor) -> Any:
    return printed_letters.letter(door, "Mia")


def _hand_over(door: FrontDoor) -> Call:
    typed = {"delivery": Delivery.POST, "handed_over_at": door.now}
    return Call(OFFICER, id_of(_letter(door)), handing_over.HandoverInput(**typed))


def _came_back(door: FrontDoor) -> Call:
    letter = no_way_to_write.record(door, _letter(door), "post")
    return Call(OFFICER, id_of(letter), _typed(handing_over.ReturnInput, how="returned by post", returned_at=door.now))


def _excuse(door: FrontDoor) -> Call:
    _decided_nowhere = door.log("Mia", **no_way_to_write.NOWHERE)
    for referral in door.referrals(_decided_nowhere):
        door.decide(referral)
    return Call(MANAGER, id_of(door.letters(_decided_nowhere, "outcome")[-1]), WHY)


def _linked(door: FrontDoor) -> int:
    _, letter = links.decided(links.few_secure(door))
    door.hand_over_letters()
    return id_of(letter)


def _message(door: FrontDoor) -> int:
    door.log("Mia")
    return id_of(_first(door, Message))


def _keep_batch(door: FrontDoor) -> Call:
    letter = _letter(door)
    with door.database.read() as session:
        who = printed_letters.viewer(door, session)
    return Call(OFFICER, None, more={"letter_ids": [id_of(letter)], "who": who})


def _bounce(door: FrontDoor) -> Any:
    bounced.take(door, bounced.person(door))
    return _first(door, Bounce)


def _add_child(door: FrontDoor) -> Call:
    data = _typed(added_child.AddedChildInput, why="Lives there.", child=child_fields("Noah"))
    return Call(OFFICER, id_of(door.log("Mia")), data)


def _kind(door: FrontDoor) -> Call:
    return Call(OFFICER, id_of(door.log("Mia")), _typed(contact_kind.KindInput, kind="harm", reason="The police rang."))


def _user(door: FrontDoor) -> int:
    return next(id_of(user) for user in _all(door, User) if user.username == OFFICER.username)


def _all(door: FrontDoor, table: type[Any]) -> list[Any]:
    with door.database.read() as session:
        return rows.everything(session, table)


def _person(**more: Any) -> dict[str, Any]:
    return {"name": "Jo Lund", "email": "jo@council.example.org", "roles": [Role.DUTY_MANAGER]} | more


def _worker(team_id: int) -> Any:
    typed = {"name": "Ruth Ames", "email": "ruth@council.example.org", "full_time_equivalent": 0.5}
    return _typed(team_changes.WorkerInput, team_id=team_id, **typed)


def _change_worker(door: FrontDoor) -> Call:
    worker = door.add_worker()
    return Call(ADMINISTRATOR, id_of(worker), _worker(worker.team_id))


def _acknowledge(door: FrontDoor) -> Call:
    referral = _one(door)
    door.move_to("2009-03-11 10:00")
    door.sweep()
    return Call(MANAGER, id_of(door.alert_of(referral)), acknowledging.AcknowledgementInput(note="I am ringing."))


def _acknowledge_several(door: FrontDoor) -> Call:
    one = _acknowledge(door)
    return Call(one.by, ((one.subject,),), one.data)


def _on_it(door: FrontDoor) -> Call:
    contact_id = _one(door).contact_id
    with door.acting(OFFICER) as act:
        being_on_it.take(act, contact_id)
    return Call(OFFICER, contact_id)


def _view(door: FrontDoor, data: Any = None) -> Call:
    with door.acting(MANAGER) as act:
        view = saved_views.save(act, saved_views.ViewInput(path="/referrals", name="Late", query="late=yes"))
    return Call(MANAGER, id_of(view), data)


def _take_on(door: FrontDoor) -> Call:
    return Call(MANAGER, id_of(danger.open_alert(door, door.log("Mia", immediate_danger=True))))


def _about_contact(by: Actor, data: Any, prepare: Callable[[FrontDoor, Any], Any] = lambda *_: None) -> Any:
    def scene(door: FrontDoor) -> Call:
        contact = door.log("Mia")
        prepare(door, contact)
        return Call(by, id_of(contact), data)

    return scene


def _clock_in_doubt(door: FrontDoor) -> Call:
    read = clock_doubts.Reading(wall=door.now, counted=timedelta(hours=1), boot="first", machine="a")
    with door.database.write() as session:
        clock_doubts.begin(session, read, because="The clock of a went wrong", trusted_at=door.now, reckoned=True)
    return Call(MANAGER, None)


# Books other than the plan's, for what only they know.
BOOKS = {"rating.rate": "mash-rag"}
SCENES: dict[str, Callable[[FrontDoor], Call]] = {
    "allocating.allocate": _allocate,
    "allocating.give_to_team": _give_to_team,
    "closing.close": _close,
    "transferring.propose": _propose,
    "transferring.accept": _accept,
    "transferring.refuse": _refuse,
    "correcting_details.correct_child": lambda door: Call(
        MANAGER, id_of(_one(door)), corrections.typed("school", "Park Lane")
    ),
    "correcting_details.correct_contact": _about_contact(MANAGER, corrections.typed("agency", "Hill School")),
    "correcting_adults.correct": _correct_adult,
    "second_person.confirm": lambda door: Call(SERVICE_MANAGER, corrections.waiting(door), WHY),
    "second_person.refuse": lambda door: Call(SERVICE_MANAGER, corrections.waiting(door), WHY),
    "overtaken_letters.write": lambda door: Call(OFFICER, corrections.overtaken(door)),
    "overtaken_letters.leave": lambda door: Call(OFFICER, corrections.overtaken(door), WHY),
    "adding_information.add": lambda door: Call(OFFICER, id_of(door.log("Mia")), added.typed(door)),
    "unfinished_contacts.discard": lambda door: Call(
        MANAGER, id_of(unfinished.begin(door, ago=unfinished.LONG_AGO)), WHY
    ),
    "standing_decisions.answer": lambda door: Call(
        MANAGER, added.question(door), _typed(standing_decisions.StandsInput, stands=True, reason="It was known.")
    ),
    "information_by_email.take": lambda door: Call(
        OFFICER, added.email(door), _typed(information_by_email.EmailInput, contact_ref=added.contact_ref(door))
    ),
    "matches.settle": _settle_match,
    "merging.merge": _merge,
    "merging.undo": _undo,
    "splitting.split": _split,
    "splitting.undo": _put_together,
    "splitting.rejoin": _rejoin,
    "oddities.settle": _settle_query,
    "breaking_glass.break_glass": _break_glass,
    "breaking_glass.review": _review_glass,
    "restricting.restrict": _restrict,
    "restricting.name": _name,
    "restricting.lift": _lift,
    "correcting.correct": _correct,
    "undoing.undo": _undo_decision,
    "deciding.decide": _decide,
    "onward_referral.record_answer": _record_answer,
    "reopening.reopen": _reopen,
    "restoring.restore": _restore,
    "second_look.give": _second_look,
    "why_late.answer": _why_late,
    "weekly_figures.choose": lambda _: Call(MANAGER, None, weekly_figures.WeeklyInput(wants=True)),
    "setting_aside.set_aside": lambda door: Call(MANAGER, id_of(_one(door)), _aside()),
    "setting_aside.set_aside_contact": _about_contact(MANAGER, _aside()),
    "added_child.add_child": _add_child,
    "adults.add": _about_contact(OFFICER, adults.AdultInput(forename="Ann", relation="mother")),
    "contact_kind.change": _kind,
    "immediate_danger.mark": _about_contact(OFFICER, inputs.ReasonInput(reason="He is back.")),
    "immediate_danger.withdraw": _about_contact(MANAGER, inputs.ReasonInput(reason="Another family."), danger.mark),
    "logging_contact.log_contact": lambda door: Call(
        OFFICER, None, _typed(logging_contact.ContactInput, **contact_fields("Mia", received_at=door.now))
    ),
    "rating.rate": lambda door: Call(
        MANAGER, id_of(_one(door)), _typed(rating.RatingInput, rating="red", reason="Bruises.")
    ),
    "screening.screen": lambda door: Call(
        OFFICER, id_of(_one(door)), [screening.CheckInput(kind=kind, made=True, found="Nothing.") for kind in NEEDED]
    ),
    "parents.write": lambda door: Call(
        MANAGER, id_of(_decided(door)), _typed(parents.ParentsInput, **letter_forms.TO_PARENTS)
    ),
    "recording_milestones.record": _milestone,
    "excusing.excuse": _excuse,
    "handing_over.record_handover": _hand_over,
    "handing_over.record_returned": _came_back,
    "link_renewal.revoke": lambda door: Call(OFFICER, _linked(door), WHY),
    "link_renewal.renew": lambda door: Call(OFFICER, _linked(door)),
    "outbox_commands.retry": lambda door: Call(OFFICER, _message(door)),
    "outbox_commands.cancel": lambda door: Call(OFFICER, _message(door), WHY),
    "print_queue.keep": _keep_batch,
    "returned_mail_outcomes.dismiss": lambda door: Call(OFFICER, id_of(_bounce(door)), WHY),
    "asking_for_information.ask": _about_contact(
        OFFICER, _typed(asking_for_information.AskingInput, things="The surname")
    ),
    "finding_address.find_address": _about_contact(
        OFFICER, _typed(finding_address.AddressInput, email="b@school.example.org")
    ),
    "protected_identity.protect": _about_contact(OFFICER, WHY),
    "protected_identity.share": _about_contact(MANAGER, WHY, no_way_to_write.protect),
    "unsafe_to_contact.mark": _about_contact(OFFICER, WHY),
    "unsafe_to_contact.lift": _about_contact(MANAGER, WHY, no_way_to_write.mark_unsafe),
    "account_changes.add": lambda _: Call(
        ADMINISTRATOR,
        None,
        _typed(account_changes.NewUserInput, **_person(username="jo.lund")),
        {"password_hash": "none"},
    ),
    "account_changes.change": lambda door: Call(
        ADMINISTRATOR, _user(door), _typed(account_changes.UserInput, **_person())
    ),
    "account_changes.leave": lambda door: Call(ADMINISTRATOR, _user(door)),
    "account_changes.set_password": lambda door: Call(ADMINISTRATOR, _user(door), more={"password_hash": "other"}),
    "team_changes.add_team": lambda _: Call(ADMINISTRATOR, None, team_changes.TeamInput(name="Court team")),
    "team_changes.change_team": lambda door: Call(
        ADMINISTRATOR, id_of(hands.add_team(door)), team_changes.TeamInput(name="Court team")
    ),
    "team_changes.add_worker": lambda door: Call(ADMINISTRATOR, None, _worker(id_of(hands.add_team(door)))),
    "team_changes.change_worker": _change_worker,
    "team_changes.let_go": lambda door: Call(ADMINISTRATOR, id_of(door.add_worker())),
    "notice_choices.choose": lambda door: Call(
        ADMINISTRATOR, _user(door), notice_choices.parse({"quiet_from": "22:00", "quiet_to": "06:00"})
    ),
    "acknowledging.acknowledge": _acknowledge,
    "acknowledging.acknowledge_several": _acknowledge_several,
    "being_on_it.take": lambda door: Call(OFFICER, _one(door).contact_id),
    "being_on_it.give_back": _on_it,
    "checking_in.take_over": lambda door: Call(OFFICER, id_of(sent_from_outside.send(door, "Sent"))),
    "saved_views.save": lambda _: Call(
        MANAGER, None, saved_views.ViewInput(path="/referrals", name="Late", query="late=yes", shared=True)
    ),
    "saved_views.change": lambda door: _view(door, saved_views.ViewChange(name="Mine", shared=True)),
    "saved_views.delete": _view,
    "taking_on.take_on": _take_on,
    "clock_doubts.accept": _clock_in_doubt,
}
