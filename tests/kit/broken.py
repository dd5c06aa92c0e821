"""Connectors that break one promise each, by the test of the kit that must catch them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from posthorn.sdk import (
    Connector,
    Context,
    Document,
    Kind,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Response,
    Unavailable,
    Uncertain,
)
from tests.kit.ledger import HOST, SPEC, Ledger


class HasNoProperId(Ledger):
    spec = replace(SPEC, id="Ledger 2")


class WritesTheTimeIntoThePayload(Ledger):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        prepared = super().prepare(ctx, document, key=key)
        row = {**json.loads(prepared.payload), "sent": ctx.now.isoformat()}
        return replace(prepared, payload=json.dumps(row).encode())


class LooksThingsUpWhilePreparing(Ledger):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        with suppress(AssertionError):
            self.check(ctx)
        return super().prepare(ctx, document, key=key)


class TakesAnything(Ledger):
    def refuse(self, ctx: Context, document: Document) -> None:
        declared = self.capabilities(ctx.settings)[Kind.STATEMENT]
        if len(document.content) > declared.max_bytes:
            raise Rejected("too_large")


class TakesAnyFormat(Ledger):
    def refuse(self, ctx: Context, document: Document) -> None:
        known = replace(document, format="coda" if document.kind == "statement" else "ubl_invoice")
        super().refuse(ctx, known)


class TakesAnySize(Ledger):
    def refuse(self, ctx: Context, document: Document) -> None:
        super().refuse(ctx, replace(document, content=b""))


class WritesWhileChecking(Ledger):
    def check(self, ctx: Context) -> str:
        ctx.http.write("POST", f"{HOST}/ping", body=b"{}", media_type="application/json")
        return super().check(ctx)


class ChecksWithoutAWord(Ledger):
    def check(self, ctx: Context) -> str:
        super().check(ctx)
        return " "


class SendsTwice(Ledger):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        receipt = super().deliver(ctx, prepared)
        self.post(ctx, prepared.payload, self.headers(ctx, f"{prepared.key}-again"))
        return receipt


class MakesUpTheRemoteId(Ledger):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        receipt = super().deliver(ctx, prepared)
        return replace(receipt, remote_id=f"ledger/{receipt.remote_id}")

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        found = super().find(ctx, prepared)
        return replace(found, remote_id=f"ledger/{found.remote_id}") if found else None


class SendsAKeyOfItsOwn(Ledger):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        return super().prepare(ctx, document, key=f"{key}-{document.sha256}")


class LeavesTheKeyOutOfTheHeader(Ledger):
    def headers(self, ctx: Context, key: str) -> dict[str, str]:
        return dict.fromkeys(super().headers(ctx, key), "")


class LooksInTheWrongPlace(Ledger):
    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        return super().find(ctx, replace(prepared, key=f"key:{prepared.key}"))


class CountsItsCopies(Ledger):
    """Breaks NONE: the second copy differs from the first."""

    def post(self, ctx: Context, body: bytes, headers: Mapping[str, str]) -> Response:
        count = int(ctx.progress.recorded("copies") or 0) + 1
        ctx.progress.record("copies", str(count))
        row = {**json.loads(body), "copy": count}
        return super().post(ctx, json.dumps(row).encode(), headers)


class CallsNoLineARefusal(Ledger):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Unavailable as outcome:
            raise Rejected(outcome.code) from outcome


class CallsALostAnswerUnavailable(Ledger):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Uncertain as outcome:
            raise Unavailable(outcome.code) from outcome


class TakesALostAnswerForAYes(Ledger):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Uncertain:
            return Receipt(remote_id="unknown")


class CallsARefusalUnavailable(Ledger):
    def refusal(self, answer: Response) -> Exception:
        return Unavailable("refused", detail=answer.text())


class MakesASentenceOfTheCode(Ledger):
    def refusal(self, answer: Response) -> Exception:
        return Rejected("The journal is closed!", detail=answer.text())


class LogsTheKey(Ledger):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        ctx.log.info("login", api_key=ctx.settings["api_key"])
        return super().deliver(ctx, prepared)


class ShowsTheKeyInTheSummary(Ledger):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        prepared = super().prepare(ctx, document, key=key)
        return replace(prepared, summary={"login": ctx.settings["api_key"]})


class SendsTheKeyInTheBody(Ledger):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        prepared = super().prepare(ctx, document, key=key)
        row = {**json.loads(prepared.payload), "api_key": ctx.settings["api_key"]}
        return replace(prepared, payload=json.dumps(row).encode())


class TellsTheKeyWhenItFails(Ledger):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Outcome as outcome:
            outcome.detail = f"with {ctx.settings['api_key']}"
            raise


BROKEN: tuple[tuple[str, type[Connector]], ...] = (
    ("test_spec_is_complete", HasNoProperId),
    ("test_prepare_is_pure_and_deterministic", WritesTheTimeIntoThePayload),
    ("test_prepare_is_pure_and_deterministic", LooksThingsUpWhilePreparing),
    ("test_undeclared_kind_is_refused", TakesAnything),
    ("test_undeclared_kind_is_refused", TakesAnyFormat),
    ("test_too_large_file_is_refused", TakesAnySize),
    ("test_check_only_reads", WritesWhileChecking),
    ("test_check_only_reads", ChecksWithoutAWord),
    ("test_one_delivery_stores_exactly_one", SendsTwice),
    ("test_one_delivery_stores_exactly_one", MakesUpTheRemoteId),
    ("test_key_reaches_the_package", SendsAKeyOfItsOwn),
    ("test_second_delivery_is_recognised", LeavesTheKeyOutOfTheHeader),
    ("test_second_delivery_is_recognised", LooksInTheWrongPlace),
    ("test_second_delivery_is_recognised", CountsItsCopies),
    ("test_no_line_is_unavailable_and_stores_nothing", CallsNoLineARefusal),
    ("test_lost_answer_is_uncertain", CallsALostAnswerUnavailable),
    ("test_lost_answer_is_uncertain", TakesALostAnswerForAYes),
    ("test_refusal_is_rejected_with_a_code", CallsARefusalUnavailable),
    ("test_refusal_is_rejected_with_a_code", MakesASentenceOfTheCode),
    ("test_no_secret_leaks", LogsTheKey),
    ("test_no_secret_leaks", ShowsTheKeyInTheSummary),
    ("test_no_secret_leaks", SendsTheKeyInTheBody),
    ("test_no_secret_leaks", TellsTheKeyWhenItFails),
)
