"""What hostile names, numbers and file names cannot do to a mail."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posthorn.connectors.email_delivery import connector as email_delivery
from posthorn.connectors.email_delivery.message import (
    STEM_MAX_CHARS,
    SUBJECT_MAX_CHARS,
    stem,
    subject,
)
from posthorn.connectors.email_delivery.tests.invoices import (
    INVOICE,
    KEY,
    prepare,
    settings,
    with_content,
)
from posthorn.connectors.email_delivery.tests.mailbox import Mailbox, read
from posthorn.sdk import FieldErrors, Kind, Misconfigured

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "X-Posthorn-Delivery",
    "X-Posthorn-Document",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
# Line ends of every kind, quotes, encoded words, and the letters of our firms' suppliers.
HARMLESS: dict[str, Any] = {  # Any: five texts and a kind
    **dict.fromkeys(("number", "seller", "buyer", "client", "file_name"), ""),
    "kind": Kind.PURCHASE,
}
NASTY = st.text() | st.text(
    st.sampled_from("ab1é=?_:;,<>@\"'\\/.-\r\n\t\x00\x0b\x0c\x1c\x1d\x1e\x7f\x85\u2028\u2029ßœ漢")
)


@given(
    number=NASTY,
    seller=NASTY,
    buyer=NASTY,
    client=NASTY,
    file_name=NASTY,
    kind=st.sampled_from(Kind),
)
@example(**HARMLESS | {"number": "1\r\nBcc: x@y.example"})
@example(**HARMLESS | {"seller": "=?utf-8?B?DQpCY2M6IHhAeQ==?="})
@example(**HARMLESS | {"seller": "x\u2028Bcc: x@y.example"})
@example(**HARMLESS | {"client": "\r\n\r\n--=_", "file_name": '";\r\n x="', "kind": Kind.STATEMENT})
def test_no_text_adds_a_header_or_a_part(
    *, number: str, seller: str, buyer: str, client: str, file_name: str, kind: Kind
) -> None:
    document = replace(
        INVOICE,
        kind=kind,
        format="camt053" if kind is Kind.STATEMENT else "ubl_invoice",
        number=number,
        seller_name=seller,
        buyer_name=buyer,
        client_name=client,
        client_number=client,
        file_name=file_name,
    )

    payload = prepare(document).payload

    mail = read(payload)
    assert mail.keys() == HEADERS
    assert [len(list(mail.walk())), len(list(mail.iter_attachments()))] == [5, 1]
    assert payload.isascii()
    assert mail.defects == []
    assert max(len(line) for line in payload.split(b"\r\n")) <= 120
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", payload)
    (attached,) = mail.iter_attachments()
    assert attached.get_payload(decode=True) == INVOICE.content
    assert attached.get_filename() == f"{stem(document)}.xml"


@given(number=NASTY, seller=NASTY, file_name=NASTY)
def test_subject_and_file_name_stay_plain_and_short(
    number: str, seller: str, file_name: str
) -> None:
    document = replace(INVOICE, number=number, seller_name=seller, file_name=file_name)

    assert re.fullmatch(r"[A-Za-z0-9 .,&'()+/#:_-]+", subject(document))
    assert len(subject(document)) <= SUBJECT_MAX_CHARS
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*-[0-9a-f]{8}", stem(document))
    assert len(stem(document)) <= STEM_MAX_CHARS


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("../../x.xml", "x"),
        ('a";x="b.xml', "a-x-b"),
        ("x" * 300 + ".xml", "x" * 30),
        ("CON.xml", "CON"),  # the hash after it makes it no reserved name
        ("invoice.xml.", "invoice-xml"),
        ("a\x00b.xml", "a-b"),
        ("facture née.xml", "facture-nee"),
        ("..", "document"),
        ("漢字.xml", "document"),
    ],
)
def test_file_name_is_made_harmless(file_name: str, expected: str) -> None:
    document = replace(INVOICE, number="", seller_name="", file_name=file_name)

    assert stem(document) == f"{expected}-{INVOICE.sha256[:8]}"


def test_two_files_of_one_name_are_told_apart() -> None:
    other = with_content(INVOICE, INVOICE.content + b"\n")

    assert stem(INVOICE) != stem(other)


def test_letters_without_accents_are_spelled_out() -> None:
    document = replace(INVOICE, seller_name="Größe & Søn, Œuvre Łódź \u2013 “Đ”")

    assert subject(document) == "Aankoopfactuur 2026/0042 Grosse & Son, OEuvre Lodz - D"


def test_name_of_a_hundred_kilobytes_is_cut() -> None:
    document = replace(INVOICE, seller_name="x" * 100_000, number="9" * 100_000)

    assert subject(document) == f"Aankoopfactuur {'9' * 24} {'x' * 24}"
    assert len(prepare(document).payload) < len(INVOICE.content) * 2 + 2_000


# U+001C to U+001E, U+0085 and U+2028 end a line for str.splitlines, CR and LF for a mail server.
BREAKS = ("\r\n", "\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e")


@pytest.mark.parametrize("bad", BREAKS, ids=[ascii(one) for one in BREAKS])
def test_a_line_end_in_an_address_is_refused_wherever_it_is_kept(bad: str) -> None:
    with pytest.raises(FieldErrors) as caught:
        settings(purchase_address=f"in{bad}@import.example")
    assert caught.value.codes in (
        {"purchase_address": "control_characters"},
        {"purchase_address": "not_an_address"},
    )

    given = {**settings(), "purchase_address": f"in{bad}@import.example"}
    with pytest.raises(Misconfigured) as refused:
        email_delivery().prepare(Mailbox().context(given), INVOICE, key=KEY)
    assert refused.value.code == "invalid_address"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ('"a b"@x.example', "not_an_address"),
        ("a@x.example,b@x.example", "several_addresses"),
        ("a@x.example; b@x.example", "several_addresses"),
        ("André@x.example", "non_ascii_address"),
        ("a@localhost", "not_an_address"),
    ],
)
def test_an_address_no_package_hands_out_is_refused(typed: str, code: str) -> None:
    with pytest.raises(FieldErrors) as caught:
        settings(purchase_address=typed)

    assert caught.value.codes == {"purchase_address": code}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0123456789@Moncomptable.clearfacts.be", "0123456789@Moncomptable.clearfacts.be"),
        ("Dossier-PI@docin.octopus.be", "Dossier-PI@docin.octopus.be"),
        ("name+sales@dext.cc", "name+sales@dext.cc"),
        ("in@bücher.example", "in@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_used_as_typed_its_domain_in_ascii(typed: str, kept: str) -> None:
    prepared = prepare(INVOICE, purchase_address=typed)

    assert prepared.envelope["to"] == kept
    assert read(prepared.payload)["To"] == kept


def test_a_name_outside_ascii_is_folded_and_not_encoded() -> None:
    document = replace(INVOICE, seller_name="Crème Brûlée \u2013 Größe 漢字")

    payload = prepare(document).payload

    (attached,) = read(payload).iter_attachments()
    assert attached.get_filename() == f"Creme-Brulee-Grosse-2026-0042-{INVOICE.sha256[:8]}.xml"
    assert b"filename*" not in payload
    assert b"=?" not in payload
