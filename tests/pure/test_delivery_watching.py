"""What a connector's bug counts as: that depends on whether a write may have left."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from posthorn.delivery.outcomes import WatchedHttp, attempt_outcome
from posthorn.sdk import Outcome, Rejected, Response, Unavailable, Uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Line:
    """Answers with what it is given."""

    answers: list[Response | Exception] = field(default_factory=list)
    base = "https://ledger.example"

    def read(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        del url, params, headers, scope
        return self._next()

    def write(
        self,
        method: str,
        url: str,
        *,
        body: bytes,
        media_type: str,
        headers: Mapping[str, str] | None = None,
        scope: str = "",
    ) -> Response:
        del method, url, body, media_type, headers, scope
        return self._next()

    def _next(self) -> Response:
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def after(*answers: Response | Exception) -> WatchedHttp:
    """Write once for each answer."""
    watched = WatchedHttp(Line(list(answers)))
    for _ in answers:
        with suppress(Outcome):
            watched.write("POST", "/", body=b"", media_type="text/xml")
    return watched


@pytest.mark.parametrize(
    ("answers", "has_left"),
    [
        ([], False),
        ([Response(status=201)], True),
        ([Response(status=500)], True),
        ([Uncertain("answer_lost")], True),
        ([Unavailable("package_unreachable")], False),
        ([Response(status=201), Unavailable("package_unreachable")], True),
        ([Unavailable("package_unreachable"), Response(status=201)], True),
    ],
)
def test_a_mark_is_taken_back_only_where_nothing_left(
    answers: list[Response | Exception], *, has_left: bool
) -> None:
    assert after(*answers).has_left is has_left


def test_reading_leaves_no_mark() -> None:
    watched = WatchedHttp(Line([Response(status=200)]))

    assert (watched.read("/").status, watched.has_left) == (200, False)
    assert watched.base == "https://ledger.example"


def test_a_bug_after_a_write_is_uncertain_and_before_one_it_is_not() -> None:
    bug = KeyError("id")

    uncertain = attempt_outcome(bug, has_left=after(Response(status=201)).has_left)
    unavailable = attempt_outcome(bug, has_left=after().has_left)
    refusal = Rejected("closed_period")

    assert isinstance(uncertain, Uncertain)
    assert isinstance(unavailable, Unavailable)
    assert attempt_outcome(refusal, has_left=True) is refusal
