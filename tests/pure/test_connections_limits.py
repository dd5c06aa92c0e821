"""What the operator writes about relays and domains, read exactly or refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posthorn.connections.limits import Limit, LimitError, parse_limits


def test_limits_are_read_per_relay_and_per_domain() -> None:
    limits = parse_limits(
        ["smtp.example:587=600/min", "@Import.example=4", "@import.example=2/s", "*=8", "@*=60/min"]
    )

    assert limits.of_relay("SMTP.example:587") == Limit(interval_s=0.1)
    assert limits.of_relay("other.example:25") == Limit(at_once=8)
    assert limits.of_domain("import.EXAMPLE") == Limit(at_once=4, interval_s=0.5)
    assert limits.of_domain("elsewhere.example") == Limit(interval_s=1.0)


def test_without_a_setting_nothing_is_limited() -> None:
    limits = parse_limits([])

    assert limits.of_relay("smtp.example:587") == Limit(at_once=None, interval_s=None)
    assert limits.of_domain("import.example") == Limit(at_once=None, interval_s=None)


@pytest.mark.parametrize(
    "text",
    ["smtp.example:587", "=4", "@x.example=", "@x.example=0", "@x.example=-1", "*=4/day", "*=x/s"],
)
def test_what_is_no_limit_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(LimitError) as raised:
        parse_limits([text])

    assert repr(text) in str(raised.value)


def test_the_guides_examples_are_limits() -> None:
    guide = (Path(__file__).parents[2] / "docs/how-to/send-mail.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]
    examples = [text for row in rows for text in re.findall("`([^`]+)`", row)]

    assert len(examples) == 6
    assert [bool(parse_limits([text]).by_key) for text in examples] == [True] * 6
