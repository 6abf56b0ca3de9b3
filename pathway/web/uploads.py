"""Forms that carry files: read with bounds, each file on the disk while it comes, never more of it than can be kept.

What is too much is let fall, and the rest still read: so that the form can be shown again with everything that was
typed, and the file is named that was too large.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser, MultipartPart

from pathway.engine.information.file_kinds import LARGEST, MOST_FILES, Upload
from pathway.web import bodies, forms
from pathway.web.forms import Form
from pathway.web.kept import typed_forms
from pathway.web.visit import Visit

MULTIPART = "multipart/form-data"
# Of one form: what is more is not read to its end.
MOST_READ = 4 * MOST_FILES * LARGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form with its files, of which those without a name were left empty by the browser."""

    form: Form
    files: tuple[UploadFile, ...] = field(default=())

    def uploads(self) -> tuple[Upload, ...]:
        """The files with their content, at most one byte more of each than can be kept; at most six of them."""
        chosen = [file for file in self.files if file.filename]
        return tuple(
            Upload(name=file.filename or "", content=file.file.read(LARGEST + 1)) for file in chosen[: MOST_FILES + 1]
        )


class _Bounded(MultiPartParser):
    """Starlette's parser, but that it lets fall what of a file is more than can be kept."""

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None]) -> None:
        super().__init__(
            headers, stream, max_files=4 * MOST_FILES, max_fields=bodies.MOST_FIELDS, max_part_size=bodies.LARGEST
        )
        self._kept: dict[int, int] = {}

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        part: MultipartPart = self._current_part
        if part.file is not None:
            kept = self._kept.get(id(part.file), 0)
            end = min(end, start + LARGEST + 1 - kept)
            self._kept[id(part.file)] = kept + max(0, end - start)
            if end <= start:
                return
        super().on_part_data(data, start, end)

    def close(self) -> None:
        """Lets go of every file, read or not."""
        for file in self._files_to_close_on_error:
            file.close()


async def posted(request: Request) -> AsyncIterator[Sent]:
    """What a form with files sends; the files are closed when the answer is made.

    Raises HTTPException: 413 for more than can be read, 400 for what is no form.
    """
    if MULTIPART not in request.headers.get("content-type", ""):
        yield Sent(form=await forms.posted(request))
        return
    parser = _Bounded(request.headers, _bounded(request))
    try:
        found = await parser.parse()
        sent = _sent(found.multi_items())
        request.state.form = sent.form
        await run_in_threadpool(_keep, request)
        yield replace(sent, form=request.state.form)
    except MultiPartException as error:
        raise HTTPException(status_code=400, detail=error.message) from error
    finally:
        parser.close()


def _keep(request: Request) -> None:
    """Keeps what was typed, which the gate could not read yet; files are not kept."""
    if request.state.keeps:
        visit: Visit = request.state.visit
        typed_forms.keep(request, visit.actor, form_path=request.url.path, sent=True, now=visit.now)


def _sent(items: Iterable[tuple[str, str | UploadFile]]) -> Sent:
    values: dict[str, tuple[str, ...]] = {}
    files = []
    for name, value in items:
        if isinstance(value, str):
            values[name] = (*values.get(name, ()), value.replace("\x00", "").replace("\r\n", "\n"))
        else:
            files.append(value)
    return Sent(form=Form(values=values), files=tuple(files))


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_READ:
            raise HTTPException(status_code=413)
        yield chunk


Uploaded = Annotated[Sent, Depends(posted)]
