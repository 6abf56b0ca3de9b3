"""Every command of the command line, by area of the front door: a table of contents, and all that help loads."""

from __future__ import annotations

from pathway.cli.groups import Lazy

AREAS = {
    "Running it": {
        "up": Lazy("processes:up", "Start everything in one process: pages, clocks and mail."),
        "serve": Lazy("processes:serve", "Start the pages only."),
        "worker": Lazy("processes:worker", "Start only the work behind the pages."),
        "migrate": Lazy("processes:migrate", "Bring the database to this release."),
        "doctor": Lazy("doctor:doctor", "Check what Pathway needs to run, and say how to mend a fault."),
        "clock": Lazy("clock:app", "Whether the clock is in doubt; saying that it is right."),
        "adopt": Lazy("adopting:adopt", "Let a database that was restored or copied act again: judge, send, collect."),
        "sweep": Lazy("sweeping:sweep_once", "Look once for what is due, and act on it."),
        "demo": Lazy("demo:demo", "Play one weekend at the front door, in seconds."),
        "version": Lazy("version:version", "Say which release this is."),
    },
    "Intake": {
        "import": Lazy("intake.importing:app", "Take in what another system exported."),
        "danger": Lazy("intake.danger:app", "Immediate danger: mark a contact, or withdraw the mark."),
        "kind": Lazy("intake.checking:kind", "Make a contact another kind."),
        "check": Lazy("intake.checking:check", "Record one check of a child."),
        "details": Lazy(
            "intake.details:app", "Details corrected: what follows, what waits, letters that said it wrong."
        ),
        "information": Lazy("intake.information:app", "What was learnt after a contact was logged, with its files."),
        "add-child": Lazy("intake.adding:add_child", "Add a child whom the referrer did not name."),
    },
    "Children": {
        "find": Lazy("children.find_child:find", "Do we know this child? Find people by whatever is known of them."),
        "referral": Lazy("children.looking:referral", "Print one referral with its whole timeline."),
        "chronology": Lazy("children.chronology:chronology", "Print one child's chronology over all referrals."),
        "access-log": Lazy("children.who_looked:access_log", "Print who looked at one child: the newest first."),
        "matches": Lazy("children.matching:matches_app", "Children who may be on record twice."),
        "persons": Lazy("children.matching:persons_app", "Records merged, taken apart, put back, and judged again."),
        "restrict": Lazy("children.restricting:app", "Records that open only to people named."),
    },
    "Decisions": {
        "correct": Lazy("decisions.wrong_decisions:correct", "Follow a wrong decision with the right one."),
        "undo": Lazy("decisions.wrong_decisions:undo", "Undo a decision before its letter has left."),
        "second-look": Lazy(
            "decisions.wrong_decisions:look_again", "Look a second time at what another manager decided."
        ),
        "set-aside": Lazy(
            "decisions.wrong_decisions:set_aside", "Set aside what was logged twice (with --right) or in error."
        ),
        "restore": Lazy("decisions.wrong_decisions:restore", "Restore a referral that was set aside by mistake."),
        "why-late": Lazy("figures.saying_why:say_why_late", "Say why something about a child was late."),
        "onward": Lazy("decisions.onward:app", "Children referred onward who await an answer."),
    },
    "Casework": {
        "allocate": Lazy("casework.holding:allocate", "Give a child to a worker, or to a team without one."),
        "transfer": Lazy("casework.holding:app", "Move a child to another worker or team: both sides accept."),
        "milestone": Lazy("casework.milestones:milestone", "Record what happened after acceptance."),
        "close": Lazy("casework.holding:close", "Close a referral of which nothing is owed any more."),
    },
    "Letters": {
        "letters": Lazy("letters.letters:app", "Wording of letters; letters by choice; those owed."),
        "referrer": Lazy("letters.referrers:app", "Addresses found; unsafe to contact; not to be named."),
        "outbox": Lazy("letters.outbox:app", "The messages that wait, went or were refused."),
        "bounces": Lazy("letters.bounces:app", "What came back by e-mail."),
    },
    "Alerts": {
        "alerts": Lazy("alerts.open_alerts:app", "What is open; “I have it” of danger; acknowledging with a note."),
    },
    "Staff": {
        "user": Lazy("staff.people:user_app", "The people who sign in."),
        "team": Lazy("staff.teams:team_app", "The teams and workers to whom children are allocated."),
    },
    "Rulebooks and figures": {
        "rules": Lazy("rulebooks.rules:app", "Read, check and try out rulebooks; work out due moments."),
        "calendar": Lazy("rulebooks.calendars:app", "Opening hours and days off, and the deadlines that they move."),
        "report": Lazy("rulebooks.reporting:app", "Figures, each judged by the facts."),
    },
}

# The commands of `pathway rules` that need a database; the others come without one, and at once.
RULES = {
    "In the database": {
        "publish": Lazy("rulebooks.publishing:publish", "Put a book, or a new version of one, into the database."),
        "list": Lazy("rulebooks.versions:listed", "List the shipped books and every published version."),
        "diff": Lazy("rulebooks.versions:compare", "Say in words what changes from one book to another."),
        "move": Lazy(
            "rulebooks.versions:move", "Move open referrals to another version of their book, with the clocks that run."
        ),
        "replay": Lazy(
            "rulebooks.replaying:replay",
            "Try a book on what has happened: which deadlines, breaches and alerts would have been others.",
        ),
    },
}
