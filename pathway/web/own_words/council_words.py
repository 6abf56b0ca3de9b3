"""The council's own words, from Markdown files: read once, checked, and made into HTML that holds nothing but text.

HTML in them is shown as it was typed and pictures are left out: a file may come from many hands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from rules.errors import Fault, InvalidInput
from storage.tables import Council

WHERE = "PATHWAY_PAGES"
SHIPPED = resources.files("pathway.web.own_words")
NAMES = ("accessibility", "good-referral", "help", "privacy", "thresholds", "worried")
# Fields of the council that a text may name, such as ((telephone)).
FIELDS = ("address", "complaints", "email", "name", "out_of_hours_telephone", "team_name", "telephone")
LARGEST = 200_000
_FIELD = re.compile(r"\(\((\w+)\)\)")
CLASSES: Mapping[str, str] = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "table_open": "govuk-table",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "link_open": "govuk-link",
}
# Texts that are a page of their own; the others stand below a heading of another page.
PAGES = frozenset({"accessibility", "help", "privacy"})
LEAST = 6


def read(folder: Path) -> Mapping[str, str]:
    """The council's own texts by name; what the folder does not hold is shipped. Raises InvalidInput naming faults."""
    if not folder.is_dir():
        problem = f"The folder {folder} is not there"
        raise InvalidInput.of(WHERE, problem, "Name the folder with the Markdown files, or leave the setting out")
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".md":
            texts[path.stem] = _text(path, faults)
            faults += _faults(path.name, path.stem, texts[path.stem])
    if faults:
        raise InvalidInput(faults)
    return texts


def _text(path: Path, faults: list[Fault]) -> str:
    content = path.read_bytes()
    if len(content) > LARGEST:
        faults.append(Fault(place=path.name, problem="The file is too long", remedy=f"Keep it below {LARGEST:,} bytes"))
        return ""
    try:
        return content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        faults.append(Fault(place=path.name, problem="The file is not UTF-8", remedy="Save it as UTF-8"))
        return ""


def _faults(file: str, name: str, text: str) -> Iterator[Fault]:
    if name not in NAMES:
        yield Fault(place=file, problem="There is no page of this name", remedy=f"Pages are {', '.join(NAMES)}")
    for field in dict.fromkeys(_FIELD.findall(text)):
        if field not in FIELDS:
            remedy = f"What a text may name is {', '.join(f'(({one}))' for one in FIELDS)}"
            yield Fault(place=file, problem=f"There is no (({field}))", remedy=remedy)


def shipped(name: str) -> str:
    """The shipped text of a page."""
    return SHIPPED.joinpath(f"{name}.md").read_text(encoding="utf-8")


def html(name: str, own: Mapping[str, str], council: Council) -> Markup:
    """One text as HTML: the council's own where there is one, with the council's particulars filled in."""
    made = _made(own[name] if name in own else shipped(name), 2 if name in PAGES else 3)
    told = _FIELD.sub(lambda found: str(escape(getattr(council, found[1]))), made)
    return Markup(told)  # noqa: S704 - made from Markdown without HTML; what is filled in is escaped


@lru_cache(maxsize=32)
def _made(text: str, below: int) -> str:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = markdown.parse(text)
    _dress(tokens)
    _place_headings(tokens, below)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _dress(tokens: Sequence[Token]) -> None:
    """Gives each part the design system's class."""
    for token in tokens:
        if name := CLASSES.get(token.type):
            token.attrSet("class", name)
        _dress(token.children or ())


def _place_headings(tokens: Sequence[Token], below: int) -> None:
    """The highest heading of the text gets the level ``below``, however it was typed; the page has the first itself."""
    found = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1:]) for token in found), default=1)
    for token in found:
        level = min(int(token.tag[1:]) - highest + below, LEAST)
        token.tag = f"h{level}"
        if token.nesting == 1:
            token.attrSet("class", f"govuk-heading-{'m' if level == 2 else 's'}")
