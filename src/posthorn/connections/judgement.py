"""Judges what a package says a typed text names, against what is known of the client; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from posthorn.connections.stages import Stage
from posthorn.sdk.matches import ENTERPRISE_NUMBER, VAT_NUMBER, Match
from posthorn.tenancy.errors import BadNumberError
from posthorn.tenancy.numbers import Number, NumberScheme, equivalents, normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

# More than anybody reads: who typed a code that so many have, types another one.
CANDIDATES_MAX: Final = 50
_CHARS: Final = 200
_FACTS_MAX: Final = 20
_SCHEMES: Final = {VAT_NUMBER: NumberScheme.VAT, ENTERPRISE_NUMBER: NumberScheme.ENTERPRISE}

VANISHED: Final = "place_vanished"
NUMBER_CHANGED: Final = "place_number_changed"
TAKEN: Final = "place_taken"


class Likeness(StrEnum):
    """Whether a place in a package has the client's own VAT or enterprise number."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # one of the two has none that can be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked up: a typed text, or the place it was verified as, with its facts then."""

    none_code: str  # of the connector: said when nothing matches
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a look-up came to; `match` is set when it is verified."""

    stage: Stage
    code: str = ""
    match: Match | None = None
    candidates: Sequence[Match] = ()


def judge(asked: Asked, found: Sequence[Match], known: Collection[Number]) -> Judgement:
    """Decide what follows from what the package gave; `known` are the client's numbers."""
    if asked.value:
        return _judge_again(asked, found, known)
    if not found:
        return Judgement(stage=Stage.REFUSED, code=asked.none_code)
    free = [one for one in found if not one.blocked]
    if not free:
        return Judgement(stage=Stage.REFUSED, code=found[0].blocked, candidates=kept(found))
    # The client's own number beside the one company that the code names is what a person would
    # compare: asking for a click would teach people to confirm unread. Everything else is asked.
    only = found[0] if len(found) == 1 else None
    if only and not only.remark and likeness(known, only.facts) is Likeness.SAME:
        return Judgement(stage=Stage.VERIFIED, match=trimmed(only))
    return Judgement(stage=Stage.UNDECIDED, candidates=kept(found))


def _judge_again(asked: Asked, found: Sequence[Match], known: Collection[Number]) -> Judgement:
    """Look at a place that was verified: its key never changes, all else may."""
    place = next((one for one in found if one.value == asked.value), None)
    if place is None:
        return Judgement(stage=Stage.LOST, code=VANISHED)
    if place.blocked:
        return Judgement(stage=Stage.LOST, code=place.blocked)
    is_other = numbers_in(asked.facts) != numbers_in(place.facts)
    if is_other and likeness(known, place.facts) is Likeness.DIFFERENT:
        return Judgement(stage=Stage.UNDECIDED, code=NUMBER_CHANGED, candidates=kept([place]))
    return Judgement(stage=Stage.VERIFIED, match=trimmed(place))


def likeness(known: Collection[Number], facts: Mapping[str, str]) -> Likeness:
    """Compare a client's numbers with those of a place."""
    mine, theirs = _comparable(known), _comparable(numbers_in(facts))
    if mine & theirs:
        return Likeness.SAME
    schemes = {one.scheme for one in mine} & {one.scheme for one in theirs}
    return Likeness.DIFFERENT if schemes else Likeness.UNKNOWN


def numbers_in(facts: Mapping[str, str]) -> frozenset[Number]:
    """Read the numbers of a place; what is no valid number is left out."""
    country = facts.get("country", "").strip().upper()[:2] or "BE"
    return frozenset(
        number
        for name, scheme in _SCHEMES.items()
        if (number := _read(scheme, facts.get(name, ""), country))
    )


def _read(scheme: NumberScheme, text: str, country: str) -> Number | None:
    if not text.strip():
        return None
    try:
        return normalised(scheme, text, country=country)
    except BadNumberError:
        return None


def _comparable(numbers: Iterable[Number]) -> frozenset[Number]:
    wanted = set(_SCHEMES.values())
    return frozenset(each for one in numbers for each in equivalents(one) if each.scheme in wanted)


def preferred(candidates: Sequence[Match], known: Collection[Number]) -> str:
    """Give the value to choose beforehand: the only free one, or the only one alike."""
    free = [one for one in candidates if not one.blocked]
    alike = [one for one in free if likeness(known, one.facts) is Likeness.SAME]
    chosen = alike or free
    return chosen[0].value if len(chosen) == 1 else ""


def kept(found: Sequence[Match]) -> Sequence[Match]:
    """Give what is kept to choose from."""
    return [trimmed(one) for one in found[:CANDIDATES_MAX]]


def trimmed(match: Match) -> Match:
    """Cut what a package says to what is kept of it."""
    facts = {str(name)[:_CHARS]: str(value)[:_CHARS] for name, value in match.facts.items()}
    return Match(
        value=match.value,
        label=match.label[:_CHARS],
        facts=dict(list(facts.items())[:_FACTS_MAX]),
        remark=match.remark[:60],
        blocked=match.blocked[:60],
    )


def to_json(match: Match) -> dict[str, Any]:
    """Write a match as it is stored."""
    return {
        "value": match.value,
        "label": match.label,
        "facts": dict(match.facts),
        "remark": match.remark,
        "blocked": match.blocked,
    }


def from_json(stored: Mapping[str, Any]) -> Match:
    """Read a stored match."""
    return Match(**stored)


def usable(found: object) -> list[Match]:
    """Return what a connector gave when it is what the contract says. Raises TypeError."""
    if not isinstance(found, list | tuple) or not all(isinstance(one, Match) for one in found):
        msg = "`matches` must give a sequence of Match"
        raise TypeError(msg)
    if any(not 0 < len(one.value) <= _CHARS for one in found):
        msg = f"a Match needs a value of 1 to {_CHARS} characters"
        raise TypeError(msg)
    return list(found)
