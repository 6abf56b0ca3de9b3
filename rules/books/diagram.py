"""The pathway as a picture: Mermaid for documents, SVG for a page without JavaScript, both from its one table."""

from __future__ import annotations

from html import escape

from rules import pathway
from rules.pathway import Transition
from rules.vocabulary import State, Trigger

WIDTH, HEIGHT = 960, 432
BOX_WIDTH, BOX_HEIGHT = 180, 56
# The top left corner of each state: the way to a decision above, what follows it below and back to the left.
PLACES = {
    State.RECEIVED: (10, 30),
    State.SCREENING: (263, 30),
    State.AWAITING_DECISION: (516, 30),
    State.DECIDED: (769, 30),
    State.AWAITING_ALLOCATION: (769, 220),
    State.ALLOCATED: (516, 220),
    State.CLOSED: (263, 220),
    State.SET_ASIDE: (10, 220),
}
# What leads out of the ordinary, or from almost everywhere, stands below the picture in words.
TOLD = frozenset({Trigger.CORRECT, Trigger.TAKE_BACK, Trigger.BACK_TO_ALLOCATION, Trigger.SET_ASIDE, Trigger.RESTORE})
ONLY_IN = {Trigger.DECIDE: " in immediate danger"}
NOTES_BEGIN, NOTES_STEP = 314, 22
# Arrows that do not run straight from box to box: their points, and where the label stands.
BENT = {
    (State.DECIDED, State.CLOSED): (((800, 86), (800, 153), (353, 153), (353, 220)), (576, 145)),
    (State.DECIDED, State.AWAITING_ALLOCATION): (((879, 86), (879, 220)), (871, 185)),
    (State.CLOSED, State.AWAITING_DECISION): (((263, 248), (225, 248), (225, 120), (606, 120), (606, 86)), (415, 112)),
}
INK, PAPER, LINE = "#0b0c0c", "#ffffff", "#1d70b8"


def mermaid() -> str:
    """A Mermaid state diagram of the pathway."""
    names = [f"    {_key(state)} : {state}" for state in State]
    begin = f"    [*] --> {_key(pathway.INITIAL)}"
    arrows = [f"    {_key(arrow.source)} --> {_key(arrow.target)} : {arrow.trigger}" for arrow in pathway.TRANSITIONS]
    end = f"    {_key(State.CLOSED)} --> [*]"
    return "\n".join(["stateDiagram-v2", *names, begin, *arrows, end]) + "\n"


def _key(state: State) -> str:
    return state.replace(" ", "_")


def in_words(arrow: Transition) -> str:
    """An arrow in words, such as: received to screening: begin screening."""
    needs = f" (needs: {', '.join(guard.name for guard in arrow.guards)})" if arrow.guards else ""
    return f"{arrow.source} to {arrow.target}: {arrow.trigger}{needs}"


def svg(*, current: State | None = None) -> str:
    """An accessible SVG picture of the pathway, with the state where a referral stands drawn heavier."""
    described = ". ".join(in_words(arrow) for arrow in pathway.TRANSITIONS)
    now = f" The referral is now {current}." if current else ""
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        ' role="img" aria-labelledby="pathway-title pathway-desc" font-family="Arial, sans-serif">'
    )
    arrowhead = (
        '<defs><marker id="pathway-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9"'
        f' orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="{INK}"/></marker></defs>'
    )
    parts = [
        opening,
        '<title id="pathway-title">The pathway of a referral</title>',
        f'<desc id="pathway-desc">{escape(described)}.{now}</desc>',
        arrowhead,
        *(_arrow(arrow) for arrow in pathway.TRANSITIONS if is_drawn(arrow)),
        *(_box(state, heavy=state is current) for state in State),
        *(_note(at, note) for at, note in enumerate(notes())),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def is_drawn(arrow: Transition) -> bool:
    """True for an arrow that is drawn; the others are told in ``notes``."""
    if arrow.trigger is Trigger.DECIDE:
        return arrow.source is State.AWAITING_DECISION
    return arrow.trigger not in TOLD


def notes() -> list[str]:
    """The arrows that are not drawn, one line a step and state that it leads to."""
    told: dict[tuple[Trigger, State], list[State]] = {}
    for arrow in pathway.TRANSITIONS:
        if not is_drawn(arrow):
            told.setdefault((arrow.trigger, arrow.target), []).append(arrow.source)
    return [
        f"{trigger}{ONLY_IN.get(trigger, '')}: from {_from(sources, target)} to {target}"
        for (trigger, target), sources in told.items()
    ]


def _from(sources: list[State], target: State) -> str:
    everywhere = set(sources) == set(State) - {target}
    return "every other state" if everywhere else " or ".join(sources)


def _note(at: int, note: str) -> str:
    return f'<text x="10" y="{NOTES_BEGIN + at * NOTES_STEP}" font-size="15" fill="{INK}">{escape(note)}</text>'


def _box(state: State, *, heavy: bool) -> str:
    x, y = PLACES[state]
    fill, ink, weight = (LINE, PAPER, "bold") if heavy else (PAPER, INK, "normal")
    size = f'x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="4"'
    box = f'<rect {size} fill="{fill}" stroke="{LINE}" stroke-width="3"/>'
    middle = f'x="{x + BOX_WIDTH // 2}" y="{y + BOX_HEIGHT // 2 + 6}"'
    text = (
        f'<text {middle} text-anchor="middle" font-size="17" font-weight="{weight}" fill="{ink}">{escape(state)}</text>'
    )
    return f"{box}{text}"


def _arrow(arrow: Transition) -> str:
    points, (x, y) = BENT.get((arrow.source, arrow.target)) or _straight(arrow)
    path = " ".join(f"{across},{down}" for across, down in points)
    line = f'<polyline points="{path}" fill="none" stroke="{INK}" stroke-width="2" marker-end="url(#pathway-arrow)"/>'
    anchor = "end" if len(points) == 2 and points[0][0] == points[1][0] else "middle"
    label = f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="14" fill="{INK}">{escape(arrow.trigger)}</text>'
    return f"{line}{label}"


def _straight(arrow: Transition) -> tuple[tuple[tuple[int, int], ...], tuple[int, int]]:
    (from_x, from_y), (to_x, _) = PLACES[arrow.source], PLACES[arrow.target]
    middle = from_y + BOX_HEIGHT // 2
    begin, end = (from_x + BOX_WIDTH, to_x) if to_x > from_x else (from_x, to_x + BOX_WIDTH)
    # The label stands above or below the boxes' row: between two boxes there is no room for it.
    return ((begin, middle), (end, middle)), ((begin + end) // 2, from_y - 10)
