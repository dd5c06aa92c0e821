"""The connector that keeps every promise; the broken ones change one thing each."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from posthorn.sdk import (
    CODE,
    AuthorizationLost,
    Capability,
    Connector,
    Context,
    Depth,
    Document,
    Idempotency,
    Kind,
    Match,
    Misconfigured,
    Outcome,
    Prepared,
    RateLimited,
    Receipt,
    Rejected,
    RemoteState,
    RemoteStatus,
    Response,
    Unavailable,
    Uncertain,
)
from tests.kit.daybook.spec import HOST, MAX_BYTES, SPEC

_FORMATS = {
    Kind.PURCHASE: frozenset({"ubl_invoice"}),
    Kind.STATEMENT: frozenset({"coda"}),
}
_CREATED = (200, 201)


class Daybook(Connector):
    """With keys honoured: one call. With look-ups: the row first, then its file."""

    spec = SPEC

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        kinds = _FORMATS if settings.get("mode", "native") == "native" else [Kind.PURCHASE]
        return {kind: self.capability(settings, kind) for kind in kinds}

    def capability(self, settings: Mapping[str, str], kind: Kind) -> Capability:
        return Capability(
            formats=_FORMATS[kind],
            depth=Depth.DRAFT,
            idempotency=Idempotency(settings.get("mode", "native")),
            max_bytes=MAX_BYTES,
            reports_status=True,
        )

    def check(self, ctx: Context) -> str:
        return str(self.asked(ctx, "/me")["name"])

    def choices(self, ctx: Context, field: str) -> Sequence[tuple[str, str]]:
        del field
        return [(row["id"], row["name"]) for row in self.asked(ctx, "/journals")][:500]

    def matches(self, ctx: Context, field: str, typed: str) -> Sequence[Match]:
        del field
        return [
            Match(
                value=row["id"],
                label=row["name"],
                facts={CODE: row["code"]},
                blocked="company_closed" if row["closed"] else "",
            )
            for row in self.asked(ctx, "/companies")
            if typed in ("", row["code"])
        ]

    def status(self, ctx: Context, receipt: Receipt) -> RemoteStatus:
        self.asked(ctx, f"/documents/{receipt.remote_id}")
        return RemoteStatus(state=RemoteState.RECEIVED)

    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        self.refuse(ctx, document)
        if not ctx.settings.get("book"):
            raise self.without_book()
        row = {
            "key": key,
            "book": ctx.settings["book"],
            "number": document.number,
            "party": document.seller_name,
            "file": base64.b64encode(document.content).decode(),
        }
        return Prepared(
            key=key,
            payload=json.dumps(row).encode(),
            media_type="application/json",
            summary={"number": document.number},
        )

    def without_book(self) -> Exception:
        return Misconfigured("missing_book", field="book")

    def refuse(self, ctx: Context, document: Document) -> None:
        capability = self.capabilities(ctx.settings).get(document.kind)
        if capability is None or document.format not in capability.formats:
            raise Rejected("not_taken")
        if len(document.content) > capability.max_bytes:
            raise Rejected("too_large")

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        ctx.log.info("sending", key=prepared.key)
        if ctx.settings["mode"] == "lookup":
            return self.in_two_calls(ctx, prepared)
        answer = self.post(ctx, "/documents", prepared.payload, self.headers(ctx, prepared.key))
        remote_id = self.made(ctx, answer)
        return Receipt(remote_id=remote_id, duplicate_of=remote_id if answer.status == 200 else "")

    def in_two_calls(self, ctx: Context, prepared: Prepared) -> Receipt:
        said: dict[str, str] = json.loads(prepared.payload)
        content = base64.b64decode(said.pop("file"))
        row = ctx.progress.recorded("row")
        if row is None:
            row = self.made(ctx, self.post(ctx, "/documents", json.dumps(said).encode(), {}))
            self.record(ctx, "row", row)
        if ctx.progress.recorded("file") is None:
            answer = self.post(ctx, f"/documents/{row}/file", content, {})
            self.record(ctx, "file", self.made(ctx, answer))
        return Receipt(remote_id=row)

    def record(self, ctx: Context, step: str, remote_id: str) -> None:
        ctx.progress.record(step, remote_id)

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        rows = self.asked(ctx, "/documents", key=prepared.key)
        for row in rows:
            self.record(ctx, "row", row["id"])
            if row["has_file"]:
                return Receipt(remote_id=row["id"])
        return None

    def headers(self, ctx: Context, key: str) -> dict[str, str]:
        return {"Idempotency-Key": key} if ctx.settings["mode"] == "native" else {}

    def post(self, ctx: Context, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        url = f"{HOST}{path}"
        return ctx.http.write(
            "POST", url, body=body, media_type="application/json", headers=headers
        )

    def asked(self, ctx: Context, path: str, **params: str) -> Any:  # noqa: ANN401  JSON
        return ctx.http.read(f"{HOST}{path}", params=params).json()

    def made(self, ctx: Context, answer: Response) -> str:
        """Return the id of what was made. Raises an outcome."""
        if answer.status not in _CREATED:
            raise self.outcome(ctx, answer)
        try:
            said = answer.json()
        except ValueError as error:
            raise self.unreadable() from error
        if not isinstance(said, dict) or not said.get("id"):
            raise self.unreadable()
        return str(said["id"])

    def outcome(self, ctx: Context, answer: Response) -> Exception:
        match answer.status:
            case 401:
                return self.logged_out()
            case 429:
                return self.limited(ctx, answer)
            case 503:
                return self.busy()
            case status if status >= 500:
                return self.failed()
            case _:
                return self.refusal(answer)

    def unreadable(self) -> Outcome:
        return Uncertain("unreadable_answer")

    def failed(self) -> Outcome:
        return Uncertain("daybook_failed")

    def busy(self) -> Outcome:
        return Unavailable("daybook_busy")

    def logged_out(self) -> Outcome:
        return AuthorizationLost("key_refused")

    def limited(self, ctx: Context, answer: Response) -> Outcome:
        wait = timedelta(seconds=int(answer.headers.get("retry-after", "60")))
        return RateLimited("rate_limited", until=ctx.now + wait)

    def refusal(self, answer: Response) -> Outcome:
        return Rejected("refused_by_daybook", detail=answer.text())
