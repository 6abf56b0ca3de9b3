"""The map of the pages. What is not listed here nobody may open; a test walks every line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pathway.engine import why_late
from pathway.web.looks import child_access_view
from pathway.web.needs import Handler, Needs, Open, Route, Shows
from pathway.web.pages.admin import clock, health, leaving, people, rulebook, settings, sign_in, teams, timeliness
from pathway.web.pages.alerts import alert_list, alerts, my_notices
from pathway.web.pages.board import board, home
from pathway.web.pages.call import perhaps_known_rows, referrer_offers
from pathway.web.pages.casework import allocating, allocations, closing, milestones, my_children, team, transferring
from pathway.web.pages.children import (
    access,
    breaking_glass,
    child_access,
    chronology,
    find_child,
    match_list,
    matches,
    oddities,
    restricted_list,
    restricting,
    splitting,
)
from pathway.web.pages.decisions import (
    correcting,
    correction_list,
    corrections,
    deciding,
    onward,
    onward_list,
    question_list,
    receipts,
    reopening,
    second_look_list,
    second_looks,
    setting_aside,
    undoing,
)
from pathway.web.pages.drafts import autosave, unfinished, unfinished_list
from pathway.web.pages.family import allocating_family, deciding_family, screening_family
from pathway.web.pages.figures import figure_children, sheet
from pathway.web.pages.intake import (
    adding,
    adult_details,
    check_in,
    check_in_list,
    contacts,
    danger,
    details,
    information,
    kinds,
    logged,
    rating,
    record,
    screening,
    screening_list,
    waiting,
)
from pathway.web.pages.late import late_list, saying_why
from pathway.web.pages.letters import (
    asking,
    bounce_list,
    letter_list,
    letters,
    links,
    mailbox,
    notify,
    outbox,
    parents,
    print_list,
    print_queue,
    referrers,
    returned_mail,
)
from pathway.web.pages.lists import saved_views
from pathway.web.pages.outside import confirming, sending, worried
from pathway.web.steps import Step
from rules.vocabulary import Action

_READ = Action.READ_RECORD
_ALERTS = (Action.READ_RECORD, Action.ACKNOWLEDGE_ALERT)
_DANGER = (Action.DECIDE, Action.MARK_DANGER, Action.ACKNOWLEDGE_ALERT)
_OUTBOX = (Action.RECORD_POSTED, Action.ADMINISTER)
_UNFINISHED = (Action.LOG_CONTACT, Action.DECIDE)
_SAFETY = (Action.MARK_UNSAFE, Action.EXCUSE_LETTER)
_ADDS = (Action.LOG_CONTACT, Action.SCREEN, Action.RECORD_MILESTONE)
_DETAILS = (Action.LOG_CONTACT, Action.CORRECT_DECISION)


@dataclass(frozen=True, slots=True)
class _Pages:
    """Pages below one address that show the same; each says who may come, and what the access log calls it."""

    below: str
    shows: Shows
    keeps: bool = False

    def page(self, path: str, handler: Handler, needs: Needs, title: str) -> tuple[Route]:
        """A page."""
        return (self._route("GET", path, handler, needs, title),)

    def step(self, path: str, handler: Handler, needs: Needs, title: str) -> tuple[Route]:
        """What a form of another page sends."""
        return (self._route("POST", path, handler, needs, title),)

    def form(self, path: str, show: Handler, take: Handler, needs: Needs, title: str) -> tuple[Route, Route]:
        """A page with a form, and what the form sends."""
        return tuple(  # type: ignore[return-value]  # one for each of the two
            replace(route, keeps=self.keeps)
            for route in (
                self._route("GET", path, show, needs, f"{title} (form)"),
                self._route("POST", path, take, needs, title),
            )
        )

    def takes(self, path: str, step: Step, needs: Needs, title: str) -> tuple[Route, Route]:
        """The form of a step about a referral."""
        return self.form(path, step.show, step.take, needs, title)

    def _route(self, method: str, path: str, handler: Handler, needs: Needs, title: str) -> Route:
        return Route(method=method, path=self.below + path, handler=handler, needs=needs, title=title, shows=self.shows)


_plain = _Pages("", Shows.NOTHING)
_lists = _Pages("", Shows.LIST)
_contact = _Pages("/contacts/{ref}", Shows.CONTACT, keeps=True)
_from_outside = _Pages("/contacts/{ref}", Shows.CONTACT)
_referral = _Pages("/referrals/{ref}", Shows.REFERRAL, keeps=True)
_letter = _Pages("/letters/{letter_id:int}", Shows.LETTER, keeps=True)
_new_contact = _Pages("/contacts/new", Shows.NOTHING, keeps=True)
_adult = _Pages("/adults/{adult_id:int}", Shows.ADULT, keeps=True)
_match = _Pages("/matches/{match_id:int}", Shows.MATCH)
_merge = _Pages("/merges/{merge_id:int}", Shows.MERGE)
_message = _Pages("/outbox/{message_id:int}", Shows.MESSAGE)
_bounce = _Pages("/bounces/{bounce_id:int}", Shows.BOUNCE)
_mail = _Pages("/mailbox/{name}", Shows.MAIL)
_alert = _Pages("/alerts/{alert_id:int}", Shows.ALERT)
_query = _Pages("/queries/{query_id:int}", Shows.QUERY)
_draft = _Pages("/unfinished/{draft_id:int}", Shows.DRAFT)
_child = _Pages("/children/{person_id:int}", Shows.PERSON, keeps=True)

ROUTES: tuple[Route, ...] = (
    *_plain.page("/health", health.show, Open.EVERYBODY, "health"),
    *_plain.form("/sign-in", sign_in.show, sign_in.sign_in, Open.EVERYBODY, "sign in"),
    *_plain.step("/sign-out", sign_in.sign_out, Open.EVERYBODY, "sign out"),
    *_plain.step("/notify/status", notify.status, Open.CALL_BACK, "status from GOV.UK Notify"),
    *_plain.form("/l/{token}", links.ask, links.answer, Open.EVERYBODY, "letter by link"),
    *_plain.page("/worried", worried.show, Open.EVERYBODY, "worried about a child"),
    *_plain.form("/refer", sending.new, sending.send, Open.EVERYBODY, "send a contact from outside"),
    *_plain.page("/refer/received/{token}", sending.received, Open.EVERYBODY, "receipt of a contact from outside"),
    *_plain.form("/refer/confirm/{token}", confirming.ask, confirming.answer, Open.EVERYBODY, "confirm an address"),
    *_plain.page("/accessibility", worried.accessibility, Open.EVERYBODY, "accessibility statement"),
    *_plain.page("/privacy", worried.privacy, Open.EVERYBODY, "privacy notice"),
    *_plain.page("/help", worried.help_page, Open.EVERYBODY, "help with the form"),
    *_plain.page("/", home.first, Open.SIGNED_IN, "first page"),
    *_lists.page("/home", home.show, Open.SIGNED_IN, "home"),
    *_lists.page("/board", board.show, board.NEEDS, board.TITLE),
    *_plain.page("/board/changes", board.changes, board.NEEDS, "board that refreshes itself"),
    *_contact.step("/on-it", board.take, board.NEEDS, "be on it"),
    *_contact.step("/on-it/back", board.give_back, board.NEEDS, "give it back"),
    *_plain.form("/clock", clock.show, clock.accept, Open.SIGNED_IN, "say that the clock is right"),
    *_plain.page("/rulebook", rulebook.show, Open.SIGNED_IN, "rulebook"),
    *_lists.page("/referrals", screening_list.show, _READ, "screening list"),
    *_lists.page("/referrals/export", screening_list.export, _READ, "export of the screening list"),
    *_lists.page("/find", find_child.show, _READ, "find"),
    *_lists.page("/find/export", find_child.export, _READ, "export of a search"),
    *_lists.page("/waiting", waiting.show, _READ, "what waits"),
    *_new_contact.form("", contacts.new, contacts.log, Action.LOG_CONTACT, "log a contact"),
    *_plain.step("/contacts/known", perhaps_known_rows.known, Action.LOG_CONTACT, perhaps_known_rows.TITLE),
    *_plain.page("/contacts/referrers", referrer_offers.show, Action.LOG_CONTACT, "earlier referrers"),
    *_plain.step("/drafts", autosave.keep, Open.EVERYBODY, "keep what is typed"),
    *_plain.step("/drafts/drop", autosave.drop, Open.SIGNED_IN, "throw away what was typed"),
    *_lists.page("/unfinished", unfinished_list.show, _READ, "unfinished contacts"),
    *_lists.page("/unfinished/export", unfinished_list.export, _READ, "export of the unfinished contacts"),
    *_draft.form("", unfinished.show, unfinished.discard, _UNFINISHED, "unfinished contact"),
    *_contact.page("", contacts.show, _READ, "contact"),
    *_plain.page("/danger-banner", danger.banner, _DANGER, "bar of immediate danger"),
    *_lists.page("/check-in", check_in_list.show, Action.SCREEN, "to check in"),
    *_lists.page("/check-in/export", check_in_list.export, Action.SCREEN, "export of what is to check in"),
    *_from_outside.form("/check-in", check_in.one, check_in.take_over, Action.SCREEN, "check a contact in"),
    *_contact.form("/screen", screening_family.STEP.show, screening_family.STEP.take, Action.SCREEN, "screen a family"),
    *_contact.form("/decide", deciding_family.STEP.show, deciding_family.STEP.take, Action.DECIDE, "decide a family"),
    *_contact.form(
        "/allocate", allocating_family.STEP.show, allocating_family.STEP.take, Action.ALLOCATE, "allocate a family"
    ),
    *_contact.form("/danger", danger.show, danger.mark, Action.MARK_DANGER, "mark danger"),
    *_contact.step("/danger/withdraw", danger.withdraw, Action.DECIDE, "withdraw danger"),
    *_plain.form("/contacts/{ref}/logged", logged.show, logged.mark, Action.LOG_CONTACT, "contact of one's own"),
    *_contact.form("/kind", kinds.show, kinds.change, Action.SCREEN, "change the kind of contact"),
    *_contact.form("/details", details.of_contact, details.correct_contact, _DETAILS, "correct a detail of a contact"),
    *_contact.form("/information", information.show, information.add, _ADDS, "add information"),
    *_contact.page("/files/{file_id:int}", information.download, _READ, "file of a contact"),
    *_contact.form("/receipt", receipts.show, receipts.answer, Action.CORRECT_DECISION, "answer a corrected receipt"),
    *_contact.form("/ask", asking.show, asking.ask, Action.SCREEN, "ask the referrer"),
    *_contact.form("/address", referrers.address, referrers.find_address, Action.RECORD_POSTED, "find address"),
    *_contact.page("/unsafe", referrers.safety, _SAFETY, "form of unsafe to contact"),
    *_contact.step("/unsafe", referrers.mark_unsafe, Action.MARK_UNSAFE, "mark unsafe"),
    *_contact.step("/unsafe/lift", referrers.lift_unsafe, Action.EXCUSE_LETTER, "lift unsafe"),
    *_contact.form("/identity", referrers.sharing, referrers.protect, Action.PROTECT_IDENTITY, "protect identity"),
    *_contact.step("/identity/share", referrers.share, Action.SEE_PROTECTED, "share identity"),
    *_contact.form("/add-adult", adding.show_adult, adding.add_adult, Action.SCREEN, "add an adult"),
    *_adult.form("", adult_details.show, adult_details.correct, _DETAILS, "correct an adult"),
    *_contact.form("/add-child", adding.show, adding.add, Action.SCREEN, "add a child"),
    *_lists.page("/onward", onward_list.show, _READ, "children referred onward"),
    *_lists.page("/onward/export", onward_list.export, _READ, "export of the children referred onward"),
    *_referral.form("/receiver", onward.ask, onward.record, Action.RECORD_RECEIVER, "record receiver's answer"),
    *_referral.page("", record.show, _READ, "referral"),
    *_referral.form("/details", details.of_child, details.correct_child, _DETAILS, "correct a detail of a child"),
    *_referral.form("/screen", screening.show, screening.record, Action.SCREEN, "screen"),
    *_referral.takes("/rate", rating.STEP, Action.DECIDE, "rate"),
    *_referral.form("/decide", deciding.show, deciding.decide, Action.DECIDE, "decide"),
    *_referral.takes("/why-late", saying_why.STEP, why_late.ACTIONS, "say why it was late"),
    *_lists.page("/why-late", late_list.show, why_late.ACTIONS, "late without a reason"),
    *_lists.page("/why-late/export", late_list.export, why_late.ACTIONS, "export of what was late without a reason"),
    *_referral.form("/parents", parents.show, parents.write, Action.DECIDE, "write to parents"),
    *_referral.form("/allocate", allocating.show, allocating.allocate, Action.ALLOCATE, "allocate"),
    *_lists.page("/allocations", allocations.show, _READ, "allocation list"),
    *_lists.page("/allocations/export", allocations.export, _READ, "export of the allocation list"),
    *_plain.form("/my-notices", my_notices.show, my_notices.change, Open.SIGNED_IN, "change my notices"),
    *_lists.page("/my-children", my_children.show, Action.SEE_OWN_CHILDREN, "my children"),
    *_lists.page("/my-children/export", my_children.export, Action.SEE_OWN_CHILDREN, "export of my children"),
    *_referral.takes("/team", team.STEP, Action.ALLOCATE, "give to team"),
    *_referral.takes("/transfer", transferring.STEP, Action.TRANSFER, "transfer"),
    *_referral.step("/transfer/accept", transferring.accept, Action.TRANSFER, "accept transfer"),
    *_referral.step("/transfer/refuse", transferring.refuse, Action.TRANSFER, "refuse transfer"),
    *_referral.takes("/close", closing.STEP, Action.CLOSE, "close"),
    *_referral.takes("/reopen", reopening.STEP, Action.REOPEN, "reopen"),
    *_referral.takes("/milestone", milestones.STEP, Action.RECORD_MILESTONE, "record milestone"),
    *_referral.form("/correct", correcting.show, correcting.correct, Action.CORRECT_DECISION, "correct decision"),
    *_referral.takes("/undo", undoing.STEP, Action.DECIDE, "undo decision"),
    *_lists.page("/corrections", correction_list.show, Action.RECORD_POSTED, "corrections"),
    *_lists.page("/corrections/export", correction_list.export, Action.RECORD_POSTED, "export of the corrections"),
    *_lists.page("/decision-questions", question_list.show, Action.DECIDE, "decisions that may not stand"),
    *_lists.page(
        "/decision-questions/export", question_list.export, Action.DECIDE, "export of decisions that may not stand"
    ),
    *_referral.form(
        "/stands", information.question, information.answer, Action.DECIDE, "say whether a decision stands"
    ),
    *_lists.page("/second-looks", second_look_list.show, Action.GIVE_SECOND_LOOK, "second looks"),
    *_lists.page(
        "/second-looks/export", second_look_list.export, Action.GIVE_SECOND_LOOK, "export of the second looks"
    ),
    *_referral.form("/second-look", second_looks.form, second_looks.give, Action.GIVE_SECOND_LOOK, "give second look"),
    *_referral.takes("/split", splitting.STEP, Action.MERGE_PERSONS, "take children apart"),
    *_referral.takes("/rejoin", splitting.BACK, Action.MERGE_PERSONS, "put children together again"),
    *_referral.takes("/set-aside", setting_aside.STEP, Action.SET_ASIDE, "set aside"),
    *_referral.takes("/restore", setting_aside.RESTORE, Action.SET_ASIDE, "restore"),
    *_contact.form(
        "/set-aside", setting_aside.show_contact, setting_aside.set_aside_contact, Action.SET_ASIDE, "set contact aside"
    ),
    *_child.page("/chronology", chronology.show, _READ, "chronology"),
    *_child.page("/access-log", child_access.show, Action.READ_ACCESS_LOG, child_access_view.PAGE),
    *_child.page("/access-log/csv", child_access.export, Action.READ_ACCESS_LOG, child_access_view.EXPORT),
    *_lists.page("/alerts", alerts.show, _ALERTS, "alerts"),
    *_lists.page("/alerts/export", alert_list.export, _ALERTS, "export of the alerts"),
    *_lists.step("/alerts/acknowledge", alerts.acknowledge_several, Action.ACKNOWLEDGE_ALERT, alerts.SEVERAL),
    *_alert.step("/take-on", alerts.take_on, Action.ACKNOWLEDGE_ALERT, "take alert on"),
    *_alert.step("/acknowledge", alerts.acknowledge, Action.ACKNOWLEDGE_ALERT, "acknowledge alert"),
    *_lists.page("/letters", letter_list.show, _READ, "letters"),
    *_lists.page("/letters/export", letter_list.export, _READ, "export of the letters"),
    *_letter.page("", letters.one, _READ, "letter"),
    *_letter.step("", letters.hand_over, Action.RECORD_POSTED, "record letter as posted"),
    *_letter.step("/returned", letters.came_back, Action.RECORD_POSTED, "record letter as returned"),
    *_letter.page("/print", letters.print_out, Action.RECORD_POSTED, "print letter"),
    *_letter.form("/excuse", letters.excuse_form, letters.excuse, Action.EXCUSE_LETTER, "excuse letter"),
    *_letter.form("/corrected", corrections.letter, corrections.answer, Action.RECORD_POSTED, "correct a letter"),
    *_lists.form("/print-queue", print_queue.show, print_queue.print_letters, Action.RECORD_POSTED, "print a batch"),
    *_lists.page("/print-queue/export", print_list.export, Action.RECORD_POSTED, "export of the print queue"),
    *_lists.page("/print-queue/print", print_queue.sheets, Action.RECORD_POSTED, "print from the browser"),
    *_lists.page("/print-queue/{batch_id:int}/pdf", print_queue.pdf, Action.RECORD_POSTED, "batch as PDF"),
    *_lists.step(
        "/print-queue/{batch_id:int}/posted", print_queue.posted, Action.RECORD_POSTED, "record a batch as posted"
    ),
    *_letter.page("/link", links.show, Action.RECORD_POSTED, "link of a letter"),
    *_letter.step("/link/revoke", links.revoke, Action.RECORD_POSTED, "withdraw link of a letter"),
    *_letter.step("/link/renew", links.renew, Action.RECORD_POSTED, "send new link to a letter"),
    *_lists.page("/matches", match_list.show, _READ, "possible matches"),
    *_lists.page("/matches/export", match_list.export, _READ, "export of the possible matches"),
    *_match.page("", matches.one, _READ, "possible match"),
    *_match.step("", matches.settle, Action.SETTLE_MATCH, "settle match"),
    *_match.step("/merge", matches.merge, Action.MERGE_PERSONS, "merge persons"),
    *_merge.page("", matches.merged, _READ, "merged records"),
    *_merge.step("", matches.undo, Action.MERGE_PERSONS, "undo merge"),
    *_lists.page("/queries", oddities.show, _READ, "queries"),
    *_lists.page("/queries/export", oddities.export, _READ, "export of the queries"),
    *_query.step("", oddities.settle, Action.SCREEN, "settle query"),
    *_lists.page("/outbox", outbox.show, _OUTBOX, "outbox"),
    *_lists.page("/outbox/export", outbox.export, _OUTBOX, "export of the outbox"),
    *_message.page("", outbox.one, _OUTBOX, "message in the outbox"),
    *_message.step("/retry", outbox.retry, _OUTBOX, "retry message"),
    *_message.step("/cancel", outbox.cancel, _OUTBOX, "cancel message"),
    *_lists.page("/bounces", bounce_list.show, Action.RECORD_POSTED, "bounces"),
    *_lists.page("/bounces/export", bounce_list.export, Action.RECORD_POSTED, "export of the bounces"),
    *_bounce.page("", returned_mail.one, Action.RECORD_POSTED, "bounce"),
    *_bounce.step("/returned", returned_mail.match, Action.RECORD_POSTED, "match bounce"),
    *_bounce.step("/information", returned_mail.information, Action.RECORD_POSTED, "take e-mail as information"),
    *_bounce.step("/dismiss", returned_mail.dismiss, Action.RECORD_POSTED, "dismiss bounce"),
    *_lists.page("/mailbox", mailbox.show, _READ, "mailbox"),
    *_mail.page("", mailbox.one, _READ, "message in the mailbox"),
    *_mail.page("/html", mailbox.html, _READ, "message in the mailbox"),
    *_plain.page("/reports", sheet.show, Action.READ_REPORTS, "figures"),
    *_plain.page("/reports/print", sheet.paper, Action.READ_REPORTS, "figures on paper"),
    *_plain.page("/reports/csv", sheet.csv, Action.READ_REPORTS, "export of figures"),
    *_plain.page("/reports/xlsx", sheet.xlsx, Action.READ_REPORTS, "export of figures, Excel"),
    *_plain.step("/reports/weekly", sheet.weekly, Open.SIGNED_IN, "weekly figures by e-mail"),
    *_lists.page("/reports/children", figure_children.show, Action.READ_REPORTS, "figures and children"),
    *_lists.page("/reports/children/csv", figure_children.csv, Action.READ_REPORTS, "export of figures and children"),
    *_lists.page(
        "/reports/children/xlsx", figure_children.xlsx, Action.READ_REPORTS, "export of figures and children, Excel"
    ),
    *_plain.page("/reports/timeliness", timeliness.show, Action.READ_REPORTS, "timeliness report"),
    *_lists.page("/restricted", restricted_list.show, Action.RESTRICT_RECORD, "restricted records"),
    *_lists.page(
        "/restricted/export", restricted_list.export, Action.RESTRICT_RECORD, "export of the restricted records"
    ),
    *_child.form("/restrict", restricting.one, restricting.change, Action.RESTRICT_RECORD, "restrict record"),
    *_plain.form(
        "/children/{person_id:int}/break-glass",
        breaking_glass.show,
        breaking_glass.open_it,
        Action.DECIDE,
        "break the glass",
    ),
    *_plain.step(
        "/broken-glass/{broken_id:int}/review", breaking_glass.review, Action.RESTRICT_RECORD, "review a broken glass"
    ),
    *_plain.page("/views", saved_views.show, Open.SIGNED_IN, "saved views"),
    *_plain.step("/views", saved_views.save, Open.SIGNED_IN, "save a view"),
    *_plain.form("/views/{view_id:int}", saved_views.one, saved_views.change, Open.SIGNED_IN, "change a saved view"),
    *_plain.step("/views/{view_id:int}/delete", saved_views.delete, Open.SIGNED_IN, "delete a saved view"),
    *_plain.page("/people", people.show, Action.ADMINISTER, "people"),
    *_plain.form("/people/new", people.new, people.add, Action.ADMINISTER, "add somebody"),
    *_plain.form("/people/{user_id:int}", people.one, people.change, Action.ADMINISTER, "change a person"),
    *_lists.form("/people/{user_id:int}/leave", leaving.person, leaving.end, Action.ADMINISTER, "end a sign-in"),
    *_lists.form(
        "/workers/{worker_id:int}/leave", leaving.worker, leaving.let_go, Action.ADMINISTER, "let a worker go"
    ),
    *_plain.form("/teams/new", teams.new_team, teams.add_team, Action.ADMINISTER, "add a team"),
    *_plain.form("/teams/{team_id:int}", teams.one_team, teams.change_team, Action.ADMINISTER, "change a team"),
    *_plain.form("/workers/new", teams.new_worker, teams.add_worker, Action.ADMINISTER, "add a worker"),
    *_plain.form(
        "/workers/{worker_id:int}", teams.one_worker, teams.change_worker, Action.ADMINISTER, "change a worker"
    ),
    *_plain.page("/settings", settings.show, Action.ADMINISTER, "settings"),
    *_lists.page("/access-log", access.show, Action.READ_ACCESS_LOG, "access log"),
    *_lists.page("/access-log/export", access.export, Action.READ_ACCESS_LOG, "export of the access log"),
)
