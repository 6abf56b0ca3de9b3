"""A contact that the old system marked as immediate danger."""

from __future__ import annotations

from rules.vocabulary import Role
from storage.queries.keyset import Wanted
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Contact
from support import danger
from support.front_door import london
from support.old_system import UNDECIDED, imported, line, written
from support.rows import everything


def marked(office, folder, *lines, **how):
    imported(office.database, written(folder, *(lines or (line(**UNDECIDED, immediate_danger="Y"),))), **how)
    with office.database.read() as session:
        return everything(session, Contact)[0]


def test_history_stays_quiet(office, tmp_path):
    contact = marked(office, tmp_path)
    assert danger.alert_of(office, contact) is None
    assert not office.rounds(office.referrals(contact)[0], "danger")


def test_where_the_work_goes_on_here_the_duty_manager_is_told_as_it_is_taken_in(office, tmp_path):
    contact = marked(office, tmp_path, live=True)
    assert len(danger.alerts_to(office, Role.DUTY_MANAGER)) == 1
    assert office.clock(office.referrals(contact)[0], "danger").due_at == london("2009-03-10 10:00")


def test_a_child_decided_there_is_in_no_danger_here(office, tmp_path):
    contact = marked(office, tmp_path, line(immediate_danger="Y"), live=True)
    assert danger.alert_of(office, contact) is None


def test_imported_history_heads_no_list_but_what_is_marked_here_does(office, tmp_path):
    contact = marked(office, tmp_path)
    office.log("Zoe")
    assert first_of_list(office) != contact.ref
    danger.mark(office, contact)
    assert first_of_list(office) == contact.ref


def first_of_list(office):
    with office.database.read() as session:
        lines = referral_list_rows.page(session, ReferralsWanted(), Wanted(size=10)).rows
    return lines[0].contact.ref
