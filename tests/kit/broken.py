"""Connectors that break one promise of mapping or writing each, by the test that catches it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from posthorn.sdk import (
    Account,
    Connector,
    Context,
    Document,
    Kind,
    Match,
    Misconfigured,
    OAuth2,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    RemoteStatus,
    Response,
)
from tests.kit.daybook import SPEC, Daybook
from tests.kit.daybook.spec import HOST


class HasNoProperId(Daybook):
    spec = replace(SPEC, id="Daybook 2")


class WritesTheTimeIntoThePayload(Daybook):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        prepared = super().prepare(ctx, document, key=key)
        row = {**json.loads(prepared.payload), "sent": ctx.now.isoformat()}
        return replace(prepared, payload=json.dumps(row).encode())


class LooksThingsUpWhilePreparing(Daybook):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        with suppress(AssertionError):
            self.check(ctx)
        return super().prepare(ctx, document, key=key)


class TakesAnything(Daybook):
    def refuse(self, ctx: Context, document: Document) -> None:
        declared = self.capabilities(ctx.settings)[Kind.PURCHASE]
        if len(document.content) > declared.max_bytes:
            raise Rejected("too_large")


class TakesAnyFormat(Daybook):
    def refuse(self, ctx: Context, document: Document) -> None:
        known = replace(document, format="coda" if document.kind == "statement" else "ubl_invoice")
        super().refuse(ctx, known)


class TakesAnySize(Daybook):
    def refuse(self, ctx: Context, document: Document) -> None:
        super().refuse(ctx, replace(document, content=b""))


class StumblesOverAMissingBook(Daybook):
    def without_book(self) -> Exception:
        return KeyError("book")


class BlamesTheDocumentForAMissingBook(Daybook):
    def without_book(self) -> Exception:
        return Rejected("missing_book")


class NamesNoFieldForAMissingBook(Daybook):
    def without_book(self) -> Exception:
        return Misconfigured("missing_book")


class KnowsOnlyLatinLetters(Daybook):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        document.seller_name.encode("latin-1")
        return super().prepare(ctx, document, key=key)


class CannotCountBelowZero(Daybook):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        if document.total is not None and document.total <= 0:
            raise Rejected("not_taken")
        return super().prepare(ctx, document, key=key)


class WritesWhileChecking(Daybook):
    def check(self, ctx: Context) -> str:
        ctx.http.write("POST", f"{HOST}/ping", body=b"{}", media_type="application/json")
        return super().check(ctx)


class ChecksWithoutAWord(Daybook):
    def check(self, ctx: Context) -> str:
        super().check(ctx)
        return " "


class OffersSixHundred(Daybook):
    def choices(self, ctx: Context, field: str) -> Sequence[tuple[str, str]]:
        del field
        return [(row["id"], row["name"]) for row in self.asked(ctx, "/journals")]


class OffersOneTwice(Daybook):
    def choices(self, ctx: Context, field: str) -> Sequence[tuple[str, str]]:
        return [*super().choices(ctx, field)[:5], ("J1", "Journal 1")]


class WritesWhileOffering(Daybook):
    def choices(self, ctx: Context, field: str) -> Sequence[tuple[str, str]]:
        self.post(ctx, "/ping", b"{}", {})
        return super().choices(ctx, field)


class MatchesAnything(Daybook):
    def matches(self, ctx: Context, field: str, typed: str) -> Sequence[Match]:
        del typed
        return super().matches(ctx, field, "")


class MatchesNothingTyped(Daybook):
    def matches(self, ctx: Context, field: str, typed: str) -> Sequence[Match]:
        return [] if typed else super().matches(ctx, field, typed)


class ListsNothing(Daybook):
    def matches(self, ctx: Context, field: str, typed: str) -> Sequence[Match]:
        return super().matches(ctx, field, typed) if typed else []


class SignsIn(Daybook):
    """Sound, and people sign in to it."""

    spec = replace(
        SPEC,
        auth=OAuth2(authorize_url=f"{HOST}/auth", token_url=f"{HOST}/token"),
    )

    def account(self, ctx: Context) -> Account:
        return Account(id="U1", name=str(self.asked(ctx, "/me")["name"]))


class KnowsNobodyTwice(SignsIn):
    def account(self, ctx: Context) -> Account:
        count = int(ctx.progress.recorded("signed") or 0) + 1
        ctx.progress.record("signed", str(count))
        return replace(super().account(ctx), id=f"U{count}")


class KnowsNobody(SignsIn):
    def account(self, ctx: Context) -> Account:
        return replace(super().account(ctx), name=" ")


class WritesWhileAskingForStatus(Daybook):
    def status(self, ctx: Context, receipt: Receipt) -> RemoteStatus:
        self.post(ctx, f"/documents/{receipt.remote_id}/file", b"seen", {})
        return super().status(ctx, receipt)


class RaisesACodeNobodyExplained(Daybook):
    def refusal(self, answer: Response) -> Outcome:
        return Rejected(f"refused_{answer.status}")


class LogsTheKey(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        ctx.log.info("login", api_key=ctx.settings["api_key"])
        return super().deliver(ctx, prepared)


class ShowsTheKeyInTheSummary(Daybook):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        prepared = super().prepare(ctx, document, key=key)
        return replace(prepared, summary={"login": ctx.settings["api_key"]})


class SendsTheKeyInTheBody(Daybook):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        prepared = super().prepare(ctx, document, key=key)
        row = {**json.loads(prepared.payload), "api_key": ctx.settings["api_key"]}
        return replace(prepared, payload=json.dumps(row).encode())


class TellsTheKeyWhenItFails(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Outcome as outcome:
            outcome.detail = f"with {ctx.settings['api_key']}"
            raise


class KeepsTheSettingsInTheClass(Daybook):
    seen: Mapping[str, str] = {}

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        type(self).seen = {"key": prepared.key}
        return super().deliver(ctx, prepared)


class KeepsTheLastKey(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        self.last = prepared.key
        return super().deliver(ctx, prepared)


MAPPING: tuple[tuple[str, type[Connector]], ...] = (
    ("test_spec_is_complete", HasNoProperId),
    ("test_prepare_is_pure_and_deterministic", WritesTheTimeIntoThePayload),
    ("test_prepare_is_pure_and_deterministic", LooksThingsUpWhilePreparing),
    ("test_undeclared_kind_is_refused", TakesAnything),
    ("test_undeclared_kind_is_refused", TakesAnyFormat),
    ("test_too_large_file_is_refused", TakesAnySize),
    ("test_missing_setting_is_named", StumblesOverAMissingBook),
    ("test_missing_setting_is_named", BlamesTheDocumentForAMissingBook),
    ("test_missing_setting_is_named", NamesNoFieldForAMissingBook),
    ("test_unusual_documents_are_delivered", KnowsOnlyLatinLetters),
    ("test_unusual_documents_are_delivered", CannotCountBelowZero),
    ("test_check_only_reads", WritesWhileChecking),
    ("test_check_only_reads", ChecksWithoutAWord),
    ("test_choices_are_few_and_only_read", OffersSixHundred),
    ("test_choices_are_few_and_only_read", OffersOneTwice),
    ("test_choices_are_few_and_only_read", WritesWhileOffering),
    ("test_matches_name_what_is_typed_and_only_read", MatchesAnything),
    ("test_matches_name_what_is_typed_and_only_read", MatchesNothingTyped),
    ("test_matches_name_what_is_typed_and_only_read", ListsNothing),
    ("test_account_names_one_and_the_same", KnowsNobodyTwice),
    ("test_account_names_one_and_the_same", KnowsNobody),
    ("test_status_only_reads", WritesWhileAskingForStatus),
    ("test_every_code_is_explained", RaisesACodeNobodyExplained),
    ("test_no_secret_leaks", LogsTheKey),
    ("test_no_secret_leaks", ShowsTheKeyInTheSummary),
    ("test_no_secret_leaks", SendsTheKeyInTheBody),
    ("test_no_secret_leaks", TellsTheKeyWhenItFails),
    ("test_connector_keeps_no_state", KeepsTheSettingsInTheClass),
    ("test_connector_keeps_no_state", KeepsTheLastKey),
)
