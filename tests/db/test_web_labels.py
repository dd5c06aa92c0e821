"""What a mail did with the PDF is said in words, whatever the connector calls it."""

from __future__ import annotations

import re
from pathlib import Path

from posthorn.connectors import email_delivery
from posthorn.web.labels import pdf_words

FOLDER = Path(email_delivery.__file__).parent
REMARK = re.compile(r'(?:_as_received\(document, |remark=|own, |drawn_pdf\(document\), )"(\w+)"')


def test_every_word_on_the_pdf_is_said_to_people() -> None:
    used = set(REMARK.findall((FOLDER / "contents.py").read_text("utf-8")))
    used |= {f"{word}_alone" for word in ("attached", "drawn")}
    golden = "".join(path.read_text("utf-8") for path in FOLDER.glob("tests/**/golden/*.txt"))
    used |= set(re.findall(r"^ +pdf: (\w+), ", golden, re.MULTILINE))
    used |= set(re.findall(r'Rejected\("(\w+)"', (FOLDER / "drawn.py").read_text("utf-8")))

    assert {
        "attached",
        "attached_alone",
        "cannot_draw",
        "drawn",
        "drawn_alone",
        "drawn_inside",
        "inside_already",
        "not_for_this_format",
        "not_placed",
        "off",
        "too_large",
        "too_long_to_draw",
    } <= used
    assert [word for word in sorted(used) if pdf_words(word) == word] == []
    assert pdf_words("of an older version") == "of an older version"
