"""What people see of a message, however hostile it is."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from posthorn_sandbox.mail import pages
from posthorn_sandbox.mail.letter import Attachment, decode_header, read_letter
from posthorn_sandbox.mail.spool import Envelope, Message, Spool

HOSTILE = "<script>alert(1)</script>\"'&\0"


class Reading(HTMLParser):
    """Collects the names of the elements and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def arrived(content: bytes, *recipients: str) -> Message:
    """Store one message in memory and return its record."""
    envelope = Envelope(sender=f"{HOSTILE}@x.example", recipients=recipients)
    return Spool().store(content, envelope, received_at=datetime(2026, 8, 1, 12, tzinfo=UTC))


def test_hostile_subject_text_and_file_name_are_shown_as_text() -> None:
    mail = EmailMessage()
    mail["Subject"] = "<script>alert(1)</script>"
    mail.set_content("</pre><script>alert(2)</script>")
    mail.add_attachment(b"x", maintype="text", subtype="html", filename="<b>.html")
    content = mail.as_bytes()
    message = arrived(content, "<i>@x.example")

    for page in (pages.overview([message]), pages.mail(message, read_letter(content))):
        read = Reading(page)
        assert "<script>alert(1)</script>" in read.text
        assert {"script", "b", "i"} & set(read.elements) == set()
    assert "alert(2)" in read.text
    assert "<b>.html" in read.text


def test_pages_need_no_script_and_no_inline_style() -> None:
    content = b"Subject: x\r\n\r\nhello\r\n"
    message = arrived(content, "a@x.example")

    for page in (
        pages.overview([]),
        pages.overview([message]),
        pages.mail(message, read_letter(content)),
    ):
        read = Reading(page)
        assert "sandbox's stand-in" in read.text
        assert read.elements.count("h1") == 1
        assert read.elements.count("main") == 1
        assert {"script", "style", "img"} & set(read.elements) == set()
        assert {name for name in read.attributes if name.startswith("on") or name == "style"} == (
            set()
        )


def test_overview_lists_a_message_once_in_each_mailbox() -> None:
    message = arrived(b"Subject: one\r\n\r\n", "B@x.example", "a@x.example", "b@x.example")

    read = Reading(pages.overview([message]))

    assert "1 message in 2 mailboxes." in read.text
    assert read.text.index("a@x.example") < read.text.index("b@x.example")
    assert read.elements.count("section") == 2


def test_letter_gives_headers_text_and_attachments_in_order() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Facture n° 7"
    mail["To"] = "in@package.example"
    mail.set_content("Bonjour\n")
    mail.add_attachment(b"<Invoice/>", maintype="application", subtype="xml", filename="7.xml")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="café.pdf")

    letter = read_letter(mail.as_bytes())

    assert letter.headers[:2] == (("Subject", "Facture n° 7"), ("To", "in@package.example"))
    assert letter.text == "Bonjour\n"
    assert letter.attachments == (
        Attachment(file_name="7.xml", media_type="application/xml", content=b"<Invoice/>"),
        Attachment(file_name="café.pdf", media_type="application/pdf", content=b"%PDF"),
    )


def test_media_type_with_a_line_break_becomes_octets() -> None:
    content = (
        b"Content-Type: text/x\r\n -evil: 1; name=a\r\n"
        b"Content-Disposition: attachment\r\n\r\nbody\r\n"
    )

    assert read_letter(content).attachments == (
        Attachment(file_name="a", media_type="application/octet-stream", content=b"body\r\n"),
    )


def test_unknown_charset_is_read_as_utf_8() -> None:
    content = b"Content-Type: text/plain; charset=klingon\r\n\r\nh\xc3\xa9 \xff\r\n"

    assert read_letter(content).text == "hé \N{REPLACEMENT CHARACTER}\r\n"


@given(st.binary(max_size=300))
def test_no_bytes_break_reading_or_showing(noise: bytes) -> None:
    content = b"Subject: =?utf-8?q?" + noise + b"\r\nContent-Type: " + noise + b"\r\n\r\n" + noise
    message = arrived(content, "a@x.example")

    page = pages.mail(message, read_letter(content))

    assert page.encode().endswith(b"</html>\n")


def test_header_is_decoded_and_put_on_one_line() -> None:
    assert decode_header("Subject", "=?utf-8?q?caf=C3=A9?=\r\n\tnoir") == "café noir"
