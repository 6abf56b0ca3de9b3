"""A council's own folder of letter templates: read, and checked with every fault named at once.

It holds what the shipped folder ``letters`` holds: ``outcome/public/body.txt`` stands in the place of the shipped file
of that name, and what it does not hold is taken from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from traceback import extract_tb

from jinja2 import TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications import rendering
from notifications.letters import letters, samples
from notifications.letters.letters import CouncilFacts, LetterFacts
from notifications.rendering import SHARED, TemplateSet
from rules.errors import Fault, InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import Reader
from rules.words import nearest

ROOT = "letters"
FILES = ("subject.txt", "body.txt", "body.html")
LARGEST = 200_000
Letter = tuple[MessageKind, Reader]
_FOLDERS: Mapping[str, Letter] = {letters.folder_of(*letter): letter for letter in letters.MAY_LEARN}
_FACTS = frozenset(field.name for field in fields(LetterFacts))
_COUNCIL = frozenset(field.name for field in fields(CouncilFacts))
_TEMPLATE = "<template>"
EFFECTS = f"{ROOT}/{SHARED}/effect-"


def read(folder: Path) -> dict[str, str]:
    """Every file of the folder by the name of the shipped one in whose place it stands, such as ``letters/...``.

    Files whose name begins with a dot are left alone. Raises InvalidInput where there is no folder, and for files that
    can't be read as text, all at once.
    """
    if not folder.is_dir():
        raise InvalidInput.of(str(folder), "This is not a folder", "Name the folder with the council's own templates")
    texts, faults = {}, []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_dir() or any(part.startswith(".") for part in inside.parts):
            continue
        try:
            texts[f"{ROOT}/{inside.as_posix()}"] = _text(path)
        except (OSError, ValueError) as error:
            problem = f"This can't be read: {getattr(error, 'strerror', None) or error}"
            faults.append(Fault(place=inside.as_posix(), problem=problem, remedy="Save it as UTF-8 text"))
    if faults:
        raise InvalidInput(faults)
    return texts


def _text(path: Path) -> str:
    content = path.read_bytes()
    if len(content) > LARGEST:
        raise ValueError("it is larger than any letter")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from None


def templates(texts: Mapping[str, str], *, root: Path = rendering.TEMPLATES) -> TemplateSet:
    """The shipped templates with the council's own in their places."""
    return TemplateSet(root=root, own=tuple(sorted(texts.items())))


def check(texts: Mapping[str, str], *, root: Path = rendering.TEMPLATES) -> list[Fault]:
    """Everything that is wrong with these templates, by file; without any it looks through the shipped ones alone."""
    return list(_Check(texts, root).faults())


def require(texts: Mapping[str, str]) -> None:
    """Raises InvalidInput with every fault of the council's own templates."""
    if faults := check(texts):
        raise InvalidInput(faults)


class _Check:
    """One look through all templates: what each says in itself, then each letter as a whole."""

    def __init__(self, texts: Mapping[str, str], root: Path) -> None:
        self.texts = texts
        self.set = templates(texts, root=root)
        self.environment: ImmutableSandboxedEnvironment = rendering.environment(self.set.root, self.set.own)
        self.trees: dict[str, nodes.Template] = {}
        self.broken: set[str] = set()
        self.shipped = {path.relative_to(root).as_posix() for path in (root / ROOT).rglob("*") if path.is_file()}
        self.looked_at = set(texts) or self.shipped

    def faults(self) -> Iterator[Fault]:
        yield from self._parsed()
        yield from self._odd_files()
        yield from self._siblings()
        seen: set[str] = set()
        for folder, letter in _FOLDERS.items():
            for fault in self._of_letter(folder, letter):
                if (told := str(fault)) not in seen:
                    seen.add(told)
                    yield fault

    def _parsed(self) -> Iterator[Fault]:
        for name in sorted(self.shipped | set(self.texts)):
            try:
                source, _, _ = self.environment.loader.get_source(self.environment, name)  # type: ignore[union-attr]
                self.environment.compile(source, name)  # finds unknown filters and tests, which parsing does not
                self.trees[name] = self.environment.parse(source)
            except TemplateSyntaxError as error:
                problem = f"Syntax error in line {error.lineno}: {(error.message or '').rstrip('.')}"
                self.broken.add(name)
                yield _fault(name, problem, "Correct it; the syntax is that of Jinja2")

    # -- files -------------------------------------------------------------------------------------------------

    def _odd_files(self) -> Iterator[Fault]:
        used = {found for name in self.trees for found in self._referenced(name)}
        for name in sorted(self.texts):
            if name in self.shipped or (name.startswith(f"{ROOT}/{SHARED}/") and name in used):
                continue
            yield _fault(name, *_odd(name, self.shipped))

    def _siblings(self) -> Iterator[Fault]:
        for name in sorted(self.texts):
            text = re.sub(r"\.html$", ".txt", name)
            if text != name and text in self.shipped and text not in self.texts:
                problem = "HTML without its text: the two parts of the e-mail would not say the same"
                yield _fault(name, problem, f"Put {_short(text)} beside it")

    # -- letters -----------------------------------------------------------------------------------------------

    def _of_letter(self, folder: str, letter: Letter) -> Iterator[Fault]:
        told = letters.MAY_LEARN[letter]
        in_subject = frozenset(letters.in_subject(dict.fromkeys(told)))
        given = (in_subject, frozenset(told), frozenset(told) | {"title"})
        for file, allowed in zip(FILES, given, strict=True):
            name = f"{folder}/{file}"
            reached = self._reached(name)
            # What includes a broken file can't be looked at, and what the council has no part in need not be.
            if reached & self.broken or self.looked_at.isdisjoint(reached):
                continue
            found = list(self._names(name, letter, allowed))
            yield from found or self._tried(name, letter, allowed)

    def _names(self, first: str, letter: Letter, allowed: frozenset[str]) -> Iterator[Fault]:
        reached = self._reached(first)
        made = {name for one in reached for name in _assigned(self.trees[one])}
        for name in sorted(reached & self.looked_at - self.broken):
            tree = self.trees[name]
            unknown = meta.find_undeclared_variables(tree) - allowed - made - set(self.environment.globals)
            for word in sorted(unknown):
                yield _not_told(name, word, letter, allowed, line=_line(tree, word))
            for node in tree.find_all(nodes.Getattr):
                if isinstance(node.node, nodes.Name) and node.node.name == "council" and node.attr not in _COUNCIL:
                    problem = f"Line {node.lineno}: letters know nothing of council.{node.attr}"
                    yield _fault(name, problem, nearest(node.attr, _COUNCIL).capitalize())

    def _reached(self, first: str) -> set[str]:
        reached, todo = set(), [first]
        while todo:
            name = todo.pop()
            if name in reached:
                continue
            if name in self.broken:
                reached.add(name)
            elif name in self.trees:
                reached.add(name)
                todo += self._referenced(name)
        return reached

    def _referenced(self, name: str) -> Iterator[str]:
        for found in meta.find_referenced_templates(self.trees[name]):
            if found is not None:
                yield found
            else:  # a name put together: the parts about each kind of outcome are the only ones
                end = name[name.rindex(".") :]
                yield from (one for one in self.trees if one.startswith(EFFECTS) and one.endswith(end))

    def _tried(self, name: str, letter: Letter, allowed: frozenset[str]) -> Iterator[Fault]:
        for facts in samples.many(letter[0]):
            seen = letters.seen_by(letters.MAY_LEARN[letter], facts) | {"title": "-"}
            yield from self._filled(name, {fact: value for fact, value in seen.items() if fact in allowed})

    def _filled(self, name: str, what: Mapping[str, object]) -> Iterator[Fault]:
        try:
            filled = self.environment.get_template(name).render(what).strip()
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            where, line = self._where(error, name)
            problem = f"{f'Line {line}: ' if line else ''}it can't be filled in: {error}"
            yield _fault(where, problem, "Name only what this letter is given; docs/letters.md lists it")
            return
        if not filled:
            yield _fault(name, "It says nothing", "Write it, or leave the file out for the shipped one")
        elif name.endswith("subject.txt") and "\n" in filled:
            yield _fault(name, "A subject has one line, and this has more", "Write it on one line")

    def _where(self, error: Exception, first: str) -> tuple[str, int]:
        """The innermost template that an error comes from, with its line."""
        for frame in reversed(extract_tb(error.__traceback__)):
            place = Path(frame.filename)
            if place.is_relative_to(self.set.root):
                return place.relative_to(self.set.root).as_posix(), frame.lineno or 0
            if frame.filename == _TEMPLATE:
                return first if first in self.texts else min(self._reached(first) & set(self.texts)), frame.lineno or 0
        return first, 0


def _odd(name: str, shipped: set[str]) -> tuple[str, str]:
    parts = _short(name).split("/")
    kinds = sorted({one.split("/")[1] for one in shipped})
    if len(parts) == 1:
        return "No letter uses this file", "Put it into the folder of a kind of letter, or elsewhere"
    if parts[0] not in kinds:
        return f"There is no kind of letter {parts[0]!r}", nearest(parts[0], kinds).capitalize()
    beside = sorted(one.removeprefix(f"{ROOT}/") for one in shipped if one.startswith(f"{ROOT}/{parts[0]}/"))
    problem = "No letter includes this file" if parts[0] == SHARED else "No letter uses this file"
    return problem, nearest("/".join(parts), beside).capitalize()


def _not_told(name: str, word: str, letter: Letter, allowed: frozenset[str], *, line: int) -> Fault:
    kind, reader = letter
    at = f"Line {line}: " if line else ""
    who = f"the {reader} reader of this {kind} letter"
    if word not in _FACTS:
        problem = f"{at}the {kind} letter for a {reader} reader is given no {word!r}"
        return _fault(name, problem, nearest(word, allowed).capitalize())
    problem = f"{at}{who} may not learn {word}"
    if name.endswith("subject.txt"):
        problem = f"{at}a subject is read by anybody who sees the screen, and must not mention {word}"
    return _fault(name, problem, f"Leave it out; there may be: {', '.join(sorted(allowed))}")


def _assigned(tree: nodes.Template) -> set[str]:
    """The names that a template itself gives a value to: what it includes can use them."""
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}


def _line(tree: nodes.Template, word: str) -> int:
    return min((node.lineno for node in tree.find_all(nodes.Name) if node.name == word), default=0)


def _fault(name: str, problem: str, remedy: str) -> Fault:
    return Fault(place=_short(name), problem=problem, remedy=remedy)


def _short(name: str) -> str:
    return name.removeprefix(f"{ROOT}/")
