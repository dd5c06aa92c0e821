"""Carries out a call on one resource and writes its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from posthorn_sandbox.exact.house import House, Refusal, Visit
from posthorn_sandbox.exact.odata import answers
from posthorn_sandbox.exact.odata.answers import View
from posthorn_sandbox.exact.odata.queries import Page, Query, read_query, run_query
from posthorn_sandbox.exact.odata.schema import Row
from posthorn_sandbox.exact.resources.ledger import LINE
from posthorn_sandbox.exact.resources.resource import Resource
from posthorn_sandbox.exact.target import Target
from posthorn_sandbox.exact.texts import Text
from posthorn_sandbox.exact.wire import Call, Reply

_NO_CONTENT = Reply(status=204)


class Reader:
    """Answers GET, POST, PUT and DELETE of a resource, once the caller may."""

    def __init__(self, house: House) -> None:
        self._house = house

    def reply(
        self, call: Call, visit: Visit, resource: Resource, target: Target, *, is_json: bool
    ) -> Reply:
        """Answer. Raises Refusal and FilterError."""
        if call.method == "GET":
            return self._got(visit, resource, target, is_json=is_json)
        if call.method == "POST":
            if target.key is not None:
                raise Refusal(405, Text.METHOD)
            return self._posted(call, visit, resource, is_json=is_json)
        row = _found(visit, resource, target)
        if call.method == "PUT":
            resource.change(visit, row, _body(call))
        else:
            resource.remove(visit, row)
        return _NO_CONTENT

    def _got(self, visit: Visit, resource: Resource, target: Target, *, is_json: bool) -> Reply:
        switches = self._house.switches
        query = read_query(visit.options, resource.spec, switches.int64_literal)
        if target.key is not None:
            return self._one(visit, resource, target, query, is_json=is_json)
        self._demand_select(resource, query)
        page = run_query(query, resource.spec, resource.rows(visit), visit.options)
        if target.is_count:
            return Reply(body=str(page.total).encode())
        view = _view(visit, resource, query)
        next_link = None
        if page.next_options is not None:
            next_link = f"{view.list_address}?{page.next_options}"
        if not is_json:
            return _atom(answers.atom_feed(view, page.rows, next_link))
        return _json(self._list(view, query, page, next_link))

    def _list(self, view: View, query: Query, page: Page, next_link: str | None) -> bytes:
        # With $top up to a page the array stands bare below d (recorded 2026-06-25).
        is_short = query.top is not None and query.top <= view.spec.page_size
        is_bare = is_short and not query.has_count and not self._house.switches.wraps_top
        total = page.total if query.has_count else None
        entities = [answers.entity(view, row) for row in page.rows]
        return answers.listed(entities, is_bare=is_bare, total=total, next_link=next_link)

    def _one(
        self, visit: Visit, resource: Resource, target: Target, query: Query, *, is_json: bool
    ) -> Reply:
        row = _found(visit, resource, target)
        if target.inner is not None:
            if target.inner not in resource.spec.navigations:
                raise Refusal(404, Text.NOT_FOUND)
            lines = _lines(visit, resource.expanded(visit, target.inner, row))
            return _json(answers.listed(lines, is_bare=False))
        view = _view(visit, resource, query)
        if not is_json:
            return _atom(answers.atom_entry(view, row))
        return _json(answers.envelope(answers.entity(view, row)))

    def _posted(self, call: Call, visit: Visit, resource: Resource, *, is_json: bool) -> Reply:
        row = resource.create(visit, _body(call))
        view = View(spec=resource.spec, root=visit.api_root)
        prefers = "return=representation" in call.headers.get("prefer", "")
        if self._house.switches.needs_prefer and not prefers:
            key = resource.spec.key
            row = {key: row[key], "ID": row["ID"]}
        if not is_json:
            return _atom(answers.atom_entry(view, row), 201)
        body = answers.envelope(answers.entity(view, row))
        return Reply(status=201, body=body, media_type=answers.JSON)

    def _demand_select(self, resource: Resource, query: Query) -> None:
        is_meant = resource.spec.path in self._house.switches.demands_select
        if is_meant and not (query.is_filtered or query.select or query.top == 1):
            raise Refusal(400, Text.SELECT)


def _found(visit: Visit, resource: Resource, target: Target) -> Row:
    row = None if target.key is None else resource.find(visit, target.key)
    if row is None:
        raise Refusal(404, Text.NOT_FOUND)
    return row


def _view(visit: Visit, resource: Resource, query: Query) -> View:
    def expand(name: str, row: Row) -> list[dict[str, object]]:
        return _lines(visit, resource.expanded(visit, name, row))

    wanted = {name: lambda row, name=name: expand(name, row) for name in query.expand}
    return View(spec=resource.spec, root=visit.api_root, select=query.select, expanded=wanted)


def _lines(visit: Visit, rows: Sequence[Row]) -> list[dict[str, object]]:
    view = View(spec=LINE, root=visit.api_root)
    return [answers.entity(view, row) for row in rows]


def _json(body: bytes) -> Reply:
    return Reply(body=body, media_type=answers.JSON)


def _atom(body: bytes, status: int = 200) -> Reply:
    return Reply(status=status, body=body, media_type=answers.ATOM)


def _body(call: Call) -> Mapping[str, object]:
    try:
        given = json.loads(call.body)
    except (ValueError, RecursionError) as wrong:
        raise Refusal(400, Text.SYNTAX) from wrong
    if not isinstance(given, dict):
        raise Refusal(400, Text.SYNTAX)
    return given
