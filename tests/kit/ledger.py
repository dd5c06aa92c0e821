"""A made-up accounting package with real state, and a connector for it that keeps every promise."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from posthorn.sdk import (
    CONTRACT,
    ApiKey,
    Capability,
    Choice,
    Connector,
    ConnectorSpec,
    Context,
    Depth,
    Document,
    Idempotency,
    Kind,
    OnUnknown,
    Prepared,
    Receipt,
    Rejected,
    Response,
    Secret,
    Unavailable,
    Uncertain,
    same_words,
)
from posthorn.sdk.testing import Cut, Stored, memory_context

HOST = "https://ledger.example"
MAX_BYTES = 20_000

SPEC = ConnectorSpec(
    id="ledger",
    name="Ledger",
    version="1.0.0",
    contract=CONTRACT,
    docs_url="https://ledger.example/docs",
    countries=frozenset({"BE", "NL"}),
    auth=ApiKey(field="api_key"),
    hosts=frozenset({"ledger.example"}),
    firm_settings=(
        Secret(id="api_key", label=same_words("API key"), required=True),
        Choice(
            id="mode",
            label=same_words("Mode"),
            default="native",
            options=tuple((str(mode), same_words(str(mode))) for mode in Idempotency),
        ),
    ),
    variants=tuple({"mode": str(mode)} for mode in Idempotency),
)


class LedgerPackage:
    """Keeps rows; honours an Idempotency-Key header and nothing else, as a real one would."""

    base = ""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.write_count = 0
        self.cut: Cut | None = None
        self.refuses = False

    def context(self, settings: Mapping[str, str]) -> Context:
        return memory_context(settings, http=self)

    def stored(self) -> Sequence[Stored]:
        return [
            Stored(key=row["key"], remote_id=row["id"], content=row["body"].encode())
            for row in self.rows
        ]

    def writes(self) -> int:
        return self.write_count

    def cut_line(self, when: Cut) -> None:
        self.cut = when

    def refuse(self) -> None:
        self.refuses = True

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002  the protocol's
        scope: str = "",  # noqa: ARG002  the protocol's
    ) -> Response:
        if url == f"{HOST}/me":
            return _answer(200, {"name": "Kantoor Peeters"})
        wanted = (params or {}).get("key")
        return _answer(200, [{"id": row["id"]} for row in self.rows if row["key"] == wanted])

    def write(
        self,
        method: str,  # noqa: ARG002  the protocol's
        url: str,
        *,
        body: bytes,
        media_type: str,  # noqa: ARG002  the protocol's
        headers: Mapping[str, str] | None = None,
        scope: str = "",  # noqa: ARG002  the protocol's
    ) -> Response:
        self.write_count += 1
        cut, self.cut = self.cut, None
        if cut is Cut.BEFORE:
            raise Unavailable("no_line")
        answer = self._posted(body, headers or {}) if url == f"{HOST}/documents" else _answer(204)
        if cut is Cut.AFTER:
            raise Uncertain("answer_lost")
        return answer

    def _posted(self, body: bytes, headers: Mapping[str, str]) -> Response:
        refuses, self.refuses = self.refuses, False
        if refuses:
            return _answer(422, {"error": "journal is closed"})
        honoured = headers.get("Idempotency-Key")
        for row in self.rows:
            if honoured and row["honoured"] == honoured:
                return _answer(200, {"id": row["id"], "duplicate": True})
        key = json.loads(body)["key"]
        row = {"id": f"D{len(self.rows) + 1}", "key": key, "honoured": honoured or ""}
        self.rows.append({**row, "body": body.decode()})
        return _answer(201, {"id": row["id"]})


def _answer(status: int, content: object = None) -> Response:
    return Response(status=status, body=json.dumps(content).encode())


class Ledger(Connector):
    """The connector that keeps every promise; the broken ones change one thing each."""

    spec = SPEC

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        idempotency = Idempotency(settings.get("mode", "native"))
        return {
            kind: Capability(
                formats=formats,
                depth=Depth.DRAFT,
                idempotency=idempotency,
                on_unknown=OnUnknown.ASK,
                max_bytes=MAX_BYTES,
            )
            for kind, formats in (
                (Kind.PURCHASE, frozenset({"ubl_invoice", "ubl_credit_note"})),
                (Kind.STATEMENT, frozenset({"coda"})),
            )
        }

    def check(self, ctx: Context) -> str:
        return str(self.value(ctx.http.read(f"{HOST}/me"), "name"))

    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        self.refuse(ctx, document)
        row = {
            "key": key,
            "number": document.number,
            "file": base64.b64encode(document.content).decode(),
        }
        return Prepared(
            key=key,
            payload=json.dumps(row).encode(),
            media_type="application/json",
            summary={"number": document.number},
        )

    def refuse(self, ctx: Context, document: Document) -> None:
        capability = self.capabilities(ctx.settings).get(document.kind)
        if capability is None or document.format not in capability.formats:
            raise Rejected("not_taken")
        if len(document.content) > capability.max_bytes:
            raise Rejected("too_large")

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        ctx.log.info("sending", key=prepared.key)
        answer = self.post(ctx, prepared.payload, self.headers(ctx, prepared.key))
        if answer.status == 422:
            raise self.refusal(answer)
        remote_id = str(self.value(answer, "id"))
        is_known = answer.status == 200
        return Receipt(remote_id=remote_id, duplicate_of=remote_id if is_known else "")

    def headers(self, ctx: Context, key: str) -> dict[str, str]:
        return {"Idempotency-Key": key} if ctx.settings["mode"] == "native" else {}

    def post(self, ctx: Context, body: bytes, headers: Mapping[str, str]) -> Response:
        url = f"{HOST}/documents"
        return ctx.http.write(
            "POST", url, body=body, media_type="application/json", headers=headers
        )

    def refusal(self, answer: Response) -> Exception:
        return Rejected("refused_by_ledger", detail=answer.text())

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        rows: Any = ctx.http.read(f"{HOST}/documents", params={"key": prepared.key}).json()
        return Receipt(remote_id=rows[0]["id"]) if rows else None

    @staticmethod
    def value(answer: Response, name: str) -> object:
        content = answer.json()
        return content[name] if isinstance(content, dict) else None
