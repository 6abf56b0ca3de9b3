"""Random days at the front door: people do what they may in any order, and are refused what they may not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pathway.engine import inputs
from pathway.engine.casework import allocating, closing, transferring
from pathway.engine.children import merging, splitting
from pathway.engine.corrections import correcting_details, kept_corrections
from pathway.engine.decisions import (
    correcting,
    deciding,
    decision_input,
    onward_referral,
    reopening,
    restoring,
    second_look,
    setting_aside,
    undoing,
    within_grace,
)
from pathway.engine.drafts import keeping, unfinished_contacts
from pathway.engine.intake import added_child, immediate_danger, logging_contact, screening
from pathway.engine.referrers import unsafe_to_contact
from rules.errors import InvalidInput, NotAllowed, Refused, Stale
from rules.vocabulary import Role
from storage.tables import Contact, Draft, OnwardReferral, PersonMerge, PersonSplit, Referral, Transfer, Worker, id_of
from support import rows, unfinished
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
from support.random_people import ComingAndGoing

OUTCOMES = ("no-further-action", "information-and-advice", "early-help", "assessment", "strategy-discussion")
OTHERS = ("already-open", "passed-on")
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
NAMES = ("Ash", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida", "Jo", "Kit", "Lou")


@dataclass(slots=True)
class RandomDays(ComingAndGoing):
    """One council whose days come from one seed; ``journal`` says what was tried and what came of it."""

    door: FrontDoor
    rng: random.Random
    workers: Sequence[Worker]
    journal: list[str] = field(default_factory=list)
    named: int = 0
    begun: list[Draft] = field(default_factory=list)

    def step(self) -> int | None:
        """One thing that somebody does; returns the referral it was done to, None where it was to none."""
        action = self.rng.choices([name for name, _ in ACTIONS], [weight for _, weight in ACTIONS])[0]
        target = self.pick(Referral)
        try:
            touched: int | None = getattr(self, action)(target)
            self.journal.append(f"{action} {target.ref if target else ''}")
        except (Refused, InvalidInput, NotAllowed, Stale) as error:
            self.journal.append(f"{action} {target.ref if target else ''}: {error}")
            return None
        return touched

    def pick(self, table: type[Any]) -> Any:
        """A random row, or None where there is none."""
        with self.door.database.read() as session:
            found = rows.everything(session, table)
        return self.rng.choice(found) if found else None

    def run(self, command: Callable[..., Any], target: int, *data: Any, by: Any = MANAGER, **more: Any) -> Any:
        """One command in one transaction."""
        with self.door.acting(by) as act:
            return command(act, target, *data, **more)

    def new_name(self) -> str:
        """A name that no other child has; sometimes one that came before, and comes again."""
        if self.named and self.rng.random() < 0.2:
            return name_of(self.rng.randrange(self.named))
        self.named += 1
        return name_of(self.named - 1)

    # -- what people do ----------------------------------------------------------------------------------------

    def log(self, _: Any) -> None:
        """A contact about one to three children, from all kinds of referrers."""
        children = dict.fromkeys(self.new_name() for _ in range(self.rng.randint(1, 3)))
        kinds = ({}, {"referrer_email": "", "referrer_address": "3 High Road"}, {"source_code": "9"})
        more = dict(self.rng.choices(kinds, (6, 2, 1))[0])
        more |= {"source_code": "1A"} if not more and self.rng.random() < 0.2 else {}
        self.door.log(*children, immediate_danger=self.rng.random() < 0.15, **more)

    def add_child(self, target: Referral | None) -> None:
        """Screening adds a child whom the referrer did not name."""
        if target:
            data = inputs.parse(
                added_child.AddedChildInput, {"why": "Lives there.", "child": child_fields(self.new_name())}
            )
            self.run(added_child.add_child, target.contact_id, data, by=OFFICER)

    def screen(self, target: Referral | None) -> None:
        """Checks are recorded, all or some."""
        if target:
            kinds = NEEDED if self.rng.random() < 0.8 else NEEDED[:1]
            checks = [screening.CheckInput(kind=kind, made=True, found="Nothing.") for kind in kinds]
            self.run(screening.screen, id_of(target), checks, by=OFFICER, version=None)

    def decide(self, target: Referral | None) -> int | None:
        """A manager decides."""
        if target is None:
            return None
        data = inputs.parse(decision_input.DecisionInput, self.decision())
        self.run(deciding.decide, id_of(target), data, version=None)
        return id_of(target)

    def decision(self) -> dict[str, Any]:
        """What a manager types."""
        outcome = self.rng.choice(OUTCOMES if self.rng.random() < 0.85 else OTHERS)
        typed = {"outcome": outcome, "level_of_need": "2", "primary_need": "N1", "reasons": "Because."}
        typed |= {"late_reason": "staff-away"}
        return typed | {"worker_id": self.rng.choice(self.workers).id, "receiver": "Hub", "receiver_email": "h@hub.org"}

    def correct(self, target: Referral | None) -> int | None:
        """A wrong decision is followed by a new one."""
        if target is None:
            return None
        typed = self.decision() | {"correction_reason": "The wrong box."}
        self.run(correcting.correct, id_of(target), inputs.parse(correcting.CorrectionInput, typed), version=None)
        return id_of(target)

    def set_aside(self, target: Referral | None) -> int | None:
        """A manager finds that it was logged in error."""
        if target is None:
            return None
        data = inputs.parse(
            setting_aside.SetAsideInput, {"mark": "logged in error", "reason": "Another council's child."}
        )
        self.run(setting_aside.set_aside, id_of(target), data, version=None)
        return id_of(target)

    def restore(self, target: Referral | None) -> int | None:
        """It was not."""
        if target is None:
            return None
        data = inputs.ReasonInput(reason="It is ours.")
        self.run(restoring.restore, id_of(target), data, version=None)
        return id_of(target)

    def allocate(self, target: Referral | None) -> int | None:
        """A worker takes the child, over the limit too."""
        if target is None:
            return None
        typed = {
            "worker_id": self.rng.choice(self.workers).id,
            "discussed_at": self.door.now,
            "discussed_by": "Tess",
            "agreed": "A visit.",
            "override_reason": "Nobody else." if self.rng.random() < 0.5 else "",
        }
        data = inputs.parse(allocating.AllocationInput, typed)
        self.run(allocating.allocate, id_of(target), data, by=TEAM_MANAGER, version=None)
        return id_of(target)

    def undo(self, target: Referral | None) -> int | None:
        """A decision is undone, mostly one that still can be."""
        if target is None:
            return None
        with self.door.database.read() as session:
            found = rows.everything(session, Referral)
            can_be = [one for one in found if within_grace.of(session, one, now=self.door.now).is_open]
        chosen = id_of(self.rng.choice(can_be or [target]))
        self.run(undoing.undo, chosen, inputs.ReasonInput(reason="The wrong child."), version=None)
        return chosen

    def propose(self, target: Referral | None) -> int | None:
        """A transfer to another worker is proposed."""
        if target is None:
            return None
        typed = {"to_worker_id": self.rng.choice(self.workers).id, "handover_note": "Visited twice."}
        data = inputs.parse(transferring.TransferInput, typed)
        self.run(transferring.propose, id_of(target), data, by=TEAM_MANAGER, version=None)
        return id_of(target)

    def accept(self, _: Any) -> int | None:
        """Somebody accepts or refuses a transfer."""
        transfer = self.pick(Transfer)
        if transfer is None:
            return None
        if self.rng.random() < 0.2:
            self.run(transferring.refuse, id_of(transfer), inputs.ReasonInput(reason="No."), by=TEAM_MANAGER)
        else:
            data = inputs.parse(transferring.TransferAcceptanceInput, {"override_reason": "Agreed."})
            self.run(transferring.accept, id_of(transfer), data, by=self.rng.choice((TEAM_MANAGER, SERVICE_MANAGER)))
        return int(transfer.referral_id)

    def close(self, target: Referral | None) -> int | None:
        """A manager closes."""
        if target is None:
            return None
        data = inputs.parse(closing.ClosureInput, {"reason": "Done.", "code": "RC7"})
        self.run(closing.close, id_of(target), data, version=None)
        return id_of(target)

    def reopen(self, target: Referral | None) -> int | None:
        """It is taken up again."""
        if target is None:
            return None
        data = reopening.ReopeningInput(reason="The school rang.", tell_again=self.rng.random() < 0.5)
        self.run(reopening.reopen, id_of(target), data, version=None)
        return id_of(target)

    def answer(self, _: Any) -> None:
        """A receiver accepts or refuses."""
        found = self.pick(OnwardReferral)
        if found:
            typed = {"accepted": self.rng.random() < 0.6, "answered_at": self.door.now, "note": "They rang."}
            data = inputs.parse(onward_referral.ReceiverAnswerInput, typed)
            self.run(onward_referral.record_answer, id_of(found), data, by=OFFICER)

    def merge(self, target: Referral | None) -> None:
        """Two persons are found to be one child, or a merge was wrong."""
        other, done = self.pick(Referral), self.pick(PersonMerge)
        if done and self.rng.random() < 0.5:
            self.run(merging.undo, id_of(done), inputs.ReasonInput(reason="Two children."))
        elif target and other:
            self.run(merging.merge, target.person_id, other.person_id, inputs.ReasonInput(reason="One child."))

    def take_apart(self, target: Referral | None) -> None:
        """A referral is about another child, or the same one after all."""
        done = self.pick(PersonSplit)
        if done and self.rng.random() < 0.4:
            self.run(splitting.undo, id_of(done), inputs.ReasonInput(reason="One child."))
        elif target:
            self.run(splitting.split, id_of(target), splitting.SplitInput(reason="Two children."))

    def detail(self, target: Referral | None) -> None:
        """A detail of a child was wrong, on record or as it was taken down."""
        if target:
            field, value = self.rng.choice(
                (("forename", self.new_name()), ("birth_date", "2004-05-07"), ("address", "3 High Road, N17 6AA"))
            )
            typed = {
                "field": field,
                "value": value,
                "taken_wrong": self.rng.random() < 0.5,
                "reason": "As she spells it.",
            }
            data = inputs.parse(kept_corrections.DetailInput, typed)
            self.run(correcting_details.correct_child, id_of(target), data)

    def mark(self, target: Referral | None) -> None:
        """Immediate danger, or no more."""
        if target:
            command = immediate_danger.mark if self.rng.random() < 0.7 else immediate_danger.withdraw
            self.run(command, target.contact_id, inputs.ReasonInput(reason="The neighbour rang."))

    def unsafe(self, target: Referral | None) -> None:
        """Unsafe to contact, or safe again."""
        if target:
            command = unsafe_to_contact.mark if self.rng.random() < 0.7 else unsafe_to_contact.lift
            self.run(command, target.contact_id, inputs.ReasonInput(reason="The partner reads the post."))

    def second_look(self, target: Referral | None) -> None:
        """Another manager looks."""
        if target:
            data = second_look.SecondLookInput(agrees=True, note="Agreed.")
            self.run(second_look.give, id_of(target), data, by=SERVICE_MANAGER, version=None)

    def post(self, _: Any) -> None:
        """The post takes everything that lies there."""
        contact = self.pick(Contact)
        for letter in self.door.letters(contact) if contact else ():
            if letter.delivery == "post":
                self.door.post(letter, f"{self.door.now:%Y-%m-%d %H:%M:%S}+00:00"[:16])

    def mail(self, _: Any) -> None:
        """The mail server takes everything that is queued."""
        self.door.hand_over_letters()

    def begin_contact(self, _: Any) -> None:
        """Somebody begins to type a contact, and is called away."""
        danger = {"immediate_danger": "yes"} if self.rng.random() < 0.2 else {}
        self.begun.append(unfinished.begin(self.door, token=f"begun {len(self.begun)}", **danger))

    def finish_contact(self, _: Any) -> None:
        """What was begun is logged."""
        if draft := self.pick_open():
            with self.door.acting(OFFICER, token=draft.token) as act:
                typed = contact_fields(self.new_name(), received_at=self.door.now)
                logging_contact.log_contact(act, inputs.parse(logging_contact.ContactInput, typed))
                keeping.end(act, draft.token)

    def discard_contact(self, _: Any) -> None:
        """A manager discards what was begun, where it has been told."""
        if draft := self.pick_open():
            with self.door.acting(MANAGER) as act:
                unfinished_contacts.discard(act, id_of(draft), inputs.ReasonInput(reason="Logged already."))

    def pick_open(self) -> Draft | None:
        """A contact that was begun."""
        with self.door.database.read() as session:
            found = [draft for draft in rows.everything(session, Draft) if draft.ended_at is None]
        return self.rng.choice(found) if found else None

    def pass_minutes(self, _: Any) -> None:
        """Minutes pass, with nobody watching, and then a sweep."""
        self.door.frozen.tick(delta=60 * self.rng.randint(1, 20))
        self.door.sweep()

    def pass_time(self, _: Any) -> None:
        """Hours pass, with nobody watching, and then a sweep."""
        self.door.frozen.tick(delta=60 * 60 * self.rng.randint(1, 20))
        self.door.sweep()


def name_of(number: int) -> str:
    """A name that is part of no other: Ash0x, Bo1x and so on."""
    return f"{NAMES[number % len(NAMES)]}{number}x"


ACTIONS = (
    ("log", 6), ("add_child", 3), ("screen", 10), ("decide", 10), ("correct", 4), ("set_aside", 2), ("restore", 2),
    ("allocate", 6), ("propose", 3), ("accept", 4), ("close", 3), ("reopen", 3), ("answer", 3), ("merge", 3),
    ("take_apart", 4), ("detail", 3), ("begin_contact", 3), ("finish_contact", 2), ("discard_contact", 2),
    ("inform", 4), ("stand", 2), ("leave", 2), ("come_back", 3), ("mark", 2), ("unsafe", 2),
    ("second_look", 2), ("post", 2), ("mail", 4), ("pass_time", 6), ("undo", 4),
    ("pass_minutes", 3),
)  # fmt: skip
