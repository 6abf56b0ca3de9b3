"""Pages as a test reads them: the words, the links, and the forms with what stands in their fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = {"script", "style", "head"}


@dataclass(slots=True)
class HtmlForm:
    """One form: where it goes and what would be sent if nothing were changed."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class HtmlPage:
    """One page."""

    words: str
    links: list[str]
    forms: list[HtmlForm]
    ids: set[str]

    def form(self) -> HtmlForm:
        """The page's last posting form; the first is the one that signs out."""
        return [form for form in self.forms if form.method == "post"][-1]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self.forms: list[HtmlForm] = []
        self.ids: set[str] = set()
        self._silent = 0
        self._inert = 0
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self._inert += tag == "template"  # what a browser shows and sends nothing of, until a script takes it out
        if self._inert:
            return
        self.ids.add(told.get("id") or "")
        self._silent += tag in SILENT
        if tag == "a":
            self.links.append(told.get("href") or "")
        elif tag == "form":
            self.forms.append(HtmlForm(told.get("method", "get"), told.get("action") or ""))
        elif self.forms:
            self._field(tag, told)

    def _field(self, tag, told):
        name, values = told.get("name") or "", self.forms[-1].values
        if tag == "input" and (told.get("type") not in {"checkbox", "radio"} or "checked" in told):
            values[name] = told.get("value") or ""
        elif tag == "textarea":
            self._area = name
            values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in values or "selected" in told):
            values[self._select] = told.get("value") or ""

    def handle_endtag(self, tag):
        if self._inert:
            self._inert -= tag == "template"
            return
        self._silent -= tag in SILENT
        if tag == "textarea":
            values = self.forms[-1].values
            values[self._area] = values[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data):
        if self._inert:
            return
        if self._area:
            self.forms[-1].values[self._area] += data
        elif not self._silent:
            self.text.append(data)


def read(html: str) -> HtmlPage:
    """The page that this HTML makes."""
    reader = _Reader()
    reader.feed(html)
    words = re.sub(r"\s+", " ", " ".join(reader.text)).replace(" ,", ",").replace(" .", ".")
    return HtmlPage(words=words, links=reader.links, forms=reader.forms, ids=reader.ids)
