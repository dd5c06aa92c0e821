"""Bounces of every shape, one after the other, as relays bend them on their way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.returned_prose import dutch, html_only, old_exchange, old_exim, qmail
from tests.returned_reports import (
    envelope_id,
    exchange,
    exim,
    gmail,
    in_base64,
    international,
    postfix,
    sendmail,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.returned_mail import Lost

SHAPES: Sequence[Callable[[Lost], str]] = (
    postfix,
    sendmail,
    exim,
    old_exim,
    qmail,
    exchange,
    old_exchange,
    gmail,
    dutch,
    html_only,
    envelope_id,
    international,
    in_base64,
)


def _lf(mail: str) -> str:
    return mail.replace("\r\n", "\n")


def _lower_addresses(mail: str) -> str:
    return mail.replace("Final-Recipient: rfc822", "final-recipient: RFC822").replace(
        "Action: failed", "ACTION: FAILED"
    )


def _wrapped(mail: str) -> str:
    """Pass it through a mailing gateway that adds headers on top."""
    return f"Received: from gateway by us; Sat, 21 Nov 2026 09:06:00 +0000\r\nX-Spam: no\r\n{mail}"


BENDS: Sequence[Callable[[str], str]] = (str, _lf, _lower_addresses, _wrapped)


def bounces(losses: Sequence[Lost], *, seed: int) -> Iterator[tuple[Lost, str, bytes]]:
    """Give one bounce for each mail, every shape and every bend in turn: (mail, shape, bytes)."""
    dice = random.Random(seed)  # noqa: S311  # shapes of tests
    for number, lost in enumerate(losses):
        shape = SHAPES[number % len(SHAPES)]
        bend = dice.choice(BENDS)
        yield lost, f"{shape.__name__}{bend.__name__}", bend(shape(lost)).encode()
