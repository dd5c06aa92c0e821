"""Answers with a file: under a harmless name, in a policy of its own, to be kept or to be shown."""

from __future__ import annotations

import base64

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_MAX_NAME = 150  # characters; file systems end at 255 bytes
_CLOSED = "default-src 'none'; sandbox"


def handed(data: bytes, name: str) -> HttpResponse:
    """Give a file to keep, never to be shown by the browser."""
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": _named(name, is_attachment=True),
            "Content-Security-Policy": _CLOSED,
        },
    )


def shown(data: bytes, name: str) -> HttpResponse:
    """Give a PDF to the browser's own viewer."""
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={
            "Content-Disposition": _named(name, is_attachment=False),
            "Content-Security-Policy": _CLOSED,
        },
    )


def proven(response: HttpResponse, sha256: str) -> HttpResponse:
    """Say the digest of what is handed out, lower-case hex, as RFC 9530 has it."""
    digest = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response


def _named(name: str, *, is_attachment: bool) -> str:
    kept = "".join(char if char.isprintable() and char not in '/\\"' else "_" for char in name)
    short = kept[:_MAX_NAME].strip(". ") or "document"
    header = content_disposition_header(as_attachment=is_attachment, filename=short)
    return header or "inline"
