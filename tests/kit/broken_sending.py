"""Connectors that break one promise of sending each, by the test of the kit that catches them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from posthorn.sdk import (
    Connector,
    Context,
    Document,
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
from tests.kit.daybook import Daybook

_NOW: list[Context] = []


class MakesUpTheRemoteId(Daybook):
    """Breaks NONE, of whose receipt nothing else is asked."""

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        receipt = super().deliver(ctx, prepared)
        is_none = ctx.settings["mode"] == "none"
        return replace(receipt, remote_id="daybook/D1") if is_none else receipt


class SendsAKeyOfItsOwn(Daybook):
    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        return super().prepare(ctx, document, key=f"{key}-own")


class NamesNoDuplicate(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        receipt = super().deliver(ctx, prepared)
        return Receipt(remote_id="D0") if receipt.duplicate_of else receipt


class CountsItsCopies(Daybook):
    """Breaks NONE: the second copy differs from the first."""

    def post(self, ctx: Context, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        if ctx.settings["mode"] != "none":
            return super().post(ctx, path, body, headers)
        count = int(ctx.progress.recorded("copies") or 0) + 1
        row = {**json.loads(body), "copy": count}
        answer = super().post(ctx, path, json.dumps(row).encode(), headers)
        ctx.progress.record("copies", str(count))
        return answer


class NeverFinds(Daybook):
    """Takes up what is there, but never says that it is all there."""

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        found = super().find(ctx, prepared)
        if found:
            self.record(ctx, "file", "there")
        return None


class FindsAnything(Daybook):
    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        found = super().find(ctx, prepared)
        is_begun = ctx.progress.recorded("row") is not None
        return found if found or is_begun else Receipt(remote_id="D1")


class ForgetsWhatWasDone(Daybook):
    def record(self, ctx: Context, step: str, remote_id: str) -> None:
        del ctx, step, remote_id


class FindsHalfOfIt(Daybook):
    """Says that it is there when only the row is."""

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        rows = self.asked(ctx, "/documents", key=prepared.key)
        return Receipt(remote_id=rows[0]["id"]) if rows else None


class CallsNoLineARefusal(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Unavailable as outcome:
            if outcome.code != "no_line" or ctx.progress.recorded("told"):
                raise
            ctx.progress.record("told", "once")
            raise RateLimited("rate_limited", until=ctx.now + timedelta(minutes=1)) from outcome


class CallsALostAnswerUnavailable(Daybook):
    """Where nobody can tell, so that nothing but the outcome is wrong."""

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Uncertain as outcome:
            if outcome.code != "answer_lost" or ctx.settings["mode"] != "none":
                raise
            raise Unavailable(outcome.code) from outcome


class TakesALostAnswerForAYes(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        try:
            return super().deliver(ctx, prepared)
        except Uncertain as outcome:
            if outcome.code != "answer_lost" or ctx.settings["mode"] != "none":
                raise
            return Receipt(remote_id="unknown")


class CallsARefusalUnavailable(Daybook):
    def refusal(self, answer: Response) -> Outcome:
        return Unavailable("refused_by_daybook", detail=answer.text())


class CallsTheLastSender(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        _NOW[:] = [ctx]
        self.check(ctx)
        return super().deliver(_NOW[0], prepared)


class WantsWhatItPreparesToday(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        if "party" not in json.loads(prepared.payload):
            raise Rejected("not_taken")
        return super().deliver(ctx, prepared)


class CallsAFailureARefusal(Daybook):
    def failed(self) -> Outcome:
        return Rejected("daybook_failed")


class CallsABusyPackageUncertain(Daybook):
    def busy(self) -> Outcome:
        return Uncertain("daybook_busy")


class TakesAnySuccess(Daybook):
    def unreadable(self) -> Outcome:
        return Rejected("unreadable_answer")


class WaitsForAWeek(Daybook):
    def limited(self, ctx: Context, answer: Response) -> Outcome:
        del answer
        return RateLimited("rate_limited", until=ctx.now + timedelta(days=7))


class KnowsNoLimits(Daybook):
    def limited(self, ctx: Context, answer: Response) -> Outcome:
        del ctx, answer
        return Unavailable("rate_limited")


class NeverAsksToSignIn(Daybook):
    def logged_out(self) -> Outcome:
        return Misconfigured("key_refused")


class CallsElsewhere(Daybook):
    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        ctx.http.read("https://statistics.example/me")
        return super().deliver(ctx, prepared)


SENDING: tuple[tuple[str, type[Connector]], ...] = (
    ("test_one_delivery_stores_exactly_one", MakesUpTheRemoteId),
    ("test_key_reaches_the_package", SendsAKeyOfItsOwn),
    ("test_second_delivery_is_recognised", NamesNoDuplicate),
    ("test_second_delivery_is_recognised", CountsItsCopies),
    ("test_second_delivery_is_recognised", NeverFinds),
    ("test_find_sees_nothing_where_nothing_is", FindsAnything),
    ("test_broken_call_ends_in_one_whole_delivery", ForgetsWhatWasDone),
    ("test_broken_call_ends_in_one_whole_delivery", FindsHalfOfIt),
    ("test_no_line_is_unavailable_and_stores_nothing", CallsNoLineARefusal),
    ("test_lost_answer_is_uncertain", CallsALostAnswerUnavailable),
    ("test_lost_answer_is_uncertain", TakesALostAnswerForAYes),
    ("test_refusal_is_rejected_with_a_code", CallsARefusalUnavailable),
    ("test_two_deliveries_at_once_keep_apart", CallsTheLastSender),
    ("test_what_was_prepared_earlier_is_still_delivered", WantsWhatItPreparesToday),
    ("test_failing_package_leaves_it_uncertain", CallsAFailureARefusal),
    ("test_busy_package_is_unavailable", CallsABusyPackageUncertain),
    ("test_unreadable_success_is_uncertain", TakesAnySuccess),
    ("test_limit_names_a_time_in_the_next_day", WaitsForAWeek),
    ("test_limit_names_a_time_in_the_next_day", KnowsNoLimits),
    ("test_refused_login_is_authorization_lost", NeverAsksToSignIn),
    ("test_only_declared_hosts_are_called", CallsElsewhere),
)
