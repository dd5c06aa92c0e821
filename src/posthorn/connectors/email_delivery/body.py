"""Writes the text of a mail, plain and as HTML: short, and like no invoice."""

from __future__ import annotations

import quopri
from collections.abc import Sequence
from html import escape

from posthorn.connectors.email_delivery import wording
from posthorn.connectors.email_delivery.plain import folded, one_line
from posthorn.sdk import LANGUAGES, Document, Words

_MAX_CHARS = 120  # of one value


def alternative(
    document: Document, *, key: str, names: Sequence[str], link: str, boundary: str
) -> bytes:
    """Return the part that says what the mail is, in two forms a reader may choose from."""
    notices = _notices(document, is_link=bool(link))
    facts = _facts(document, key=key, names=names)
    lines = [*notices, "", *(f"{label}: {value}" for label, value in facts)]
    plain = "\n".join([*lines, *([link] if link else []), ""])
    divider = f"--{boundary}\r\n".encode("ascii")
    head = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    return b"".join(
        [
            head.encode("ascii"),
            divider,
            _part("plain", plain, is_link=bool(link)),
            divider,
            _part("html", _html(document, notices, facts, link), is_link=bool(link)),
            f"--{boundary}--\r\n".encode("ascii"),
        ]
    )


def _notices(document: Document, *, is_link: bool) -> list[str]:
    opening = [wording.LINK_NOTICE if is_link else wording.NOTICE]
    if document.copy:
        opening.append(wording.COPY)
    return [wording.said(one, document) for one in opening]


def _facts(document: Document, *, key: str, names: Sequence[str]) -> list[tuple[str, str]]:
    client = " ".join(part for part in (document.client_number, document.client_name) if part)
    facts: list[tuple[Words, str]] = [
        (wording.KIND, wording.said(wording.name_of(document), document)),
        (wording.NUMBER, document.number),
        (wording.DATED, document.issue_date.isoformat() if document.issue_date else ""),
        (wording.PARTY, wording.counterparty(document)),
        (wording.CLIENT, client),
        *((wording.FILE, name) for name in names),
        (wording.REFERENCE, key),
    ]
    said = [(wording.said(label, document), one_line(value, _MAX_CHARS)) for label, value in facts]
    return [(label, value) for label, value in said if value]


def _html(
    document: Document, notices: Sequence[str], facts: Sequence[tuple[str, str]], link: str
) -> str:
    # No table and no figures: some importers read the text itself (ClearFacts help, read 2026-11).
    language = document.language if document.language in LANGUAGES else "en"
    lines = "<br>\n".join(f"{escape(label)}: {escape(value)}" for label, value in facts)
    said = "\n".join(f"<p>{escape(notice)}</p>" for notice in notices)
    if link:
        lines += (
            f'<br>\n<a href="\n{escape(link)}\n">{escape(wording.said(wording.LINK, document))}</a>'
        )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<body>\n{said}\n<p>{lines}</p>\n'
        "</body>\n</html>\n"
    )


def _part(subtype: str, text: str, *, is_link: bool) -> bytes:
    """Return one form of the text; an address stays whole, as quoted-printable would break it."""
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: "
    if is_link:
        plain = "\n".join(folded(line) for line in text.split("\n"))
        body, encoding = plain if subtype == "plain" else text, "7bit"
        encoded = body.encode("ascii", "xmlcharrefreplace")
    else:
        encoded, encoding = quopri.encodestring(text.encode("utf-8")), "quoted-printable"
    return f"{head}{encoding}\r\n\r\n".encode("ascii") + encoded.replace(b"\n", b"\r\n")
