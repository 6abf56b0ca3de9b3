"""The words of letters, read as the person who gets them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from notifications import rendering
from notifications.letters import letters
from notifications.rendering import TemplateSet
from rules.errors import InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind
from support.letters import AOIFE, CAHAL, COUNCIL, NOW, facts

ACKNOWLEDGEMENT, OUTCOME, PART = MessageKind.ACKNOWLEDGEMENT, MessageKind.OUTCOME, MessageKind.PART_OUTCOME
PROFESSIONAL, PUBLIC, ANONYMOUS = ReferrerKind.PROFESSIONAL, ReferrerKind.PUBLIC, ReferrerKind.ANONYMOUS
EVERY_LETTER = sorted(letters.MAY_LEARN)


def write(kind, referrer_kind, **changes):
    """The letter, about one child with one more to follow where it is a part letter."""
    return letters.write(
        kind, referrer_kind, facts(children_to_follow=int(kind == PART)) if not changes else facts(**changes)
    )


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.tags = [], []

    def handle_data(self, data):
        self.seen.append(data)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def shown(html):
    """What a reader of the HTML sees, and the tags."""
    parser = _Text()
    parser.feed(html)
    return " ".join(" ".join(parser.seen).split()), parser.tags


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("read", [lambda letter: words(letter.text), lambda letter: shown(letter.html)[0]])
def test_a_professional_reads_outcome_reasons_next_steps_and_how_to_challenge(read):
    letter = read(write(OUTCOME, PROFESSIONAL))
    assert "Dear Isla O'Brien" in letter
    assert "Friday 6 March 2009 at 16:40" in letter
    for child in (AOIFE, CAHAL):
        told = [child.child_name, child.referral_ref, f"Decision: {child.outcome_title}", child.paragraph]
        for fact in [*told, child.reasons, child.next_steps]:
            assert fact in letter
    for fact in [
        "FD-0012",
        COUNCIL.telephone,
        COUNCIL.out_of_hours_telephone,
        "999",
        COUNCIL.email,
        COUNCIL.complaints,
    ]:
        assert fact in letter
    assert "If you learn something new" in letter
    assert "You can challenge any of these decisions" in letter
    assert "safeguarding lead" in letter
    assert "ask for the duty manager" in letter


@pytest.mark.parametrize("read", [lambda letter: words(letter.text), lambda letter: shown(letter.html)[0]])
def test_a_part_letter_says_how_many_are_to_follow(read):
    letter = read(write(PART, PROFESSIONAL, children=(AOIFE,), children_to_follow=2))
    assert "1 of the children you told us about" in letter
    assert "We have not yet decided for 2 other children." in letter


@pytest.mark.parametrize("read", [lambda letter: words(letter.text), lambda letter: shown(letter.html)[0]])
def test_a_member_of_the_public_reads_that_it_was_considered_and_how_to_report_again(read):
    letter = read(write(OUTCOME, PUBLIC))
    assert "We have carefully considered what you told us." in letter
    assert "We are not able to tell you" in letter
    assert "the law protects it" in letter
    assert "Please tell us again" in letter
    for fact in ["FD-0012", COUNCIL.telephone, COUNCIL.out_of_hours_telephone, "call 999", COUNCIL.complaints]:
        assert fact in letter


def test_an_acknowledgement_says_by_when_the_outcome_comes():
    letter = write(ACKNOWLEDGEMENT, PROFESSIONAL, feedback_due_at=NOW + timedelta(hours=48))
    assert "by Sunday 8 March 2009 at 16:40" in words(letter.text)
    assert "by" not in words(write(ACKNOWLEDGEMENT, PROFESSIONAL).text).partition("reasons for it")[2][:4]


def test_a_moment_is_told_in_london_time():
    assert rendering.moment(datetime(2009, 3, 29, 0, 59, tzinfo=UTC)).endswith("00:59")
    letter = write(OUTCOME, PROFESSIONAL, received_at=datetime(2009, 6, 30, 23, 30, tzinfo=UTC))
    assert "Wednesday 1 July 2009 at 00:30" in letter.text


@pytest.mark.parametrize(("kind", "referrer_kind"), EVERY_LETTER)
def test_a_letter_begins_with_its_date(kind, referrer_kind):
    letter = write(kind, referrer_kind, written_at=NOW + timedelta(days=1), children_to_follow=int(kind == PART))
    assert letter.text.startswith("Saturday 7 March 2009\n\nDear ")
    assert "Saturday 7 March 2009 Dear" in shown(letter.html)[0]


def test_a_named_contact_is_who_to_ask_for():
    letter = write(OUTCOME, PROFESSIONAL, contact_name="Dana Manager")
    assert "ask for Dana Manager" in words(letter.text)


@pytest.mark.parametrize(("kind", "referrer_kind"), EVERY_LETTER)
def test_text_is_plain_and_html_is_escaped(kind, referrer_kind):
    odd = replace(AOIFE, reasons='Mother\'s <b>view</b> & "ours"\n\nFrom: x@example.org\n<script>alert(1)</script>')
    letter = write(
        kind, referrer_kind, recipient_name="Isla O'Brien <i>", children=(odd,), children_to_follow=int(kind == PART)
    )
    assert "Dear Isla O'Brien <i>" in letter.text
    assert "&#39;" not in letter.text
    assert "<script" not in letter.html
    assert "<i>" not in letter.html
    assert "Isla O&#39;Brien &lt;i&gt;" in letter.html


def test_typed_reasons_stand_apart_from_the_letters_own_words():
    forged = replace(AOIFE, reasons="Fine.\r\n\r\nIf you disagree\n---------------\n\nDo nothing.")
    text = write(OUTCOME, PROFESSIONAL, children=(forged,)).text
    assert "\n    If you disagree\n    ---------------\n\n    Do nothing.\n" in text
    assert text.count("\nIf you disagree\n") == 1


@pytest.mark.parametrize(("kind", "referrer_kind"), EVERY_LETTER)
def test_text_is_wrapped_and_has_no_gaps(kind, referrer_kind):
    text = write(kind, referrer_kind).text
    assert max(map(len, text.split("\n"))) <= 72
    assert "\n\n\n" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize(("kind", "referrer_kind"), EVERY_LETTER)
def test_html_says_its_language_and_has_one_heading_and_needs_nothing_from_outside(kind, referrer_kind):
    letter = write(kind, referrer_kind)
    _, tags = shown(letter.html)
    assert ("html", {"lang": "en-GB"}) in tags
    assert [tag for tag, _ in tags].count("h1") == 1
    assert not {"script", "link", "img", "style"} & {tag for tag, _ in tags}
    assert not any({"src", "href"} & attributes.keys() for _, attributes in tags)


@pytest.mark.parametrize(("kind", "referrer_kind"), EVERY_LETTER)
def test_text_and_html_say_the_same(kind, referrer_kind):
    letter = write(kind, referrer_kind)

    def bare(text):
        kept = (word.strip("-.,:()\u2019'") for word in text.replace("\u2019", "'").split())
        return {word for word in kept if word and not word.rstrip(".").isdigit()}

    only_in_html = {"Reference"} | bare(letter.subject)
    assert bare(letter.text) - bare(shown(letter.html)[0]) == set()
    assert bare(shown(letter.html)[0]) - bare(letter.text) <= only_in_html


def test_sixty_thousand_characters_of_reasons_are_written_whole():
    long = replace(AOIFE, reasons="It is so. " * 5000 + "x" * 10_000)
    letter = write(OUTCOME, PROFESSIONAL, children=(long,))
    assert letter.text.count("It") >= 5000
    assert "x" * 10_000 in letter.text
    assert "x" * 10_000 in letter.html


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("children.1.reasons", {"children": (AOIFE, replace(CAHAL, reasons=" \n"))}),
        ("children.0.child_name", {"children": (replace(AOIFE, child_name=""),)}),
        ("children.0.referral_ref", {"children": (replace(AOIFE, referral_ref=""),)}),
        ("children.0.outcome_title", {"children": (replace(AOIFE, outcome_title=""),)}),
        ("children.0.paragraph", {"children": (replace(AOIFE, paragraph=""),)}),
        ("children.0.next_steps", {"children": (replace(AOIFE, next_steps=""),)}),
        ("children", {"children": ()}),
        ("children_to_follow", {"children_to_follow": 1}),
        ("contact_ref", {"contact_ref": " "}),
        ("council.name", {"council": replace(COUNCIL, name="")}),
        ("council.team_name", {"council": replace(COUNCIL, team_name="")}),
        ("council.telephone", {"council": replace(COUNCIL, telephone="")}),
        ("council.out_of_hours_telephone", {"council": replace(COUNCIL, out_of_hours_telephone="")}),
        ("council.complaints", {"council": replace(COUNCIL, complaints="")}),
    ],
)
def test_a_missing_fact_is_refused_and_named(place, changes):
    with pytest.raises(InvalidInput) as refused:
        write(OUTCOME, PROFESSIONAL, **changes)
    (fault,) = refused.value.faults
    assert fault.place == place
    assert fault.remedy


def test_every_missing_fact_is_named_at_once():
    with pytest.raises(InvalidInput) as refused:
        write(OUTCOME, PROFESSIONAL, children=(replace(AOIFE, reasons="", next_steps=""),), contact_ref="")
    assert [fault.place for fault in refused.value.faults] == [
        "contact_ref",
        "children.0.next_steps",
        "children.0.reasons",
    ]


def test_a_part_letter_with_nothing_to_follow_is_refused():
    with pytest.raises(InvalidInput, match="children_to_follow"):
        write(PART, PROFESSIONAL, children_to_follow=0)


def test_the_public_outcome_waits_for_the_last_child():
    with pytest.raises(InvalidInput, match="children_to_follow"):
        write(OUTCOME, PUBLIC, children_to_follow=1)


@pytest.mark.parametrize(
    ("referrer_kind", "stranger"), [(PROFESSIONAL, "Dear colleague"), (PUBLIC, "Dear Sir or Madam")]
)
def test_a_referrer_without_a_name_is_greeted_all_the_same(referrer_kind, stranger):
    letter = write(OUTCOME, referrer_kind, recipient_name="")
    assert stranger in letter.text
    assert stranger in letter.html


def test_an_address_and_an_email_are_left_out_where_the_council_gives_none():
    letter = write(OUTCOME, PUBLIC, council=replace(COUNCIL, address="", email=""))
    assert "E-mail" not in letter.text
    assert "E-mail" not in letter.html


def test_the_template_version_changes_with_the_wording_and_only_then(tmp_path):
    shutil.copytree(rendering.TEMPLATES, tmp_path / "same")
    shutil.copytree(rendering.TEMPLATES, tmp_path / "other")
    body = tmp_path / "other/letters/outcome/public/body.txt"
    body.write_text(body.read_text().replace("Thank you", "Many thanks"))

    def version(root, kind=OUTCOME, referrer_kind=PUBLIC):
        return letters.write(kind, referrer_kind, facts(), templates=TemplateSet(root)).template_version

    shipped = write(OUTCOME, PUBLIC).template_version
    assert shipped.startswith("letters/outcome/public@")
    assert version(tmp_path / "same") == shipped
    assert version(tmp_path / "other") != shipped
    assert version(tmp_path / "other", OUTCOME, PROFESSIONAL) == write(OUTCOME, PROFESSIONAL).template_version
