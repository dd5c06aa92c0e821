"""The calls to Exact's REST interface that every part of this connector makes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from posthorn.connectors.exact_online import faults, odata
from posthorn.connectors.exact_online.odata import Entity, OddAnswerError
from posthorn.sdk import Context, Response, Scope, Unavailable, Uncertain

API: Final = "/api/v1"
_ME: Final = f"{API}/current/Me"
_MAX_PAGES: Final = 100  # of sixty
_ACCEPT: Final = {"Accept": "application/json"}  # without it Exact answers Atom
_WRITING: Final = {**_ACCEPT, "Prefer": "return=representation"}


class OtherHostError(Unavailable):
    """Follow no address that leads away from the site: the token would go along."""

    def __init__(self, address: str) -> None:
        super().__init__("odd_answer", scope=Scope.DOCUMENT, detail=f"next page {address[:200]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls in one company; `company` is its number in Exact's addresses."""

    ctx: Context
    company: str
    is_mailbox: bool = False

    def path(self, resource: str) -> str:
        """Return the path of a resource of the company; Exact tells capitals apart."""
        return f"{API}/{self.company}/{resource}"

    def rows(self, resource: str, **query: str) -> Iterator[Entity]:
        """Yield the entities of a list, page after page; reads only.

        `query` holds options without their dollar sign. Raises an outcome.
        """
        answer = self._read(self.path(resource), {f"${name}": each for name, each in query.items()})
        for _ in range(_MAX_PAGES):
            rows, following = self._understood(answer)
            yield from rows
            if not following:
                return
            answer = self._follow(following)

    def one(self, resource: str, **query: str) -> Entity | None:
        """Return the first entity of a list, None when there is none; reads only."""
        return next(self.rows(resource, **query), None)

    def me(self) -> Entity:
        """Return who is signed in; the one resource outside any company."""
        fields = "UserID,UserName,FullName,Email,CurrentDivision,DivisionCustomerName"
        answer = self._read(_ME, {"$select": fields})
        try:
            return odata.entity_of(answer)
        except OddAnswerError as error:
            raise _unreadable(answer, str(error)) from error

    def post(self, resource: str, content: Mapping[str, object]) -> Response:
        """Send one entity; the answer as it came, whatever it says. Raises what `write` raises."""
        return self.ctx.http.write(
            "POST",
            self.path(resource),
            body=json.dumps(content, ensure_ascii=False).encode(),
            media_type="application/json",
            headers=_WRITING,
            scope=self.company,
        )

    def _follow(self, address: str) -> Response:
        """Read the next page, which must be of the same site."""
        there, here = urlsplit(address), urlsplit(self.ctx.http.base)
        is_ours = (there.scheme, there.netloc) == (here.scheme, here.netloc)
        if not is_ours or not there.path.startswith(f"{API}/"):
            raise OtherHostError(address)
        return self._read(there.path, dict(parse_qsl(there.query)))

    def _read(self, path: str, query: Mapping[str, str]) -> Response:
        http = self.ctx.http
        answer = http.read(path, params=query, headers=_ACCEPT, scope=self.company)
        if answer.status == HTTPStatus.OK:
            return answer
        raise faults.refused_read(answer, self.ctx.now, is_mailbox=self.is_mailbox)

    def _understood(self, answer: Response) -> tuple[Iterator[Entity], str]:
        try:
            rows, following = odata.page_of(answer)
        except OddAnswerError as error:
            raise _unreadable(answer, str(error)) from error
        return iter(rows), following


def _unreadable(answer: Response, why: str) -> Unavailable:
    return Unavailable("odd_answer", scope=Scope.DOCUMENT, detail=f"{answer.status}: {why}")


def created(answer: Response) -> Entity:
    """Return the entity that a POST made, with its key. Raises Uncertain when it does not say."""
    if answer.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        raise Uncertain("unreadable_answer", detail=faults.detail_of(answer))
    try:
        entity = odata.entity_of(answer)
    except OddAnswerError as error:
        raise Uncertain("unreadable_answer", detail=str(error)) from error
    if not odata.guid(entity.get("ID")):
        raise Uncertain("unreadable_answer", detail="the answer names no ID")
    return entity
