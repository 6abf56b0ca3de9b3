"""The map of the pages. What is not listed here nobody may open; a test walks every line."""

from __future__ import annotations

from pathway.web.needs import Handler, Needs, Open, Route, Shows
from pathway.web.pages.admin import health, people, rulebook, settings, sign_in, timeliness
from pathway.web.pages.alerts import alerts, my_notices
from pathway.web.pages.casework import allocating, allocations, closing, milestones, my_children, team, transferring
from pathway.web.pages.children import access, chronology, matches, oddities, restricting
from pathway.web.pages.decisions import correcting, deciding, onward, reopening, second_looks, setting_aside
from pathway.web.pages.intake import adding, contacts, danger, kinds, rating, record, screening, screening_list, waiting
from pathway.web.pages.letters import (
    asking,
    letters,
    links,
    mailbox,
    notify,
    outbox,
    parents,
    print_queue,
    referrers,
    returned_mail,
)
from rules.vocabulary import Action

_READ = Action.READ_RECORD
_ALERTS = (Action.READ_RECORD, Action.ACKNOWLEDGE_ALERT)
_OUTBOX = (Action.RECORD_POSTED, Action.ADMINISTER)
_SAFETY = (Action.MARK_UNSAFE, Action.EXCUSE_LETTER)


def _get(path: str, handler: Handler, needs: Needs, title: str, *, shows: Shows = Shows.NOTHING) -> Route:
    return Route(method="GET", path=path, handler=handler, needs=needs, title=title, shows=shows)


def _post(path: str, handler: Handler, needs: Needs, title: str, *, shows: Shows = Shows.NOTHING) -> Route:
    return Route(method="POST", path=path, handler=handler, needs=needs, title=title, shows=shows)


ROUTES: tuple[Route, ...] = (
    _get("/health", health.show, Open.EVERYBODY, "health"),
    _get("/sign-in", sign_in.show, Open.EVERYBODY, "sign in"),
    _post("/sign-in", sign_in.sign_in, Open.EVERYBODY, "sign in"),
    _post("/sign-out", sign_in.sign_out, Open.EVERYBODY, "sign out"),
    _post("/notify/status", notify.status, Open.CALL_BACK, "status from GOV.UK Notify"),
    _get("/l/{token}", links.ask, Open.EVERYBODY, "link to a letter"),
    _post("/l/{token}", links.answer, Open.EVERYBODY, "letter by link"),
    _get("/", screening_list.home, Open.SIGNED_IN, "home"),
    _get("/rulebook", rulebook.show, Open.SIGNED_IN, "rulebook"),
    _get("/referrals", screening_list.show, _READ, "screening list", shows=Shows.LIST),
    _get("/waiting", waiting.show, _READ, "what waits", shows=Shows.LIST),
    _get("/contacts/new", contacts.new, Action.LOG_CONTACT, "log a contact"),
    _post("/contacts/new", contacts.log, Action.LOG_CONTACT, "log a contact"),
    _get("/contacts/{ref}", contacts.show, _READ, "contact", shows=Shows.CONTACT),
    _get("/danger-banner", danger.banner, Action.DECIDE, "banner of immediate danger"),
    _get("/contacts/{ref}/danger", danger.show, Action.MARK_DANGER, "danger form", shows=Shows.CONTACT),
    _post("/contacts/{ref}/danger", danger.mark, Action.MARK_DANGER, "mark danger", shows=Shows.CONTACT),
    _post("/contacts/{ref}/danger/withdraw", danger.withdraw, Action.DECIDE, "withdraw danger", shows=Shows.CONTACT),
    _get("/contacts/{ref}/kind", kinds.show, Action.SCREEN, "form of the kind of contact", shows=Shows.CONTACT),
    _post("/contacts/{ref}/kind", kinds.change, Action.SCREEN, "change the kind of contact", shows=Shows.CONTACT),
    _get("/contacts/{ref}/ask", asking.show, Action.SCREEN, "form to ask the referrer", shows=Shows.CONTACT),
    _post("/contacts/{ref}/ask", asking.ask, Action.SCREEN, "ask the referrer", shows=Shows.CONTACT),
    _get("/contacts/{ref}/address", referrers.address, Action.RECORD_POSTED, "address form", shows=Shows.CONTACT),
    _post("/contacts/{ref}/address", referrers.find_address, Action.RECORD_POSTED, "find address", shows=Shows.CONTACT),
    _get("/contacts/{ref}/unsafe", referrers.safety, _SAFETY, "form of unsafe to contact", shows=Shows.CONTACT),
    _post("/contacts/{ref}/unsafe", referrers.mark_unsafe, Action.MARK_UNSAFE, "mark unsafe", shows=Shows.CONTACT),
    _post(
        "/contacts/{ref}/unsafe/lift", referrers.lift_unsafe, Action.EXCUSE_LETTER, "lift unsafe", shows=Shows.CONTACT
    ),
    _get("/contacts/{ref}/identity", referrers.sharing, Action.PROTECT_IDENTITY, "identity form", shows=Shows.CONTACT),
    _post(
        "/contacts/{ref}/identity", referrers.protect, Action.PROTECT_IDENTITY, "protect identity", shows=Shows.CONTACT
    ),
    _post(
        "/contacts/{ref}/identity/share", referrers.share, Action.SEE_PROTECTED, "share identity", shows=Shows.CONTACT
    ),
    _get("/contacts/{ref}/add-child", adding.show, Action.SCREEN, "form of an added child", shows=Shows.CONTACT),
    _post("/contacts/{ref}/add-child", adding.add, Action.SCREEN, "add a child", shows=Shows.CONTACT),
    _get("/onward", onward.show, _READ, "children handed over", shows=Shows.LIST),
    _get("/referrals/{ref}/receiver", onward.ask, Action.RECORD_RECEIVER, "receiver's answer", shows=Shows.REFERRAL),
    _post(
        "/referrals/{ref}/receiver",
        onward.record,
        Action.RECORD_RECEIVER,
        "record receiver's answer",
        shows=Shows.REFERRAL,
    ),
    _get("/referrals/{ref}", record.show, _READ, "referral", shows=Shows.REFERRAL),
    _get("/referrals/{ref}/screen", screening.show, Action.SCREEN, "screening form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/screen", screening.record, Action.SCREEN, "screen", shows=Shows.REFERRAL),
    _get("/referrals/{ref}/rate", rating.show, Action.DECIDE, "rating form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/rate", rating.rate, Action.DECIDE, "rate", shows=Shows.REFERRAL),
    _get("/referrals/{ref}/decide", deciding.show, Action.DECIDE, "decision form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/decide", deciding.decide, Action.DECIDE, "decide", shows=Shows.REFERRAL),
    _get("/referrals/{ref}/parents", parents.show, Action.DECIDE, "letter to parents form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/parents", parents.write, Action.DECIDE, "write to parents", shows=Shows.REFERRAL),
    _get("/referrals/{ref}/allocate", allocating.show, Action.ALLOCATE, "allocation form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/allocate", allocating.allocate, Action.ALLOCATE, "allocate", shows=Shows.REFERRAL),
    _get("/allocations", allocations.show, _READ, "allocation list", shows=Shows.LIST),
    _get("/my-notices", my_notices.show, Open.SIGNED_IN, "my notices"),
    _post("/my-notices", my_notices.change, Open.SIGNED_IN, "change my notices"),
    _get("/my-children", my_children.show, Action.SEE_OWN_CHILDREN, "my children", shows=Shows.LIST),
    _get("/referrals/{ref}/team", team.show, Action.ALLOCATE, "team form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/team", team.give, Action.ALLOCATE, "give to team", shows=Shows.REFERRAL),
    _get("/referrals/{ref}/transfer", transferring.show, Action.TRANSFER, "transfer form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/transfer", transferring.propose, Action.TRANSFER, "transfer", shows=Shows.REFERRAL),
    _post(
        "/referrals/{ref}/transfer/accept",
        transferring.accept,
        Action.TRANSFER,
        "accept transfer",
        shows=Shows.REFERRAL,
    ),
    _post(
        "/referrals/{ref}/transfer/refuse",
        transferring.refuse,
        Action.TRANSFER,
        "refuse transfer",
        shows=Shows.REFERRAL,
    ),
    _get("/referrals/{ref}/close", closing.show, Action.CLOSE, "closing form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/close", closing.close, Action.CLOSE, "close", shows=Shows.REFERRAL),
    _get("/referrals/{ref}/reopen", reopening.show, Action.REOPEN, "reopening form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/reopen", reopening.reopen, Action.REOPEN, "reopen", shows=Shows.REFERRAL),
    _get(
        "/referrals/{ref}/milestone", milestones.show, Action.RECORD_MILESTONE, "milestone form", shows=Shows.REFERRAL
    ),
    _post(
        "/referrals/{ref}/milestone",
        milestones.record,
        Action.RECORD_MILESTONE,
        "record milestone",
        shows=Shows.REFERRAL,
    ),
    _get("/referrals/{ref}/correct", correcting.show, Action.CORRECT_DECISION, "correction form", shows=Shows.REFERRAL),
    _post(
        "/referrals/{ref}/correct",
        correcting.correct,
        Action.CORRECT_DECISION,
        "correct decision",
        shows=Shows.REFERRAL,
    ),
    _get("/second-looks", second_looks.show, Action.GIVE_SECOND_LOOK, "second looks", shows=Shows.LIST),
    _get(
        "/referrals/{ref}/second-look",
        second_looks.form,
        Action.GIVE_SECOND_LOOK,
        "second look form",
        shows=Shows.REFERRAL,
    ),
    _post(
        "/referrals/{ref}/second-look",
        second_looks.give,
        Action.GIVE_SECOND_LOOK,
        "give second look",
        shows=Shows.REFERRAL,
    ),
    _get("/referrals/{ref}/set-aside", setting_aside.show, Action.SET_ASIDE, "set-aside form", shows=Shows.REFERRAL),
    _post("/referrals/{ref}/set-aside", setting_aside.set_aside, Action.SET_ASIDE, "set aside", shows=Shows.REFERRAL),
    _get(
        "/referrals/{ref}/restore", setting_aside.show_restore, Action.SET_ASIDE, "restore form", shows=Shows.REFERRAL
    ),
    _post("/referrals/{ref}/restore", setting_aside.restore, Action.SET_ASIDE, "restore", shows=Shows.REFERRAL),
    _get(
        "/contacts/{ref}/set-aside",
        setting_aside.show_contact,
        Action.SET_ASIDE,
        "form to set a contact aside",
        shows=Shows.CONTACT,
    ),
    _post(
        "/contacts/{ref}/set-aside",
        setting_aside.set_aside_contact,
        Action.SET_ASIDE,
        "set contact aside",
        shows=Shows.CONTACT,
    ),
    _get("/children/{person_id:int}/chronology", chronology.show, _READ, "chronology", shows=Shows.PERSON),
    _get("/alerts", alerts.show, _ALERTS, "alerts", shows=Shows.LIST),
    _post(
        "/alerts/{alert_id:int}/acknowledge",
        alerts.acknowledge,
        Action.ACKNOWLEDGE_ALERT,
        "acknowledge alert",
        shows=Shows.LIST,
    ),
    _get("/letters", letters.show, _READ, "letters", shows=Shows.LIST),
    _get("/letters/{letter_id:int}", letters.one, _READ, "letter", shows=Shows.LETTER),
    _post(
        "/letters/{letter_id:int}",
        letters.hand_over,
        Action.RECORD_POSTED,
        "record letter as posted",
        shows=Shows.LETTER,
    ),
    _post(
        "/letters/{letter_id:int}/returned",
        letters.came_back,
        Action.RECORD_POSTED,
        "record letter as returned",
        shows=Shows.LETTER,
    ),
    _get("/letters/{letter_id:int}/print", letters.print_out, Action.RECORD_POSTED, "print letter", shows=Shows.LETTER),
    _get(
        "/letters/{letter_id:int}/excuse", letters.excuse_form, Action.EXCUSE_LETTER, "excuse form", shows=Shows.LETTER
    ),
    _post("/letters/{letter_id:int}/excuse", letters.excuse, Action.EXCUSE_LETTER, "excuse letter", shows=Shows.LETTER),
    _get("/print-queue", print_queue.show, Action.RECORD_POSTED, "print queue", shows=Shows.LIST),
    _post("/print-queue", print_queue.print_letters, Action.RECORD_POSTED, "print a batch", shows=Shows.LIST),
    _get("/print-queue/print", print_queue.sheets, Action.RECORD_POSTED, "print from the browser", shows=Shows.LIST),
    _get("/print-queue/{batch_id:int}/pdf", print_queue.pdf, Action.RECORD_POSTED, "batch as PDF", shows=Shows.LIST),
    _post(
        "/print-queue/{batch_id:int}/posted",
        print_queue.posted,
        Action.RECORD_POSTED,
        "record a batch as posted",
        shows=Shows.LIST,
    ),
    _get("/letters/{letter_id:int}/link", links.show, Action.RECORD_POSTED, "link of a letter", shows=Shows.LETTER),
    _post(
        "/letters/{letter_id:int}/link/revoke",
        links.revoke,
        Action.RECORD_POSTED,
        "withdraw link of a letter",
        shows=Shows.LETTER,
    ),
    _post(
        "/letters/{letter_id:int}/link/renew",
        links.renew,
        Action.RECORD_POSTED,
        "send new link to a letter",
        shows=Shows.LETTER,
    ),
    _get("/matches", matches.show, _READ, "possible matches", shows=Shows.LIST),
    _get("/matches/{match_id:int}", matches.one, _READ, "possible match", shows=Shows.MATCH),
    _post("/matches/{match_id:int}", matches.settle, Action.SETTLE_MATCH, "settle match", shows=Shows.MATCH),
    _post("/matches/{match_id:int}/merge", matches.merge, Action.MERGE_PERSONS, "merge persons", shows=Shows.MATCH),
    _get("/merges/{merge_id:int}", matches.merged, _READ, "merged records", shows=Shows.MERGE),
    _post("/merges/{merge_id:int}", matches.undo, Action.MERGE_PERSONS, "undo merge", shows=Shows.MERGE),
    _get("/queries", oddities.show, _READ, "queries", shows=Shows.LIST),
    _post("/queries/{query_id:int}", oddities.settle, Action.SCREEN, "settle query", shows=Shows.LIST),
    _get("/outbox", outbox.show, _OUTBOX, "outbox", shows=Shows.LIST),
    _get("/outbox/{message_id:int}", outbox.one, _OUTBOX, "message in the outbox", shows=Shows.MESSAGE),
    _post("/outbox/{message_id:int}/retry", outbox.retry, _OUTBOX, "retry message", shows=Shows.MESSAGE),
    _post("/outbox/{message_id:int}/cancel", outbox.cancel, _OUTBOX, "cancel message", shows=Shows.MESSAGE),
    _get("/bounces", returned_mail.show, Action.RECORD_POSTED, "bounces", shows=Shows.LIST),
    _get("/bounces/{bounce_id:int}", returned_mail.one, Action.RECORD_POSTED, "bounce", shows=Shows.BOUNCE),
    _post(
        "/bounces/{bounce_id:int}/returned",
        returned_mail.match,
        Action.RECORD_POSTED,
        "match bounce",
        shows=Shows.BOUNCE,
    ),
    _post(
        "/bounces/{bounce_id:int}/dismiss",
        returned_mail.dismiss,
        Action.RECORD_POSTED,
        "dismiss bounce",
        shows=Shows.BOUNCE,
    ),
    _get("/mailbox", mailbox.show, _READ, "mailbox", shows=Shows.LIST),
    _get("/mailbox/{name}", mailbox.one, _READ, "message in the mailbox", shows=Shows.LIST),
    _get("/mailbox/{name}/html", mailbox.html, _READ, "message in the mailbox", shows=Shows.LIST),
    _get("/reports/timeliness", timeliness.show, Action.READ_REPORTS, "timeliness report"),
    _get("/restricted", restricting.show, Action.RESTRICT_RECORD, "restricted records", shows=Shows.LIST),
    _get(
        "/children/{person_id:int}/restrict",
        restricting.one,
        Action.RESTRICT_RECORD,
        "restriction form",
        shows=Shows.PERSON,
    ),
    _post(
        "/children/{person_id:int}/restrict",
        restricting.change,
        Action.RESTRICT_RECORD,
        "restrict record",
        shows=Shows.PERSON,
    ),
    _get("/people", people.show, Action.ADMINISTER, "people"),
    _get("/people/new", people.new, Action.ADMINISTER, "form for somebody new"),
    _post("/people/new", people.add, Action.ADMINISTER, "add somebody"),
    _get("/people/{user_id:int}", people.one, Action.ADMINISTER, "form for a person"),
    _post("/people/{user_id:int}", people.change, Action.ADMINISTER, "change a person"),
    _get("/settings", settings.show, Action.ADMINISTER, "settings"),
    _get("/access-log", access.show, Action.READ_ACCESS_LOG, "access log", shows=Shows.LIST),
)
