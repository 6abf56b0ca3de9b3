"""Everything that can be odd in a file: what is said about it, what to do, and whether it keeps the contact out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of fault, with fields in braces. ``holds_back``: the whole contact waits until it is mended."""

    text: str
    remedy: str
    holds_back: bool = False


def _holding(text: str, remedy: str) -> Problem:
    return Problem(text, remedy, holds_back=True)


_TIME = "Write it as 10/03/2009 18:56"
_DATE = "Write it as 31/08/2008"
_BOTH_TIMES = "Check both times in the old system"
_NEVER_RUN = "it is kept as typed and never run"
_KEPT_HERE = "it is kept here only"

# These hold the contact back.
NO_REFERENCE = _holding(
    "There is no contact reference, so the line belongs to no contact",
    "Look the contact up in the old system",
)
LONG_REFERENCE = _holding(
    "The contact reference has {length} characters", "Give the contact a reference of at most {longest}"
)
BROKEN_QUOTES = _holding(
    "A quotation mark in this line is not doubled or not closed ({told}), so values may stand in the wrong column",
    "Double each quotation mark inside a value, and put the value in quotation marks",
)
CELL_ERROR = _holding(
    "The cell of the workbook has no value but {told}", "Mend the cell in the spreadsheet, and save the workbook"
)
NOT_RECEIVED = _holding("There is no time of receipt", _TIME)
IMPOSSIBLE_RECEIPT = _holding("The time of receipt can't be read or never was", _TIME)
RECEIVED_IN_FUTURE = _holding("The time of receipt is in the future", "Check the year")
BEFORE_RECEIPT = _holding("This is before the contact was received ({received})", _BOTH_TIMES)
UNKNOWN_SOURCE = _holding("The source code is not in the department's list", "Use one of: {known}")
UNKNOWN_OUTCOME = _holding("The outcome is not one that the rulebook {book} knows", "{remedy}")
CONTRADICTION = _holding(
    "The lines contradict each other: line {line} of this contact says '{value}'",
    "Find out which line is right, or whether these are two contacts",
)
NOBODY = _holding(
    "Nothing tells who the child is: no name, birth or due date, number, address or school",
    "Find out from the old system who the child is",
)
RESTRICTED_THERE = _holding(
    "The old system restricts this record ({column}: '{value}'), and an imported one would be open",
    "Log the contact here by hand and restrict it; or empty the value, if the record may be open",
)
CHANGED_SINCE = _holding(
    "The record has changed since this file was tried on {at}: then {then}; now {now}",
    "Look at it; run the import again with --yes to take it as it would be now",
)
OTHER_CONTENT = _holding(
    "The contact is there already with other content: {was} stands there ({there}); nothing was overwritten",
    "Compare the two; correct the record by hand, or give this contact a reference of its own",
)

# These go in with the contact, as queries on the record.
SAME_LINE = Problem(
    "The same line stands at line {line} already; the child is taken once", "Nothing, unless two children were meant"
)
WRONG_LENGTH = Problem(
    "The line has {values} values and the header {columns} columns, so values may stand in the wrong column",
    "Look for a comma or a line end without quotation marks",
)
FIRST_COUNTS = Problem("Line {line} of this contact says '{value}', and that was taken", "Find out which is right")
SKIPPED_BY_CLOCKS = Problem(
    "The clocks went forward over this time; {taken}, the first that existed, was taken",
    "Check the time if minutes matter",
)
KIND_DISAGREES = Problem(
    "The source code {code} stands for a referrer who is {kind}; the two do not go together, "
    "and the referrer’s name is hidden",
    "Find out whether the referrer gave a name; the source code counts",
)
NEITHER_YES_NOR_NO = Problem("This is neither Y nor N; it was taken as Y", "Write Y or N")
UNSAFE_THERE = Problem(
    "The old system says that it may not be safe to contact the referrer ({column}: '{value}'); "
    "nothing is written to them",
    "Find out whether it is safe, and if so lift the mark on the contact",
)
WARNED_THERE = Problem(
    "The old system warns of something in a column that is not used here ({column}: '{value}')",
    "Read it, and put on the record what still holds",
)
ANONYMITY_IN_DOUBT = Problem(
    "It is not clear whether the referrer is anonymous; the name is hidden, and written feedback stays owed",
    "Find out whether the name may be shown, and share it on the contact; write Y or N",
)
ANONYMOUS_WITH_NAME = Problem(
    "An anonymous referrer with a name; the name is hidden, and nothing is written",
    "Find out whether the referrer agreed to be named and written to",
)
ANONYMOUS_WITH_EMAIL = Problem(
    "An anonymous referrer with an e-mail address; it is kept as typed and not used",
    "Find out whether the referrer agreed to be written to",
)
ODD_EMAIL = Problem(
    "This is not an e-mail address that can be written to; it is kept as typed and not used",
    "Ask the referrer for the right address",
)
READ_BY_NOBODY = Problem(
    "Nobody reads this e-mail address; it is kept as typed and not used",
    "Ask the referrer for an address that somebody reads",
)
UNUSUAL_WORD = Problem("This is none of the usual words; it is kept as typed", "Usual are: {known}")
PLACEHOLDER = Problem("The forename stands for a name that was not known", "Put in the child's name when it is known")
ONLY_BY_SCHOOL = Problem(
    "Only the school tells who the child is", "Ask the referrer or the school for the child's name"
)
BAD_NHS_NUMBER = Problem(
    "The NHS number is not valid: it needs ten digits of which the last checks the others",
    "Ask for the right number; until then it is kept apart, unverified, and joins no records",
)
IMPOSSIBLE_DATE = Problem(f"The date can't be read or never was; {_KEPT_HERE}", _DATE)
ADULT = Problem(
    "By this birth date the person was {age} when the contact was received: an adult",
    "Check the date, or whether this is a child at all",
)
BORN_TOO_CLOSE = Problem(
    "Born {apart} from the child of line {line}: two children of one mother hardly are",
    "Check both birth dates, and whether they have one mother",
)
NO_AGE = Problem(
    f"This is no age of a child; {_KEPT_HERE}", "Write it in years, months or weeks: 4, about 4 or 18 months"
)
BORN_LATER = Problem(
    "The birth date is after the contact was received", "Check the date; for an unborn child use the due date"
)
BORN_AND_DUE = Problem("The child has a birth date and a due date", "Take the due date out when the child is born")
OVERDUE_BIRTH = Problem(
    "The due date has passed and no birth date was recorded", "Find out the child's name and birth date"
)
UNKNOWN_CODE = Problem(f"The code is not in the department's list; {_KEPT_HERE}", "Use one of: {known}")
IMPOSSIBLE_TIME = Problem(f"The time can't be read or never was; {_KEPT_HERE}", _TIME)
IN_FUTURE = Problem("The time is in the future, so it is not used", "Check the time")
UNDATED_OUTCOME = Problem(
    "An outcome without a usable time of decision; the child is taken as undecided",
    "Find out when it was decided, or decide now",
)
DECIDED_NOTHING = Problem(
    "A time of decision without an outcome; the child is taken as undecided",
    "Find out what was decided, or decide now",
)
DECIDED_BY_NOBODY = Problem("A decision without the name of the person who made it", "Find out who decided")
NOT_IN_WRITING = Problem(
    "It is not recorded that the feedback was in writing, so it does not count as written feedback",
    "Find out how the referrer was told; written are: {written}",
)
NOTHING_TO_TELL = Problem(
    "Feedback is recorded, but no decision that it could tell of; it does not count as written feedback",
    "Find out what the referrer was told",
)
TOLD_TOO_EARLY = Problem("Feedback is recorded as sent before the decision", _BOTH_TIMES)
FORMULA = Problem(
    f"The text begins like a spreadsheet formula; {_NEVER_RUN}",
    "Read it; if it is no part of the record, say so on the record",
)
MARKUP = Problem(f"The text has markup in it; {_NEVER_RUN}", "Find out the right text")
VERY_LONG = Problem(
    "The text has {length} characters; it is kept whole", "See whether somebody wrote it, or the export is at fault"
)
NOT_UTF_8 = Problem(
    "Some bytes are not UTF-8; they were read as Windows-1252", "Compare this with the old system, and put it right"
)
NUL = Problem(
    "The text has NUL characters, which no database keeps; they were left out",
    "See whether anything else is missing from the text",
)
BEFORE_BOOK = Problem(
    "No version of the rulebook {book} was in force on that day, so no clock runs and timeliness can't be judged",
    "Nothing, unless the year is wrong",
)
COMPLETED = Problem(
    "The contact was there already, with {was} here ({there}); as nobody had touched it, this file’s was taken",
    "Nothing, unless the earlier file was right: `pathway import undo` takes this run back",
)
SAME_CHILD = Problem(
    "This looks like the child of line {line} of the same contact; the two were kept apart",
    "Find out whether they are one child",
)
TOTALS = Problem(
    "This line has only {values} values: a totals line? It was left out",
    "Nothing, if it is one; else complete it in the old system",
)
NUMBER_APART = Problem("{told}; it joins nobody", "Ask the referrer or look it up")
OTHERWISE_KNOWN = Problem("{told}; they were joined all the same", "Find out which is right")

ALL = tuple(value for value in list(vars().values()) if isinstance(value, Problem))
