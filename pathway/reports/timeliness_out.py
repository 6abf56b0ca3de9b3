"""The timeliness report for machines (JSON) and for people (text)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain

from pathway.reports.timeliness import Row, Score, Timeliness
from rules.timing import zones
from rules.words import counted

DUTIES = {"decided": "decided in 24 hours", "told": "told in writing in 48 hours"}
COLUMNS = ("children", "in 24 h", "late", "%", "in 48 h", "late", "%")


def as_json(report: Timeliness) -> dict[str, object]:
    """Plain values; moments in UTC, days as they are in London. ``docs/operations.md`` explains each key."""
    return {
        "from": report.start.isoformat(),
        "to": report.end.isoformat(),
        "as_at": _utc(report.as_at),
        "contacts": report.contacts,
        "re_referrals": report.re_referrals,
        **_row(report.total),
        "by_week": [_row(row) for row in report.by_week],
        "by_source": [_row(row) for row in report.by_source],
        "by_week_and_source": [_row(row) for row in report.by_week_and_source],
        "backlog": {
            "undecided": len(report.backlog),
            "oldest_received": _utc(report.backlog[0].received_at) if report.backlog else None,
            "referrals": [child.referral_ref for child in report.backlog],
        },
        "not_judged": [
            {"referral": row.referral_ref, "duty": DUTIES[row.duty], "why": row.why} for row in report.not_judged
        ],
    }


def _row(row: Row) -> dict[str, object]:
    found: dict[str, object] = {}
    if row.week is not None:
        found["week_beginning"] = row.week.isoformat()
    if row.source_code is not None:
        found |= {"source_code": row.source_code, "source": row.source}
    return found | {
        "children": row.children,
        "decided_in_24_hours": _score(row.decided),
        "told_in_writing_in_48_hours": _score(row.told),
    }


def _score(score: Score) -> dict[str, object]:
    return {
        "met": score.met,
        "missed": score.missed,
        "not_yet_due": score.not_yet_due,
        "not_applicable": score.not_applicable,
        "not_judged": score.not_judged,
        "percent": score.percent,
    }


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def as_text(report: Timeliness) -> Iterator[str]:
    """The report line by line, for a terminal 100 wide."""
    yield f"Contacts received from {report.start:%d %B %Y} to {report.end:%d %B %Y}"
    yield f"As things stood on {_london(report.as_at)}"
    yield f"{counted(report.contacts, 'contact')} about {_children(report.total.children)}{_again(report)}"
    yield ""
    yield from in_short(report)
    yield from _table("Week beginning", [(f"{row.week:%d %b %Y}", row) for row in report.by_week])
    yield from _table("Source", [(f"{row.source_code} {row.source}", row) for row in report.by_source])
    if report.not_judged:
        yield ""
        yield "Not judged"
        reasons = Counter((DUTIES[row.duty], row.why) for row in report.not_judged)
        yield from (f"  {_children(count)}, {duty}: {why}" for (duty, why), count in reasons.items())


def in_short(report: Timeliness) -> Iterator[str]:
    """The three lines that matter most."""
    yield _sentence("Decided within 24 hours", report.total.decided)
    yield _sentence("Told in writing within 48 hours", report.total.told)
    yield _backlog(report)


def _again(report: Timeliness) -> str:
    number = report.re_referrals
    return f", {number} of them referred again within twelve months" if number else ""


def _children(number: int) -> str:
    return counted(number, "child", "children")


def _sentence(title: str, score: Score) -> str:
    judged = score.met + score.missed
    share = "nothing to judge" if score.percent is None else f"{score.met} of {judged} ({score.percent} %)"
    beside = [
        f"{count} {words}"
        for count, words in (
            (score.not_applicable, "not applicable"),
            (score.not_yet_due, "not yet due"),
            (score.not_judged, "not judged"),
        )
        if count
    ]
    return f"{title}: {share}" + (f"; {', '.join(beside)}" if beside else "")


def _backlog(report: Timeliness) -> str:
    if not report.backlog:
        return "Backlog: nobody received in this time was undecided"
    oldest = _london(report.backlog[0].received_at)
    return f"Backlog: {_children(len(report.backlog))} undecided, the oldest received on {oldest}"


def _table(title: str, rows: Sequence[tuple[str, Row]]) -> Iterator[str]:
    width = min(44, max([len(title), *(len(label) for label, _ in rows)]))
    yield ""
    yield f"{title:<{width}}" + "".join(f"{name:>9}" for name in COLUMNS)
    for label, row in rows:
        cut = label if len(label) <= width else f"{label[: width - 1]}…"
        scores = ((score.met, score.missed, _percent(score)) for score in (row.decided, row.told))
        figures = (row.children, *chain.from_iterable(scores))
        yield f"{cut:<{width}}" + "".join(f"{figure:>9}" for figure in figures)


def _percent(score: Score) -> str:
    return "-" if score.percent is None else f"{score.percent}"


def _london(at: datetime) -> str:
    return f"{at.astimezone(zones.zone_named(zones.LONDON)):%d %B %Y at %H:%M}"
