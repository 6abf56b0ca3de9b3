"""An outage of the database is one line of the log, and a count when it is over."""

from __future__ import annotations

import logging

from rules.errors import Unavailable
from storage.outages import Outage


def told(caplog):
    return [(record.levelname, record.getMessage()) for record in caplog.records]


def test_a_thousand_failures_are_one_line_and_a_count(caplog):
    outage = Outage(logging.getLogger("outage"), "The sweep")
    for _ in range(1000):
        outage.goes_on(Unavailable("The database can't be reached."))
    outage.is_over()
    outage.is_over()
    assert told(caplog) == [
        ("ERROR", "The sweep: The database can't be reached. It is tried again and again."),
        ("WARNING", "The sweep: the database can be used again, after 1,000 failures."),
    ]


def test_where_nothing_failed_nothing_is_said_and_the_next_outage_is_told_anew(caplog):
    outage = Outage(logging.getLogger("outage"), "The pages")
    outage.is_over()
    for _ in range(2):
        outage.goes_on(Unavailable("Gone."))
        outage.is_over()
    assert len(told(caplog)) == 4
