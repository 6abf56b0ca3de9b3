"""Information added on pages: files go up with bounds and come down only as downloads; what is new is marked."""

from __future__ import annotations

import pytest

from pathway.engine.information import file_kinds
from rules.vocabulary import Role
from support import added
from support.front_door import MANAGER, OFFICER, person_in


@pytest.fixture
def contact(either):
    return either.door.log("Mia")


def send(desk, contact, *files, actor=OFFICER, **typed):
    """Sends the form with files, as a browser does."""
    path = f"/contacts/{contact.ref}/information"
    values = desk.sign_in(actor).open(path).form().values
    fields = {**values, "text": "The aunt has her.", **typed}
    return desk._answered(desk.client.post(path, data=fields, files=[("files", file) for file in files]))


def test_information_stands_on_the_contact_and_each_child_with_its_files(either, contact):
    page = send(either, contact, ("scan.pdf", added.PDF, "text/html"))
    assert "Added to the record of every child" in page.words
    assert "The aunt has her. scan.pdf PDF, 1 KB" in page.words
    (mia,) = either.door.referrals(contact)
    assert "by telephone, from the referrer" in either.open(f"/referrals/{mia.ref}").words
    assert "Information added, by telephone" in either.open(f"/children/{mia.person_id}/chronology").words


def test_a_file_is_only_downloaded_whatever_it_says_of_itself(either, contact):
    send(either, contact, ("<svg>ü.svg", added.PDF, "image/svg+xml"))
    (file,) = added.entries(either.door, contact)[0].files
    either.open(f"/contacts/{contact.ref}/files/{file.id}")
    assert either.headers["content-type"] == "application/octet-stream"
    assert either.headers["content-disposition"].startswith('attachment; filename="svg_.pdf"; filename*=UTF-8')
    assert either.headers["x-content-type-options"] == "nosniff"
    assert either.client.get(f"/contacts/{contact.ref}/files/{file.id}").content == added.PDF
    other = either.door.log("Leo")
    either.open(f"/contacts/{other.ref}/files/{file.id}")
    assert either.status == 404


def test_what_is_wrong_names_the_file_and_what_was_typed_stays(either, contact):
    page = send(either, contact, ("run.exe", b"MZ\x90", "application/pdf"), ("ok.pdf", added.PDF, ""), channel="letter")
    assert either.status == 422
    assert "Files: Run.exe is of no kind that is kept" in page.words or "run.exe is of no kind" in page.words.lower()
    assert "Choose the files again" in page.words or "without macros" in page.words
    assert (page.form().values["text"], page.form().values["channel"]) == ("The aunt has her.", "letter")


def test_a_file_that_is_too_large_is_let_fall_and_named(either, contact):
    large = added.PDF + bytes(file_kinds.LARGEST + 5_000_000)
    page = send(either, contact, ("big.pdf", large, ""), ("ok.pdf", added.PDF, ""))
    assert either.status == 422
    assert "big.pdf is larger than 10 mb" in page.words.lower()
    assert "ok.pdf" not in page.words
    assert page.form().values["text"] == "The aunt has her."


def test_a_form_without_files_and_one_that_is_broken(either, contact):
    path = f"/contacts/{contact.ref}/information"
    either.sign_in(OFFICER).fill(path, text="By word alone.")
    assert "By word alone." in either.html
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert either.client.post(path, content=b"--y\r\nno form", headers=broken).status_code in {400, 422}


def test_a_second_click_adds_once(either, contact):
    path = f"/contacts/{contact.ref}/information"
    page = either.sign_in(OFFICER).open(path)
    for _ in range(2):
        either.send(page, path, text="Once.")
    assert len(added.entries(either.door, contact)) == 1


def test_what_is_new_since_the_last_look_is_marked_for_whoever_looks(either, contact):
    path = f"/contacts/{contact.ref}"
    either.sign_in(MANAGER).open(path)
    either.door.move_to("2009-03-26 11:00")
    added.add(either.door, contact)
    either.door.move_to("2009-03-26 12:00")
    assert "New since your last look" in either.sign_in(MANAGER).open(path).words
    assert "New since your last look" not in either.open(path).words
    assert "New since your last look" not in either.sign_in(OFFICER).open(path).words


def test_after_a_decision_the_page_asks_whether_it_stands(either, contact):
    (mia,) = either.door.referrals(contact)
    either.door.decide(mia)
    assert (
        "whoever decides is asked whether it stands"
        in either.sign_in(OFFICER).open(f"/contacts/{contact.ref}/information").words
    )
    added.add(either.door, contact)
    assert f"/referrals/{mia.ref}/stands" in either.sign_in(MANAGER).open("/decision-questions").links
    path = f"/referrals/{mia.ref}/stands"
    page = either.open(path)
    assert "Nothing is chosen" in either.send(page, path, reason="It was known.").words
    assert "Kept: the decision stands" in either.send(page, path, stands="yes", reason="It was known.").words
    assert "No decision waits for an answer." in either.open("/decision-questions").words


def test_a_protected_referrer_is_not_told_by_files_or_emails(either):
    contact = either.door.log("Mia", identity_protected=True)
    added.add(either.door, contact, ("ada.eml", added.EMAIL))
    (file,) = added.entries(either.door, contact)[0].files
    page = either.sign_in(OFFICER).open(f"/contacts/{contact.ref}")
    assert "ada.eml" not in page.words
    either.open(f"/contacts/{contact.ref}/files/{file.id}")
    assert either.status == 403
    assert "ada.eml" in either.sign_in(MANAGER).open(f"/contacts/{contact.ref}").words


def test_an_email_is_taken_to_the_record_from_the_list_of_what_came_back(either, contact):
    bounce = added.received(either.door)
    path = f"/bounces/{bounce.id}"
    page = either.sign_in(OFFICER).open(path)
    assert "Her surname is Okafor, and she lives with her aunt." in page.words
    assert f'value="{contact.ref}"' in either.html
    either.post(f"{path}/information", request_id="1", contact_ref="PW-0")
    assert "There is no contact PW-0" in either.html
    page = either.post(f"{path}/information", request_id="2", contact_ref=contact.ref)
    assert "The e-mail stands with the contact now" in page.words
    assert "Her surname is Okafor" in either.open(f"/contacts/{contact.ref}").words


def test_somebody_without_the_right_adds_nothing(either, contact):
    either.sign_in(person_in(Role.AUDITOR)).open(f"/contacts/{contact.ref}/information")
    assert either.status == 403


def test_an_email_that_somebody_may_not_read_they_take_to_no_record(either, contact):
    either.door.log("Leo", identity_protected=True)
    bounce = added.received(either.door)
    page = either.sign_in(OFFICER).open(f"/bounces/{bounce.id}")
    assert "Okafor" not in page.words
    either.post(f"/bounces/{bounce.id}/information", request_id="1", contact_ref=contact.ref)
    assert (either.status, added.entries(either.door, contact)) == (403, [])
