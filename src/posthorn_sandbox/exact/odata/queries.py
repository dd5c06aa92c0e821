"""The query options of a list: which rows, in which order, which fields, which page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cmp_to_key
from typing import Any
from urllib.parse import parse_qsl, quote

from posthorn_sandbox.exact.odata.filters import Test, read_filter
from posthorn_sandbox.exact.odata.literals import FilterError, read_literal
from posthorn_sandbox.exact.odata.schema import Kind, Row, Spec

_OPTIONS = frozenset(
    {
        "$filter",
        "$select",
        "$orderby",
        "$top",
        "$skip",
        "$expand",
        "$skiptoken",
        "$inlinecount",
        "$format",
    }
)
_NUMBER = re.compile("[0-9]{1,9}")
_UNORDERED = frozenset({Kind.NAV, Kind.BYTES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list was asked for; `order` is (field, is descending), the key always last."""

    test: Test | None = None
    select: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    after: tuple[object, ...] | None = None
    expand: tuple[str, ...] = ()
    has_count: bool = False
    is_filtered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a list answers: rows, how many there are in all, and the options of the next page."""

    rows: Sequence[Row]
    total: int
    next_options: str | None = None


def parse_options(query: str) -> dict[str, str]:
    """Read a query string; the last value wins where a name comes twice."""
    return dict(parse_qsl(query, keep_blank_values=True))


def read_query(options: Mapping[str, str], spec: Spec, int64_literal: str = "both") -> Query:
    """Read the options of a list. Raises FilterError."""
    unknown = [name for name in options if name.startswith("$") and name not in _OPTIONS]
    if unknown:
        raise FilterError(f"there is no option {unknown[0]}")
    names = spec.filterable or spec.fields.keys()
    filterable = {name: spec.fields[name] for name in names}
    text = options.get("$filter")
    token = options.get("$skiptoken")
    return Query(
        test=None if text is None else read_filter(text, filterable, int64_literal),
        select=_select(options.get("$select"), spec),
        order=_order(options.get("$orderby"), spec),
        top=_number(options.get("$top")),
        skip=_number(options.get("$skip")) or 0,
        after=None if token is None else _after(token),
        expand=_expand(options.get("$expand"), spec),
        has_count=_counts(options.get("$inlinecount")),
        is_filtered=text is not None,
    )


def run_query(query: Query, spec: Spec, rows: Iterable[Row], options: Mapping[str, str]) -> Page:
    """Filter, order and cut. Raises FilterError for a page's mark that fits no order."""
    found = [row for row in rows if query.test is None or query.test(row)]
    total = len(found)
    order = (*query.order, (spec.key, False))
    found.sort(key=cmp_to_key(lambda one, other: _compare(_values(one, order), other, order)))
    if query.after is not None:
        mark = query.after
        if len(mark) != len(order):
            raise FilterError("the page's mark does not fit the order")
        found = [row for row in found if _compare(mark, row, order) < 0]
    found = found[query.skip :]
    wanted = len(found) if query.top is None else min(query.top, len(found))
    page = found[: min(wanted, spec.page_size)]
    if len(page) == wanted:
        return Page(rows=page, total=total)
    rest = None if query.top is None else query.top - len(page)
    mark = _values(page[-1], order)
    return Page(rows=page, total=total, next_options=_next(options, rest, mark, order, spec))


def _next(
    options: Mapping[str, str],
    rest: int | None,
    mark: Sequence[object],
    order: Sequence[tuple[str, bool]],
    spec: Spec,
) -> str:
    kept = {name: value for name, value in options.items() if name not in {"$skip", "$skiptoken"}}
    if rest is not None:
        kept["$top"] = str(rest)
    written = [
        _literal(spec.fields[name].kind, value)
        for (name, _), value in zip(order, mark, strict=True)
    ]
    parts = [f"{quote(name, safe='$')}={quote(value, safe=',')}" for name, value in kept.items()]
    return "&".join([*parts, f"$skiptoken={','.join(written)}"])


def _literal(kind: Kind, value: object) -> str:
    if value is None:
        return "null"
    write = _WRITTEN.get(kind)
    return _quoted(value) if write is None else write(value)


def _quoted(value: object) -> str:
    doubled = str(value).replace("'", "''")
    return "'" + quote(doubled, safe="'") + "'"


def iso_of(milliseconds: int) -> str:
    """Write a date as a literal holds it, such as 2018-09-21T04:18:55.617."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds")


_WRITTEN: Mapping[Kind, Callable[[object], str]] = {
    Kind.GUID: lambda value: f"guid'{value}'",
    Kind.DATE: lambda value: f"datetime'{quote(iso_of(int(str(value))))}'",
    Kind.BOOL: lambda value: "true" if value else "false",
    Kind.INT: str,
    Kind.DOUBLE: str,
    Kind.LONG: str,
}


def _values(row: Row, order: Sequence[tuple[str, bool]]) -> tuple[object, ...]:
    return tuple(row.get(name) for name, _ in order)


def _compare(mark: Sequence[object], row: Row, order: Sequence[tuple[str, bool]]) -> int:
    for value, (name, is_descending) in zip(mark, order, strict=True):
        found = _one_before_other(value, row.get(name))
        if found:
            return -found if is_descending else found
    return 0


def _one_before_other(one: Any, other: Any) -> int:  # noqa: ANN401  both have the field's type
    if one is None or other is None:
        return (one is not None) - (other is not None)
    try:
        return int(one > other) - int(one < other)
    except TypeError as wrong:
        raise FilterError("the page's mark does not fit the order") from wrong


def _after(token: str) -> tuple[object, ...]:
    return tuple(_mark(part) for part in _split_commas(token))


def _mark(part: str) -> object:
    words = {"null": None, "true": True, "false": False}
    return words[part] if part in words else read_literal(part)


def _split_commas(token: str) -> list[str]:
    """Split at commas outside quotes."""
    parts, is_quoted = [""], False
    for sign in token:
        is_quoted ^= sign == "'"
        if sign == "," and not is_quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _select(text: str | None, spec: Spec) -> tuple[str, ...]:
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in spec.fields and name.partition("/")[0] not in spec.navigations:
            raise FilterError(f"there is no field {name}")
    return names


def _order(text: str | None, spec: Spec) -> tuple[tuple[str, bool], ...]:
    if text is None:
        return ()
    found = []
    for part in text.split(","):
        name, *direction = part.split()[:3] or [""]
        known = spec.fields.get(name)
        if known is None or known.kind in _UNORDERED or direction not in ([], ["asc"], ["desc"]):
            raise FilterError(f"cannot order by {part.strip()}")
        found.append((name, direction == ["desc"]))
    return tuple(found)


def _expand(text: str | None, spec: Spec) -> tuple[str, ...]:
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in spec.navigations:
            raise FilterError(f"there is nothing to expand called {name}")
    return names


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise FilterError(f"{text!r} is no number")
    return int(text)


def _counts(text: str | None) -> bool:
    if text not in {None, "allpages", "none"}:
        raise FilterError(f"{text!r} counts nothing")
    return text == "allpages"
