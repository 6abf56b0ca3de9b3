"""The print queue: letters for the post, printed together and recorded as posted when they have left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from starlette.responses import Response

from notifications.letters import paper
from pathway.engine import inputs, record_access, why_late
from pathway.engine.post import print_queue
from pathway.engine.post.print_queue import Posted, Posting, Printed, Queued, Viewer
from pathway.engine.why_late import LateInput
from pathway.web import forms, times, typed
from pathway.web.forms import Form
from pathway.web.forms import Posted as PostedForm
from pathway.web.kept import list_back
from pathway.web.lists import answers, which
from pathway.web.pages.letters import print_list
from pathway.web.views import letter_on_paper_view
from pathway.web.views.late import why_late_view
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from storage.queries import record_rows, shown_rows
from storage.sessions import ReadSession
from storage.tables import Council, id_of

PATH = which.PRINT_QUEUE
# The policy of the pages forbids every embedded object, and some browsers show a PDF as one.
PDF_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def show(visit: Here) -> Response:
    """What waits to be printed, and what was printed and waits to be posted."""
    return _page(visit, forms.fresh())


def print_letters(visit: Here, form: PostedForm) -> Response:
    """Keeps the letters that are ticked as a batch, and goes on to the batch on paper."""
    numbers = [typed.whole(number) for number in form.all(print_queue.FIELD)]
    in_browser = form.get("how") == "browser" or visit.services.no_paper()
    try:
        if not in_browser:
            _require_glyphs(visit, numbers)
        batch = visit.change(
            lambda act: print_queue.keep(
                act, numbers, print_queue.viewer(act.session, visit.actor, visit.book, now=visit.now)
            ),
            token=form.token,
        )
    except (InvalidInput, Refused) as error:
        return _page(visit, form.refused(error), status=error.status)
    return visit.go(f"{PATH}/print?batch={batch.id}" if in_browser else f"{PATH}/{batch.id}/pdf")


def _require_glyphs(visit: Visit, numbers: Sequence[int]) -> None:
    with visit.reading() as session:
        chosen = print_queue.chosen(session, numbers, _viewer(visit, session))
        print_queue.require_glyphs(session, chosen)


def pdf(visit: Here, batch_id: int) -> Response:
    """What of a batch waits to be posted, as one PDF; for the browser what no font here has. Raises NotFound."""
    if visit.services.no_paper():
        return visit.go(f"{PATH}/print?batch={batch_id}")
    with visit.reading() as session:
        printed = print_queue.standing(session, batch_id, _viewer(visit, session))
        letters = print_queue.on_paper(session, printed.letters)
        for_browser = print_queue.boxes(session, printed.letters)
    if for_browser:
        return visit.go(f"{PATH}/print?batch={batch_id}")
    if not letters:
        raise NotFound(f"Nothing of batch {batch_id} waits to be posted; open the print queue again.")
    _looked(visit, printed.letters)
    headers = {
        "Content-Disposition": f'inline; filename="letters-{printed.batch.id}.pdf"',
        "Content-Security-Policy": PDF_POLICY,
    }
    return Response(paper.pdf_of_many(letters), media_type="application/pdf", headers=headers)


def sheets(visit: Here, batch: str = "") -> Response:
    """The letters of a batch, or all that can be printed, for the browser to print."""
    with visit.reading() as session:
        who = _viewer(visit, session)
        printed = print_queue.standing(session, typed.whole(batch), who) if batch else None
        letters = printed.letters if printed else print_queue.queue(session, who).to_print
        letters = [one for one in letters if one.address is not None]
        council = session.get_one(Council, 1)
    _looked(visit, letters)
    on_paper = [(one.line, letter_on_paper_view.on_paper(one.line)) for one in letters]
    back = list_back.to(visit.request, visit.actor.username, PATH)
    return visit.page("print_batch.html", batch=printed and printed.batch, letters=on_paper, council=council, back=back)


def posted(visit: Here, batch_id: int, form: PostedForm) -> Response:
    """Records every letter of the batch as posted; one that is refused leaves the others."""
    with visit.reading() as session:
        printed = print_queue.standing(session, batch_id, _viewer(visit, session))
        if not printed.letters and print_queue.posted_already(session, batch_id, form.token):
            return visit.go(print_list.asked(visit).href(), notice="batch-posted")
    try:
        done = _post(visit, printed, form)
    except InvalidInput as error:
        return _page(visit, form.refused(error), wrong=id_of(printed.batch), status=error.status)
    if done.refused or not done.done:
        why = Refused(done.refused or [f"Nothing of batch {batch_id} waits to be posted."])
        return _page(visit, form.refused(why), wrong=id_of(printed.batch), status=why.status)
    return visit.go(print_list.asked(visit).href(), notice="batch-posted")


def _post(visit: Visit, printed: Printed, form: Form) -> Posted:
    place = moment_field(id_of(printed.batch))
    at = typed.moment(form.get(place), form.get(f"{place}_time"), place=place).utc
    suffix = _suffix(printed)
    why = inputs.parse(LateInput, why_late_view.read(form, suffix))
    with visit.reading() as session, _at(lambda named: f"{named}{suffix}"):
        why_late.answered(print_queue.why_late_asked(session, printed, at=at), why)
    with _at(lambda _: place):
        return print_queue.post(visit.change, printed, Posting(at=at, why=why), now=visit.now, token=form.token)


@contextmanager
def _at(place: Callable[[str], str]) -> Iterator[None]:
    """What is refused names the field of this batch: each batch on the page has its own."""
    try:
        yield
    except InvalidInput as error:
        fault = error.faults[0]
        raise InvalidInput.of(place(fault.place), fault.problem, fault.remedy) from error


def _suffix(printed: Printed) -> str:
    return f"-{printed.batch.id}"


def moment_field(batch_id: int) -> str:
    """The field in which it is typed when a batch was posted: each batch on the page has its own."""
    return f"posted_at-{batch_id}"


def _page(visit: Visit, form: Form, *, wrong: int | None = None, status: int = 200) -> Response:
    asked = print_list.asked(visit)
    with visit.reading() as session:
        queue = print_queue.queue(session, _viewer(visit, session), most=0)
        found = print_list.listed_page(visit, session, asked, queue.again)
        printed = [one for batch in queue.batches for one in batch.letters]
        visit.shut(session, [one.line.letter.contact_id for one in (*found.lines, *printed)])
        boxes = print_queue.boxes(session, found.lines)
        return answers.show(
            visit,
            session,
            "print_queue.html",
            asked,
            status=status,
            listed=found,
            form=_with_moments(visit, form, queue.batches),
            queue=queue,
            names=record_rows.names(session),
            most=print_queue.MOST,
            boxes=boxes,
            ticked=_ticked(form, found.lines, boxes, chosen=bool(form.wrong) and wrong is None),
            tokens={one.batch.id: form.token if one.batch.id == wrong else forms.new_token() for one in queue.batches},
            print_token=forms.new_token() if wrong else form.token,
            moment_field=moment_field,
            late={id_of(one.batch): print_queue.why_late_asked(session, one, at=visit.now) for one in queue.batches},
            no_paper=visit.services.no_paper(),
        )


def _with_moments(visit: Visit, form: Form, batches: Sequence[Printed]) -> Form:
    today = f"{times.local(visit.now):%d/%m/%Y}"
    return form.where(**{name: form.get(name) or today for name in (moment_field(id_of(one.batch)) for one in batches)})


def _ticked(form: Form, letters: Sequence[Queued], boxes: Collection[int], *, chosen: bool) -> frozenset[int]:
    """What was ticked where somebody has ``chosen``; else all that can be printed without an empty box."""
    if chosen:
        return frozenset(typed.whole(number) for number in form.all(print_queue.FIELD))
    return frozenset(one.number for one in letters if one.address is not None and one.number not in boxes)


def _viewer(visit: Visit, session: ReadSession) -> Viewer:
    return print_queue.viewer(session, visit.actor, visit.book, now=visit.now)


def _looked(visit: Visit, letters: Sequence[Queued]) -> None:
    if letters:
        with visit.reading() as session:
            shown = shown_rows.of_contacts(session, [one.line.letter.contact_id for one in letters])
        record_access.open_record(visit.services.database, visit.actor, "printed letter", shown, now=visit.now)
