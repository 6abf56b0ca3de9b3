"""Information is added at any time, with files; it answers what was asked, and asks whether a decision stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathway.engine import inputs
from pathway.engine.information import file_kinds, standing_decisions
from pathway.engine.post import information_by_email
from pathway.engine.referrers import asking_for_information
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.file_words import FileKind
from rules.vocabulary import EventKind, Role
from storage.queries import information_rows
from storage.tables import AttachedFile, id_of
from support import added, rows
from support.front_door import MANAGER, OFFICER, FrontDoor, person_in


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    return open_door("2009-03-10 09:00")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (added.PDF, FileKind.PDF),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00", FileKind.PNG),
        (b"GIF89a\x00", FileKind.GIF),
        (b"II*\x00\x08", FileKind.TIFF),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", FileKind.WEBP),
        (added.WORD, FileKind.WORD),
        (added.OLE + "WordDocument".encode("utf-16-le"), FileKind.OLD_WORD),
        (added.OLE + "__properties_version1.0".encode("utf-16-le"), FileKind.OUTLOOK),
        (added.EMAIL, FileKind.EMAIL),
        (b"MZ\x90\x00", None),
        (b"<html><script>", None),
        (b"<?xml version='1.0'?><svg/>", None),
        (b"PK\x03\x04broken", None),
        (added.zipped("xl/workbook.xml"), None),
        (added.zipped("word/document.xml", "word/vbaProject.bin"), None),
        (added.OLE + "WordDocument_VBA_PROJECT".encode("utf-16-le"), None),
        (added.OLE, None),
        (b"Dear Sir: hello\nFrom: nobody", None),
        (b"\x00From: a\r\nDate: b\r\n", None),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(content, kind):
    assert file_kinds.kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("report.docx", "report.pdf"),
        ("..\\..\\windows\\evil.exe", "evil.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
    ],
)
def test_the_name_of_a_file_misleads_nobody(name, kept):
    assert file_kinds.kept_name(name, FileKind.PDF) == kept


def test_it_is_kept_with_its_files_and_stands_in_the_history_of_each_child(door):
    contact = door.log("Mia", "Leo")
    added.add(
        door, contact, ("scan.pdf", added.PDF), ("note.docx", added.WORD), from_referrer=False, from_whom="The aunt"
    )
    (entry,) = added.entries(door, contact)
    assert (entry.information.from_whom, entry.information.recorded_by) == ("The aunt", OFFICER.username)
    assert [(file.name, file.kind, file.size) for file in entry.files] == [
        ("scan.pdf", "PDF", len(added.PDF)),
        ("note.docx", "Word document", len(added.WORD)),
    ]
    for referral in door.referrals(contact):
        event = next(one for one in door.events(referral) if one.kind == EventKind.INFORMATION_ADDED)
        assert "aunt" not in event.summary
    with door.database.read() as session:
        assert rows.everything(session, AttachedFile)[0].content == added.PDF


def test_what_can_not_be_kept_is_named_with_a_remedy_and_nothing_is_kept(door):
    contact = door.log("Mia")
    large = added.PDF + bytes(file_kinds.LARGEST)
    with pytest.raises(InvalidInput) as error:
        added.add(door, contact, ("big.pdf", large), ("run.exe", b"MZ"), ("none.pdf", b""), ("good.pdf", added.PDF))
    assert [fault.problem.split()[0] for fault in error.value.faults] == ["big.pdf", "run.exe", "none.pdf"]
    assert all(fault.remedy for fault in error.value.faults)
    with pytest.raises(InvalidInput, match="more than 5"):
        added.add(door, contact, *[("a.pdf", added.PDF)] * 6)
    for wrong in ({"text": " "}, {"from_referrer": False}, {"given_at": "2009-03-11T09:00:00Z"}):
        with pytest.raises(InvalidInput):
            added.add(door, contact, **wrong)
    assert added.entries(door, contact) == []


def test_it_answers_what_the_referrer_was_asked_for(door):
    contact = door.log("Mia")
    with door.acting(OFFICER) as act:
        data = inputs.parse(asking_for_information.AskingInput, {"things": "The surname"})
        asking_for_information.ask(act, id_of(contact), data)

    def is_open():
        with door.database.read() as session:
            return information_rows.asked_of_referrer(session, id_of(contact)) is not None

    added.add(door, contact)
    assert is_open()
    added.add(door, contact, answers=True)
    assert not is_open()


def test_after_a_decision_it_asks_once_whether_that_stands(door):
    contact = door.log("Mia", "Leo")
    mia, _ = door.referrals(contact)
    door.decide(mia)
    added.add(door, contact)
    (question,) = added.questions(door)
    assert question.referral_id == mia.id
    data = inputs.parse(standing_decisions.StandsInput, {"stands": False, "reason": "The aunt was not known."})
    with pytest.raises(NotAllowed), door.acting(OFFICER) as act:
        standing_decisions.answer(act, id_of(question), data)
    with door.acting(MANAGER) as act:
        standing_decisions.answer(act, id_of(question), data)
    assert door.events(mia)[-1].kind == EventKind.DECISION_DOUBTED
    with pytest.raises(Refused, match="already"), door.acting(MANAGER) as act:
        standing_decisions.answer(act, id_of(question), data)


def test_an_auditor_adds_nothing(door):
    contact = door.log("Mia")
    with pytest.raises(NotAllowed):
        added.add(door, contact, by=person_in(Role.AUDITOR))


def test_an_email_of_a_referrer_counts_when_a_person_says_so(door):
    contact = door.log("Mia")
    bounce = added.received(door)
    assert added.entries(door, contact) == []
    with door.database.read() as session:
        kept = information_rows.email(session, id_of(bounce))
    assert (kept.contact_id, kept.content) == (contact.id, added.EMAIL)
    data = inputs.parse(information_by_email.EmailInput, {"contact_ref": contact.ref.lower()})
    with door.acting(OFFICER) as act:
        information_by_email.take(act, id_of(bounce), data)
    (entry,) = added.entries(door, contact)
    assert entry.information.text == "Her surname is Okafor, and she lives with her aunt."
    assert (entry.information.channel, [file.kind for file in entry.files]) == ("e-mail", ["e-mail"])
    with pytest.raises(Refused, match="settled already"), door.acting(OFFICER) as act:
        information_by_email.take(act, id_of(bounce), data)
    assert door.alert("bounces") is None
