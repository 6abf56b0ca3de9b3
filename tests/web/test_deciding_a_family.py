"""All children of a contact are decided on one page: an outcome a child, reasons in common, one letter, all or none."""

from __future__ import annotations

import pytest

from storage.queries import referral_rows
from storage.tables import WhyLate, id_of
from support import rows
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, child_fields

ADDRESS = "28 Muswell Hill Broadway, London N17 9UD"
WHY = "The school sees bruises, and each account differs."


def children(*forenames, born="2004-05-06"):
    return [child_fields(name, surname="Ashdown", birth_date=born, address=ADDRESS) for name in forenames]


@pytest.fixture
def family(either):
    contact = either.door.log(children=children("Tom", "Ida", "Max"))
    for one in either.door.referrals(contact):
        either.door.screen(one)
    return contact


def path(contact, tab="decide"):
    return f"/contacts/{contact.ref}/{tab}"


def of(referral, **typed):
    return {f"{referral.ref}.{name}": value for name, value in typed.items()}


def assessed(referral, **typed):
    return of(referral, **{"outcome": "assessment", "level_of_need": "3", "primary_need": "N1"} | typed)


def advised(referral, **typed):
    return of(referral, **{"outcome": "information-and-advice", "level_of_need": "2"} | typed)


def decide(desk, contact, **typed):
    return desk.sign_in(MANAGER).fill(path(contact), **typed)


def states(desk, contact):
    return [referral.state for referral in desk.door.referrals(contact)]


def decisions(desk, referral):
    with desk.door.database.read() as session:
        return referral_rows.decisions(session, id_of(referral))


def test_each_child_gets_an_outcome_and_the_reasons_in_common(either, family):
    tom, ida, max_ = either.door.referrals(family)
    decide(either, family, reasons=WHY, **assessed(tom), **advised(ida), **assessed(max_, reasons="Max was hit too."))
    assert states(either, family) == ["awaiting allocation", "decided", "awaiting allocation"]
    assert decisions(either, tom)[0].reasons == WHY
    assert decisions(either, max_)[0].reasons == f"{WHY}\n\nMax was hit too."


def test_one_letter_tells_of_all(either, family):
    tom, ida, max_ = either.door.referrals(family)
    decide(either, family, reasons=WHY, **assessed(tom), **advised(ida), **advised(max_))
    (letter,) = either.door.letters(family, "outcome")
    assert all(name in letter.text for name in ("Tom", "Ida", "Max"))


def test_the_preview_is_that_letter_and_records_nothing(either, family):
    tom, ida, max_ = either.door.referrals(family)
    typed = {"reasons": WHY, **assessed(tom), **advised(ida), **advised(max_)}
    page = decide(either, family, **typed, do="preview")
    assert states(either, family) == ["awaiting decision"] * 3
    assert page.form().values["reasons"] == WHY
    either.send(page, path(family), do="")
    (letter,) = either.door.letters(family, "outcome")
    assert " ".join(letter.text.split()) in page.words


def test_one_fault_decides_nobody_and_keeps_everything_typed(either, family):
    tom, ida, max_ = either.door.referrals(family)
    page = decide(either, family, reasons=WHY, **assessed(tom), **advised(ida), **assessed(max_, primary_need=""))
    assert either.status == 409
    assert f"#{max_.ref}.primary_need" in page.links
    assert states(either, family) == ["awaiting decision"] * 3
    assert page.form().values["reasons"] == WHY
    assert page.form().values[f"{tom.ref}.outcome"] == "assessment"


def test_an_empty_form_asks_for_each_childs_outcome_and_once_for_the_reasons(either, family):
    page = decide(either, family)
    tom, ida, max_ = either.door.referrals(family)
    asked = [link for link in page.links if link.startswith("#") and not link.startswith("#main")]
    assert asked.count("#reasons") == 1
    assert {f"#{one.ref}.{name}" for one in (tom, ida, max_) for name in ("outcome", "level_of_need")} <= set(asked)


def test_a_child_can_be_left_for_later(either, family):
    tom, ida, max_ = either.door.referrals(family)
    page = decide(either, family, reasons=WHY, **assessed(tom), **of(ida, outcome="later"), **advised(max_))
    assert states(either, family) == ["awaiting allocation", "awaiting decision", "decided"]
    assert "Decisions recorded" in page.words


def test_what_is_typed_of_a_child_left_for_later_is_not_lost(either, family):
    tom, ida, max_ = either.door.referrals(family)
    page = decide(
        either, family, reasons=WHY, **assessed(tom), **of(ida, outcome="later", reasons="?"), **advised(max_)
    )
    assert either.status == 422
    assert f"#{ida.ref}.outcome" in page.links
    assert page.form().values[f"{ida.ref}.reasons"] == "?"
    assert states(either, family) == ["awaiting decision"] * 3


def test_nobody_decided_is_said(either, family):
    everyone = [of(one, outcome="later") for one in either.door.referrals(family)]
    page = decide(either, family, **{name: value for one in everyone for name, value in one.items()})
    assert "Every child is left for later" in page.words


def test_what_an_outcome_asks_for_beside_the_rest_finds_its_field(either, family):
    tom, ida, max_ = either.door.referrals(family)
    page = decide(
        either,
        family,
        reasons=WHY,
        **of(tom, outcome="early-help", level_of_need="2"),
        **of(ida, outcome="already-open", level_of_need="3"),
        **advised(max_),
    )
    assert {f"#{tom.ref}.receiver", f"#{ida.ref}.worker_id"} <= set(page.links)


def test_a_child_whose_checks_are_missing_is_said_by_name_and_holds_back_all(either, family):
    contact = either.door.log(children=children("Una", "Eva", born="2001-02-03"))
    una, eva = either.door.referrals(contact)
    either.door.screen(una)
    page = decide(either, contact, reasons=WHY, **advised(una), **advised(eva))
    assert "Eva Ashdown: Only in immediate danger is a decision made before the checks" in page.words
    assert states(either, contact) == ["awaiting decision", "received"]


def test_in_immediate_danger_the_family_is_decided_before_the_checks(either):
    contact = either.door.log(children=children("Una", "Eva"), immediate_danger=True)
    una, eva = either.door.referrals(contact)
    decide(either, contact, reasons=WHY, **assessed(una), **assessed(eva))
    assert states(either, contact) == ["awaiting allocation"] * 2


def test_possible_matches_of_each_child_are_answered(either):
    either.door.log(children=children("Tom"))
    contact = either.door.log(children=[*children("Thomas"), *children("Ida", born="2007-01-02")])
    thomas, ida = either.door.referrals(contact)
    either.door.screen(thomas)
    either.door.screen(ida)
    page = decide(either, contact, reasons=WHY, **advised(thomas), **advised(ida))
    number = page.form().values[f"{thomas.ref}.asked"]
    assert f"#{thomas.ref}.match-{number}" in page.links
    assert states(either, contact) == ["awaiting decision"] * 2
    answered = of(thomas, **{f"match-{number}": "same", f"match_note-{number}": "The school says so."})
    either.send(page, path(contact), **answered)
    assert states(either, contact) == ["decided"] * 2


def test_an_answer_to_a_match_without_a_note_finds_its_field(either):
    either.door.log(children=children("Tom"))
    contact = either.door.log(children=children("Thomas"))
    (thomas,) = either.door.referrals(contact)
    either.door.screen(thomas)
    page = either.sign_in(MANAGER).open(path(contact))
    number = page.form().values[f"{thomas.ref}.asked"]
    page = either.send(
        page, path(contact), reasons=WHY, **advised(thomas), **of(thomas, **{f"match-{number}": "another"})
    )
    assert f"#{thomas.ref}.match_note-{number}" in page.links


def test_somebody_elses_decision_is_told_before_anything_is_recorded(either, family):
    tom, ida, max_ = either.door.referrals(family)
    page = either.sign_in(MANAGER).open(path(family))
    either.door.decide(tom)
    typed = {**assessed(tom, reasons="Tom says so."), **advised(ida), **advised(max_)}
    page = either.send(page, path(family), reasons=WHY, **typed)
    assert page.form().values["reasons"] == WHY
    assert states(either, family)[1:] == ["awaiting decision"] * 2
    assert f"{tom.ref}.outcome" not in page.form().values
    assert "waits no more. What you typed of this child is not recorded: Tom says so" in page.words
    assert "This family has changed since you opened the page" in page.words
    assert "Tom Ashdown: Decided" in page.words
    either.send(page, path(family))
    assert states(either, family)[1:] == ["decided"] * 2


def test_a_second_click_decides_nothing_twice(either, family):
    typed = {name: value for one in either.door.referrals(family) for name, value in advised(one).items()}
    page = either.sign_in(MANAGER).open(path(family))
    for _ in range(2):
        either.send(page, path(family), reasons=WHY, **typed)
    assert [len(decisions(either, one)) for one in either.door.referrals(family)] == [1, 1, 1]


def test_of_a_late_family_it_is_asked_once_why_and_kept_of_each(either, family):
    either.door.move_to("2009-03-27 12:00")
    either.door.sweep()
    typed = {name: value for one in either.door.referrals(family) for name, value in advised(one).items()}
    page = decide(either, family, reasons=WHY, **typed)
    assert page.links.count("#late_reason") == 1
    assert states(either, family) == ["awaiting decision"] * 3
    either.send(page, path(family), late_reason="staff-away")
    assert states(either, family) == ["decided"] * 3
    with either.door.database.read() as session:
        said = rows.everything(session, WhyLate)
    assert {one.referral_id for one in said} == {one.id for one in either.door.referrals(family)}


def test_thresholds_checks_and_earlier_decisions_stand_beside(either):
    either.door.decide(*either.door.referrals(either.door.log(children=children("Tom"))))
    contact = either.door.log(children=children("Tom"))
    (tom,) = either.door.referrals(contact)
    either.door.screen(tom)
    page = either.sign_in(MANAGER).open(path(contact))
    for words in ("Thresholds", "Universal services meet", "History : made", "No further action", "The concern"):
        assert words in page.words


def test_after_screening_whoever_may_decide_goes_on_to_it_and_others_to_the_contact(either):
    for who, leads_to in ((MANAGER, "/decide"), (OFFICER, "")):
        contact = either.door.log(children=children("Tom"))
        typed = {
            f"all.{kind}.{name}": value
            for kind in ("history", "siblings", "already-open")
            for name, value in (("made", "yes"), ("words", "Nothing."))
        }
        either.sign_in(who).fill(path(contact, "screen"), **typed)
        assert either.path == f"/contacts/{contact.ref}{leads_to}"


def test_a_decided_family_has_nothing_left(either, family):
    typed = {name: value for one in either.door.referrals(family) for name, value in advised(one).items()}
    decide(either, family, reasons=WHY, **typed)
    assert "No child of this contact waits for a decision" in either.open(path(family)).words


def test_whoever_may_not_decide_is_refused(either, family):
    either.sign_in(OFFICER).open(path(family))
    assert either.status == 403
    assert path(family) not in either.open(path(family, "screen")).links


TALK = {"discussed_at": "26 3 2009", "discussed_at_time": "09:30", "discussed_by": "Tara", "agreed": "Visit tomorrow."}


def accepted(desk, *names):
    contact = desk.door.log(children=children(*names))
    for one in desk.door.referrals(contact):
        desk.door.decide(one, outcome="assessment", primary_need="N1")
    return contact


def allocate(desk, contact, **typed):
    return desk.sign_in(TEAM_MANAGER).fill(path(contact, "allocate"), **TALK | typed)


def test_one_worker_and_one_discussion_stand_for_all(either):
    contact, sam = accepted(either, "Tom", "Ida"), either.door.add_worker()
    allocate(either, contact, worker_id=str(sam.id))
    assert [one.worker_id for one in either.door.referrals(contact)] == [sam.id] * 2


def test_a_child_goes_to_another_worker_or_waits(either):
    contact = accepted(either, "Tom", "Ida", "Max")
    sam, kim = either.door.add_worker(), either.door.add_worker("Kim Ray")
    _, ida, max_ = either.door.referrals(contact)
    allocate(either, contact, worker_id=str(sam.id), **of(ida, worker_id=str(kim.id)), **of(max_, worker_id="later"))
    assert [one.worker_id for one in either.door.referrals(contact)] == [sam.id, kim.id, None]


def test_the_children_before_count_in_the_caseload_and_one_over_the_limit_holds_back_all(either):
    sam = either.door.add_worker(full_time_equivalent=0.1)
    contact = accepted(either, "Tom", "Ida", "Max")
    _, ida, max_ = either.door.referrals(contact)
    page = allocate(either, contact, worker_id=str(sam.id))
    assert states(either, contact) == ["awaiting allocation"] * 3
    assert "Tom Ashdown: Sam Okoro" not in page.words
    assert "Ida Ashdown: Sam Okoro would hold 2 open children; the limit is 1" in page.words
    assert page.form().values["agreed"] == "Visit tomorrow."
    known = "Sam knows the family."
    either.send(page, path(contact, "allocate"), **of(ida, override_reason=known), **of(max_, override_reason=known))
    assert [one.worker_id for one in either.door.referrals(contact)] == [sam.id] * 3


def test_without_a_discussion_nobody_is_allocated_and_it_is_asked_once(either):
    contact, sam = accepted(either, "Tom", "Ida"), either.door.add_worker()
    page = allocate(either, contact, worker_id=str(sam.id), agreed="", discussed_at="", discussed_at_time="")
    assert page.links.count("#agreed") == 1
    assert states(either, contact) == ["awaiting allocation"] * 2


def test_without_a_worker_it_is_said_that_nobody_is_chosen(either):
    page = allocate(either, accepted(either, "Tom"))
    assert "#worker_id" in page.links
