"""The one Jinja2 environment: escaping on, undefined names refused, the design system's macros at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from pathway.engine import code_lists
from pathway.web import forms, page_words, times
from pathway.web.forms import Form
from pathway.web.kept import list_back
from pathway.web.kept.list_back import Back
from pathway.web.views import household_view, letter_story_view, letter_words_view
from rules.likeness import identifiers
from rules.timing import spoken
from rules.vocabulary import Action, EventKind, Role

if TYPE_CHECKING:
    from pathway.web.visit import Visit

STATIC = resources.files("pathway.web").joinpath("static")
VENDOR_STYLES = "vendor/govuk-frontend.min.css"
LONG_TEXT = 1200

NOTICES = {
    "notices-changed": "Your notices come as you chose",
    "logged": "Contact logged",
    "logged-in-gap": "Contact logged. The time received did not exist, because the clocks went forward; "
    "the first moment after it is recorded instead",
    "logged-in-fold": "Contact logged. The time received happened twice, because the clocks went back; "
    "the first of the two is recorded",
    "unfinished-discarded": "Discarded; the reason stands in the history",
    "checked-in": "You have taken this contact over: it is yours to screen",
    "screened": "Screening recorded",
    "rated": "Rating recorded",
    "danger-marked": "Marked as immediate danger: the duty manager has been alerted",
    "danger-withdrawn": "The mark of immediate danger is withdrawn",
    "detail-corrected": "Corrected: what stood there before stays on record with your reason",
    "information-added": "Added to the record of every child of this contact",
    "decision-stands": "Kept: the decision stands",
    "decision-doubted": "Kept: the decision does not stand. It is to be made anew",
    "email-taken": "The e-mail stands with the contact now",
    "correction-waits": "Nothing has changed yet: late would become in time, so a second person is asked",
    "correction-confirmed": "Confirmed: the correction holds, and what follows is done",
    "correction-refused": "Refused: it stays as it was, with your reason",
    "letter-corrected": "The corrected letter is written; the one that has left stays as it went",
    "letter-stays": "Recorded why no other letter is needed",
    "kind-changed": "The kind of contact is changed",
    "decided": "Decision recorded",
    "decided-together": "Decisions recorded",
    "allocated-together": "Children allocated",
    "weekly-figures": "The figures of each week come to you by e-mail",
    "no-weekly-figures": "The weekly figures come no more",
    "why-late": "Recorded why it was late",
    "allocated": "Child allocated",
    "allocated-several": "Children allocated, each by itself",
    "given-to-team": "Given to the team; the child is still unallocated",
    "transfer-proposed": "Transfer proposed; it waits for the other side",
    "transferred": "Transfer complete",
    "transfer-refused": "Transfer refused; the child stays where it was",
    "child-added": "A referral has been opened for this child; its clocks begin now",
    "receiver-accepted": "Recorded: the receiver has taken the child on",
    "receiver-refused": "Recorded: the receiver has refused, and the child waits for a decision again",
    "closed": "Referral closed",
    "reopened": "Referral reopened",
    "set-aside": "Set aside: it counts in no figure, and stays on record",
    "restored": "Restored: it waits for a decision again",
    "corrected": "The new decision is recorded; the referrer is written to as it says",
    "undone": "The decision is undone: the child waits for a decision again",
    "looked-again": "Second look recorded",
    "milestone": "Milestone recorded",
    "acknowledged": "Alert acknowledged",
    "on-it": "You are on it, for half an hour at most; all can read it, and nobody is kept from anything",
    "given-back": "Given back: nobody is on it now",
    "not-on-it": "You were not on it any more; nothing has changed",
    "taken-on": "You have it, for ten minutes at most. Say what was done: without a note the next person is told then",
    "match-settled": "Match settled",
    "persons-merged": "The two records are one child now",
    "merge-undone": "The merge is undone",
    "adult-added": "Adult added",
    "child-split": "Another child: the referral has a record of its own",
    "child-rejoined": "The two are one child again",
    "query-settled": "Query settled",
    "handed-over": "Recorded: the letter has left the building",
    "batch-posted": "Recorded: the letters of the batch have left the building",
    "came-back": "Recorded: the letter came back, and the duty is owed again",
    "told-by-telephone": "Recorded: told by telephone. The letter is still owed in writing",
    "link-revoked": "The link is withdrawn: it opens nothing any more",
    "link-renewed": "A new link is on its way; links sent before open nothing any more",
    "excused": "Recorded why the letter can’t be sent: it is owed no more",
    "asked": "The letter that asks the referrer is written",
    "parents-written": "The letter to the parent or carer is written",
    "address-found": "The address is kept",
    "message-retried": "The message will be sent now",
    "message-cancelled": "The message is cancelled",
    "letter-message-cancelled": "The e-mail is cancelled; the letter is still owed",
    "bounce-returned": "Recorded: the letter came back, and the duty is owed again",
    "bounce-dismissed": "Dismissed: nothing follows from it",
    "unsafe-marked": "Marked as unsafe to contact: nothing more is written to the referrer",
    "unsafe-lifted": "The mark is lifted: what the referrer has not been told is owed again",
    "identity-protected": "The referrer’s identity is protected",
    "identity-shared": "The referrer’s identity may be shared again",
    "person-added": "Added; they can sign in now",
    "person-changed": "Saved",
    "person-left": "The sign-in has ended. What was given to nobody is on the allocation list; alerts went to the "
    "rest of the role",
    "team-added": "Added; children can be given to it now",
    "team-changed": "Saved",
    "worker-added": "Added; children can be allocated now",
    "worker-changed": "Saved",
    "worker-left": "Let go. Children who were given to nobody are on the allocation list",
    "glass-broken": "The glass is broken: the record is open to you until the time on its page",
    "glass-reviewed": "Your review is kept",
    "restriction-made": "The record is restricted",
    "restriction-named": "The record opens to this person too",
    "restriction-lifted": "The restriction is lifted",
    "clock-accepted": "The clock counts as right: what waited is being done",
    "acknowledged-several": "Alerts acknowledged, each of them with your note",
    "view-saved": "The view is saved",
    "view-changed": "The view is changed",
    "view-deleted": "The view is deleted",
    "signed-out": "You have signed out",
}

MACROS = {
    "govukGenericHeader": "generic-header",
    "govukErrorSummary": "error-summary",
    "govukPagination": "pagination",
    "govukSkipLink": "skip-link",
}


@cache
def environment() -> Environment:
    """The environment of our own templates, in which a misspelt name is an error and not a blank."""
    env = Environment(
        loader=PackageLoader("pathway.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        at=times.at,
        call_words=letter_words_view.call_words,
        happening_words=letter_story_view.said,
        addressee=letter_words_view.addressee,
        clock=times.clock,
        span=times.span,
        how_long=spoken.length_words,
        day_words=page_words.day_words,
        clip=page_words.clip,
        child_name=page_words.child_name,
        told_child=page_words.told_child,
        age=household_view.age,
        nhs=identifiers.show_nhs_number,
        place_words=page_words.place_words,
        open_queries=page_words.open_queries,
        form_words=page_words.form_words,
    )
    env.tests["closed"] = page_words.is_closed
    env.globals.update(
        Action=Action,
        EventKind=EventKind,
        Role=Role,
        NOTICES=NOTICES,
        new_token=forms.new_token,
        LONG_TEXT=LONG_TEXT,
        code_label=code_lists.label,
        source_words=page_words.source_words,
        is_closed=page_words.is_closed,
        error_list=error_list,
        address_faults=letter_words_view.address_faults,
        letter_standing=letter_words_view.standing,
        due_words=times.due,
        late_words=times.gap,
        rung_when=times.rung,
        back_to_list=back_to_list,
        static=static,
        has_vendor=has_vendor,
        **_macros(),
    )
    return env


def _macros() -> dict[str, Callable[..., Markup]]:
    # Their macros count on undefined names being blank, so they live in an environment of their own.
    theirs = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
    )
    folder = "govuk_frontend_jinja/components"
    return {
        name: getattr(theirs.get_template(f"{folder}/{component}/macro.html").module, name)
        for name, component in MACROS.items()
    }


def render(template: str, *, visit: Visit, **context: Any) -> tuple[str, Collection[int]]:
    """The page as HTML, and the numbers of the children whom it names."""
    with page_words.closed_to_reader(visit.closed) as named:
        return environment().get_template(template).render(visit=visit, **context), named


def back_to_list(visit: Visit, href: str, title: str) -> Back:
    """The list that was open before this record, as it was filtered; the one given where none was."""
    return list_back.of(visit.request, visit.actor.username, Back(href=href, title=title))


@cache
def static(name: str) -> str:
    """The address of a file of ours, with a mark of its content, so that browsers may keep it."""
    content = STATIC.joinpath(name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


@cache
def has_vendor() -> bool:
    """True when GOV.UK Frontend has been fetched; without it the pages use a plain stylesheet of their own."""
    return STATIC.joinpath(VENDOR_STYLES).is_file()


def error_list(form: Form) -> list[dict[str, str]]:
    """What is wrong with a form, as the error summary wants it."""
    return [{"text": text, "href": f"#{place}"} if place else {"text": text} for text, place in form.summary()]
