"""My notices: quiet hours and digest chosen by oneself, and what waits until then."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support import notices
from support.desk import Desk
from support.front_door import MANAGER, OFFICER, person_in

NIGHT = {"quiet_from": "22:00", "quiet_to": "7", "digest_at": "8.30"}


def test_what_was_chosen_is_kept_and_shown_again(either: Desk) -> None:
    either.sign_in(MANAGER)
    assert either.client.post("/my-notices", data=NIGHT, follow_redirects=False).status_code == 303
    page = either.client.get("/my-notices").text
    assert all(f'value="{time}"' in page for time in ("22:00", "07:00", "08:30"))


def test_nothing_waits_is_said(browser: Desk) -> None:
    browser.sign_in(OFFICER)
    assert "Nothing waits for you." in browser.client.get("/my-notices").text


def test_what_waits_stands_on_the_page_without_a_name(browser: Desk) -> None:
    notices.choose(browser.door, Role.DUTY_MANAGER, quiet_from="08:00", quiet_to="12:00")
    (mia,) = browser.door.referrals(browser.door.log("Mia", received="2009-03-25 09:00"))
    browser.door.sweep()
    browser.sign_in(MANAGER)
    page = browser.client.get("/my-notices").text
    assert f"referral {mia.ref}" in page
    assert "when your quiet hours end" in page
    assert "Harlow" not in page


def test_only_managers_are_offered_a_digest(browser: Desk) -> None:
    for actor, offered in ((MANAGER, True), (OFFICER, False), (person_in(Role.AUDITOR), False)):
        browser.sign_in(actor)
        assert ('id="digest_at"' in browser.client.get("/my-notices").text) is offered


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"quiet_from": "late", "quiet_to": "07:00"}, "is not a time of day"),
        ({"quiet_from": "22:00", "quiet_to": ""}, "One end is missing"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "Quiet hours end when they begin"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser: Desk, typed: dict[str, str], said: str) -> None:
    browser.sign_in(MANAGER)
    answer = browser.client.post("/my-notices", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed["quiet_from"]}"' in answer.text
