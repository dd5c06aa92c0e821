"""Ten thousand hostile documents, and not one header more."""

from __future__ import annotations

import random
from dataclasses import replace

from posthorn.connectors.email_delivery.message import Attachment, Envelope, build
from posthorn.connectors.email_delivery.tests.invoices import INVOICE
from posthorn.connectors.email_delivery.tests.test_hostile import BREAKS, HEADERS

PIECES = (*BREAKS, "Bcc: x@y.example", "=?utf-8?B?DQo=?=", "--=_", '"; x="', "../", "\x00", "Ünal")


def test_ten_thousand_hostile_names_and_subjects_add_no_header() -> None:
    chance = random.Random(20261121)  # noqa: S311  the same names on every run
    envelope = Envelope(sender="a@b.example", recipient="c@d.example", key="k")
    file = Attachment(name="a.xml", media_type="application/xml", content=b"<a/>")
    extra = 0

    for _ in range(10_000):
        names = ["".join(chance.choices(PIECES, k=chance.randint(1, 6))) for _ in range(5)]
        document = replace(
            INVOICE,
            number=names[0],
            seller_name=names[1],
            client_name=names[2],
            client_number=names[3],
            file_name=names[4],
        )
        head = build(document, envelope, (file,)).partition(b"\r\n\r\n")[0].decode("ascii")
        found = [line.partition(":")[0] for line in head.split("\r\n") if line[0] != " "]
        extra += found != HEADERS or len(head.splitlines()) != len(HEADERS) + 1

    assert extra == 0
