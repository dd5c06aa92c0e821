"""Maps a document to one upload, sends it, and says what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote

from posthorn.documents.model import Format
from posthorn.sdk import (
    AuthorizationLost,
    Capability,
    Connector,
    Context,
    Depth,
    Document,
    Idempotency,
    Kind,
    Misconfigured,
    Outcome,
    Prepared,
    RateLimited,
    Receipt,
    Rejected,
    Response,
    Unavailable,
    Uncertain,
)

from .spec import HOST, SPEC  # noqa: TID252  so that the folder works under any name

MAX_BYTES = 10_000_000
OPTIONS_MAX = 500

_INVOICES = Capability(
    formats=frozenset({Format.UBL_INVOICE, Format.UBL_CREDIT_NOTE}),
    depth=Depth.DRAFT,
    # The address of an upload holds our key, and a second PUT to it changes nothing.
    idempotency=Idempotency.NATIVE,
    max_bytes=MAX_BYTES,
)


class ExamplePackage(Connector):
    """Puts each invoice at an address of its own in the package's inbox."""

    spec = SPEC

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        """Take invoices and credit notes of both directions."""
        del settings
        return {Kind.PURCHASE: _INVOICES, Kind.SALES: _INVOICES}

    def check(self, ctx: Context) -> str:
        """Return the name of the user the key belongs to."""
        return str(_member(_read(ctx, "/me"), "name"))

    def choices(self, ctx: Context, field: str) -> Sequence[tuple[str, str]]:
        """Return the administrations this key may use."""
        del field
        rows = _member(_read(ctx, "/administrations"), "rows")
        found = rows if isinstance(rows, list) else []
        return [(str(row["id"]), str(row["name"])) for row in found[:OPTIONS_MAX]]

    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        """Send the file as it is; where it goes is part of the address."""
        capability = self.capabilities(ctx.settings).get(document.kind)
        if capability is None or document.format not in capability.formats:
            raise Rejected("format_not_taken", detail=document.format)
        if len(document.content) > capability.max_bytes:
            raise Rejected("too_large")
        administration = ctx.settings.get("administration")
        if not administration:
            raise Misconfigured("missing_administration", field="administration")
        path = f"/administrations/{quote(administration, safe='')}/{document.kind}/{key}"
        return Prepared(
            key=key,
            payload=document.content,
            media_type="application/xml",
            envelope={"path": path},
            summary={"number": document.number, "administration": administration},
        )

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        """Put the file there once."""
        url = f"https://{HOST}{prepared.envelope['path']}"
        answer = ctx.http.write("PUT", url, body=prepared.payload, media_type=prepared.media_type)
        if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            raise _outcome(ctx, answer)
        remote_id = _member(answer, "id")
        if not isinstance(remote_id, str) or not remote_id:
            raise Uncertain("unreadable_answer", detail=answer.text())
        is_known = answer.status == HTTPStatus.OK
        return Receipt(remote_id=remote_id, duplicate_of=remote_id if is_known else "")


def _read(ctx: Context, path: str) -> Response:
    answer = ctx.http.read(f"https://{HOST}{path}")
    if answer.status != HTTPStatus.OK:
        raise _outcome(ctx, answer)
    return answer


def _outcome(ctx: Context, answer: Response) -> Outcome:
    """Return what a status other than success means."""
    detail = answer.text()
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return AuthorizationLost("key_refused", field="api_key", detail=detail)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(until=ctx.now + timedelta(minutes=1), detail=detail)
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return Unavailable("package_unavailable", detail=detail)
        case status if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Rejected("refused_by_package", detail=detail)
        case _:
            # It may have been kept before it failed.
            return Uncertain("package_failed", detail=detail)


def _member(answer: Response, name: str) -> object:
    try:
        content = answer.json()
    except ValueError:
        return None
    return content.get(name) if isinstance(content, dict) else None
