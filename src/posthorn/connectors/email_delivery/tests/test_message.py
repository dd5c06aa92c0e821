"""The mail itself, byte for byte."""

from __future__ import annotations

import base64
import re
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from html import unescape

import pytest

from posthorn.connectors.email_delivery import wording
from posthorn.connectors.email_delivery.message import (
    Attachment,
    Envelope,
    attachment,
    base64_lines,
    build,
    pdf_attachment,
    subject,
)
from posthorn.connectors.email_delivery.tests.invoices import (
    CODA,
    INVOICE,
    KEY,
    PDF_FILE,
    prepare,
    with_content,
)
from posthorn.connectors.email_delivery.tests.mailbox import read
from posthorn.connectors.email_delivery.wording import NOTICE
from posthorn.sdk import Document, Kind
from posthorn.sdk.testing import sample

ENVELOPE = Envelope(sender="posthorn@kantoor.example", recipient="In@import.example", key=KEY)
MAIL = "=_" + sha256(f"mail {KEY}".encode()).hexdigest()[:40]
TEXT = "=_" + sha256(f"text {KEY}".encode()).hexdigest()[:40]
LINK = "https://posthorn.kantoor.example/d/" + "A" * 43 + "/"
OWN = (attachment(INVOICE, INVOICE.content),)
NAME = f"Papeterie-Etoile-SRL-2026-0042-{INVOICE.sha256[:8]}"


def in_lines(content: bytes) -> str:
    return "\n".join(textwrap.wrap(base64.b64encode(content).decode(), 76))


WHOLE = f"""\
From: posthorn@kantoor.example
To: In@import.example
Subject: Aankoopfactuur 2026/0042 Papeterie Etoile SRL
Date: Thu, 15 Jan 2026 09:00:00 +0000
Message-ID: <01900000-0000-7000-8000-0000000000aa@kantoor.example>
X-Posthorn-Delivery: 01900000-0000-7000-8000-0000000000aa
X-Posthorn-Document: {INVOICE.sha256}
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: multipart/mixed;
 boundary="{MAIL}"

--{MAIL}
Content-Type: multipart/alternative;
 boundary="{TEXT}"

--{TEXT}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Dit bericht is automatisch verstuurd. Het document zit in de bijlage; deze =
tekst zelf is geen document.

Soort: Aankoopfactuur
Nummer: 2026/0042
Datum: 2026-01-14
Tegenpartij: Papeterie =C3=89toile SRL
Klant: 0017 Bakkerij De Korenbloem BV
Bijlage: {NAME}.xml
Kenmerk: 01900000-0000-7000-8000-0000000000aa
--{TEXT}
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!DOCTYPE html>
<html lang=3D"nl">
<body>
<p>Dit bericht is automatisch verstuurd. Het document zit in de bijlage; de=
ze tekst zelf is geen document.</p>
<p>Soort: Aankoopfactuur<br>
Nummer: 2026/0042<br>
Datum: 2026-01-14<br>
Tegenpartij: Papeterie =C3=89toile SRL<br>
Klant: 0017 Bakkerij De Korenbloem BV<br>
Bijlage: {NAME}.xml<br>
Kenmerk: 01900000-0000-7000-8000-0000000000aa</p>
</body>
</html>
--{TEXT}--
--{MAIL}
Content-Type: application/xml;
 name="{NAME}.xml"
Content-Disposition: attachment;
 filename="{NAME}.xml"
Content-Transfer-Encoding: base64

{in_lines(INVOICE.content)}
--{MAIL}--
"""


def test_whole_mail_is_exactly_this() -> None:
    assert prepare(INVOICE).payload == WHOLE.replace("\n", "\r\n").encode("ascii")


def test_attachment_arrives_as_the_same_bytes() -> None:
    for document in (INVOICE, CODA, sample(Kind.PURCHASE, "pdf")):
        (attached,) = read(prepare(document).payload).iter_attachments()

        assert attached.get_payload(decode=True) == document.content


def test_statement_is_plain_text_with_its_own_extension() -> None:
    (attached,) = read(prepare(CODA).payload).iter_attachments()

    assert attached.get_content_type() == "text/plain"
    assert attached.get_filename() == f"12-{CODA.sha256[:8]}.cod"
    assert attached["Content-Transfer-Encoding"] == "base64"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "Aankoopfactuur 2026/0042 Papeterie Etoile SRL"),
        ("fr", "Facture d'achat 2026/0042 Papeterie Etoile SRL"),
        ("en", "Purchase invoice 2026/0042 Papeterie Etoile SRL"),
        ("de", "Eingangsrechnung 2026/0042 Papeterie Etoile SRL"),
        ("lb", "Purchase invoice 2026/0042 Papeterie Etoile SRL"),
    ],
)
def test_mail_speaks_the_readers_language(language: str, expected: str) -> None:
    assert subject(replace(INVOICE, language=language)) == expected


@pytest.mark.parametrize(
    ("kind", "is_credit_note", "expected"),
    [
        (Kind.PURCHASE, True, "Aankoopcreditnota 2026/0042 Papeterie Etoile SRL"),
        (Kind.SALES, False, "Verkoopfactuur 2026/0042 Bakkerij De Korenbloem BV"),
        (Kind.SALES, True, "Verkoopcreditnota 2026/0042 Bakkerij De Korenbloem BV"),
        (Kind.STATEMENT, False, "Rekeningafschrift 2026/0042 Papeterie Etoile SRL"),
    ],
)
def test_subject_says_what_it_is(kind: Kind, is_credit_note: bool, expected: str) -> None:  # noqa: FBT001
    document = replace(INVOICE, kind=kind, is_credit_note=is_credit_note)

    assert subject(document) == expected


def test_copy_sent_by_hand_says_so() -> None:
    first, again = prepare(INVOICE), prepare(replace(INVOICE, copy=2), key=f"{KEY}.2")

    assert read(first.payload)["X-Posthorn-Copy"] is None
    assert read(again.payload)["X-Posthorn-Copy"] == "2"
    assert read(again.payload)["Message-ID"] == f"<{KEY}.2@kantoor.example>"
    assert b"Dit is een kopie die met de hand opnieuw verstuurd is." in again.payload


def test_date_is_of_the_release_whatever_its_time_zone() -> None:
    utc = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
    brussels = utc.astimezone(timezone(timedelta(hours=1)))

    assert prepare(replace(INVOICE, released_at=utc)).payload == (
        prepare(replace(INVOICE, released_at=brussels)).payload
    )


def test_facts_that_are_missing_leave_no_empty_line() -> None:
    bare = Document(
        id="1",
        kind=Kind.PURCHASE,
        format="ubl_invoice",
        file_name="",
        media_type="",
        content=b"<Invoice/>",
        sha256="ab" * 32,
        released_at=INVOICE.released_at,
    )

    body = read(prepare(bare).payload).get_body(("plain",))

    assert body is not None
    assert body.get_content().splitlines() == [
        NOTICE["en"],
        "",
        "Kind: Purchase invoice",
        "Attachment: document-abababab.xml",
        f"Reference: {KEY}",
    ]


def test_pdf_beside_has_the_same_stem() -> None:
    files = (*OWN, pdf_attachment(INVOICE, PDF_FILE))

    assert [(file.name, file.media_type) for file in files] == [
        (f"{NAME}.xml", "application/xml"),
        (f"{NAME}.pdf", "application/pdf"),
    ]
    mail = read(build(INVOICE, ENVELOPE, files))
    assert [part.get_payload(decode=True) for part in mail.iter_attachments()] == [
        INVOICE.content,
        PDF_FILE,
    ]


@pytest.mark.parametrize(
    "files", [(), (Attachment(name="a.xml", media_type="application/xml", content=b""),)]
)
def test_mail_without_its_document_cannot_be_built(files: tuple[Attachment, ...]) -> None:
    with pytest.raises(ValueError, match="a mail must carry its document, or say where it is"):
        build(INVOICE, ENVELOPE, files)


def test_mail_with_a_link_and_a_document_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="a mail must carry its document, or say where it is"):
        build(INVOICE, ENVELOPE, OWN, link=LINK)


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_link_stands_whole_on_a_line_of_its_own(language: str) -> None:
    document = replace(INVOICE, language=language)

    payload = build(document, ENVELOPE, (), link=LINK)

    lines = payload.split(b"\r\n")
    assert payload.isascii()
    assert payload.count(LINK.encode()) == lines.count(LINK.encode()) == 2
    mail = read(payload)
    assert list(mail.iter_attachments()) == []
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines()[-1] == LINK
    said = unescape(html.get_content()).replace("\r\n", "\n")
    assert f'<a href="\n{LINK}\n">{wording.LINK[language]}</a>' in said
    assert wording.LINK_NOTICE[language] in said


def test_html_says_what_the_text_says_and_marks_up_nothing_of_the_document() -> None:
    hostile = replace(INVOICE, seller_name='<script>alert("1")</script> & Zn', language="fr")

    html = read(prepare(hostile).payload).get_body(("html",))

    assert html is not None
    said = html.get_content()
    assert "<script" not in said
    assert 'Contrepartie: <script>alert("1")</script> & Zn<br>' in unescape(said)
    assert '<html lang="fr">' in said
    assert re.findall(r"<(\w+)", said) == ["html", "body", "p", "p", *["br"] * 6]


@pytest.mark.parametrize("key", ["", "a b", "a\r\nBcc: x", "<a>", "a@b", "é", "a" * 101])
def test_key_that_cannot_stand_in_a_message_id_is_a_mistake(key: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a Message-ID"):
        build(INVOICE, replace(ENVELOPE, key=key), OWN)


@pytest.mark.parametrize("length", [0, 1, 56, 57, 58, 3647, 3648, 3649, 60_000])
def test_base64_is_in_lines_of_76_characters(length: int) -> None:
    content = bytes(range(256)) * 240

    lines = base64_lines(content[:length])

    expected = base64.encodebytes(content[:length]).replace(b"\n", b"\r\n")
    assert lines == expected


def test_no_line_is_long_and_none_ends_bare() -> None:
    content = b"<a>\n.\n..\r" + b"x" * 5000 + b"\n.\r\n</a>"

    payload = prepare(with_content(INVOICE, content)).payload

    lines = payload.split(b"\r\n")
    assert max(map(len, lines)) <= 98
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert not [line for line in lines if line.startswith(b".")]
