from __future__ import annotations

from datetime import UTC, datetime

import pytest

from posthorn.sdk import Response

NINE = datetime(2026, 11, 21, 9, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("Sat, 21 Nov 2026 09:00:05 GMT", NINE),
        ("Sat, 21 Nov 2026 10:00:05 +0100", NINE),
        ("Sat, 21 Nov 2026 09:00:05 -0000", NINE),
        ("yesterday", None),
        ("Sat, 99 Nov 2026 09:00:05 GMT", None),
        ("", None),
    ],
)
def test_the_other_sides_clock_is_read_from_its_date(said: str, date: datetime | None) -> None:
    assert Response(status=200, headers={"date": said}).date == date


def test_an_answer_without_a_date_has_none() -> None:
    assert Response(status=200).date is None


def test_a_body_is_never_shown_in_a_trace() -> None:
    assert "secret" not in repr(Response(status=200, body=b"secret"))
