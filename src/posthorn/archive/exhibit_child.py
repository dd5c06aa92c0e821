"""The process that draws hostile bytes for people, under the limits of the one that reads them."""

from __future__ import annotations

import base64
import contextlib
import json
from dataclasses import asdict
from typing import Any, Final

from posthorn.archive.child import serve
from posthorn.archive.exhibit import drawing, enclosed, exhibit
from posthorn.archive.warming import SAMPLES, warm_up
from posthorn.documents import DocumentError
from posthorn.documents.render.words import words_in
from posthorn.documents.sentences import LANGUAGES

_INVOICE: Final = (
    b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'"
    b" xmlns:cbc='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'>"
    b"<cbc:ID>1</cbc:ID></Invoice>"
)


def main() -> None:
    """Answer one question after another until the input ends."""
    serve(answer, _warm_up)


def answer(question: bytes) -> dict[str, Any]:
    """Answer a line of JSON that says what is asked, followed by the file; raises DocumentError."""
    head, _, data = question.partition(b"\n")
    asked = json.loads(head)
    if asked["what"] == "page":
        return {"page": drawing(data, asked["language"])}
    if asked["what"] == "exhibit":
        return {"exhibit": asdict(exhibit(data))}
    name, media_type, inside = enclosed(data, asked["place"])
    return {
        "name": name,
        "media_type": media_type,
        "content": base64.b64encode(inside).decode("ascii"),
    }


def _warm_up() -> None:
    """Load readers and words; no file can be opened later."""
    warm_up()
    for language in LANGUAGES:
        words_in(language)
        for sample in (_INVOICE, *SAMPLES):
            with contextlib.suppress(DocumentError):
                drawing(sample, language)


if __name__ == "__main__":
    main()
