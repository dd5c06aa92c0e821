"""The page of a delivery's states and moves, from the tables that the engine obeys."""

from __future__ import annotations

from posthorn.delivery.states import HOLDS, MOVES, STATES, Hold, State
from tools.docs.markdown import code, page, table

_INTRODUCTION = """\
Every delivery is in one of these states. No other move than those listed below can happen: the
engine refuses it, and the audit trail has an entry for each that did. A final state stays; sending
again makes a new delivery that names the first."""
_ACTORS = """\
`engine`: a worker that sends. `sweep`: the round that clears up after a worker that died. `person`:
somebody of the firm or the operator, by screen or command. `settings`: a setting that changed.
`evidence`: a later word from outside, such as a returned mail or the package's own answer."""
_HOLDS = """\
Nothing is skipped in silence: what cannot go now waits here and says why. Those marked *yes* go on
by themselves once their cause is gone; the others wait for a person's decision."""


def render() -> str:
    """Give the page."""
    return page(
        "States of a delivery",
        "src/posthorn/delivery/states.py",
        _INTRODUCTION,
        table(("State", "On screen", "Why", "Who must act", "Button", "Final"), _states()),
        "## Moves",
        _ACTORS,
        table(("From", "To", "By"), _moves()),
        "## Reasons for being on hold",
        _HOLDS,
        table(("Reason", "Why", "Who must act", "Goes on by itself"), _holds()),
    )


def _states() -> list[tuple[str, ...]]:
    return [
        (
            code(state),
            meaning.word,
            meaning.why,
            meaning.who,
            meaning.button,
            _tick(meaning.is_final),
        )
        for state, meaning in sorted(STATES.items(), key=lambda item: list(State).index(item[0]))
    ]


def _moves() -> list[tuple[str, ...]]:
    order = list(State)
    pairs = sorted(MOVES, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    return [(code(a), code(b), ", ".join(sorted(MOVES[a, b]))) for a, b in pairs]


def _holds() -> list[tuple[str, ...]]:
    return [
        (code(reason), HOLDS[reason].why, HOLDS[reason].who, _tick(HOLDS[reason].is_automatic))
        for reason in Hold
    ]


def _tick(is_so: bool) -> str:  # noqa: FBT001  # one column's value
    return "yes" if is_so else ""
