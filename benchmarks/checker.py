"""One side of the race of checking: posthorn, the official stylesheets, or the floor. A process.

Reads paths, one a line; answers each with the nanoseconds the check took and what it said.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lxml import etree


def ready_posthorn() -> Callable[[bytes], str]:
    """Give our own check: parse, schema, all rules; the collector as the reader's child sets it."""
    from posthorn.documents import xml  # noqa: PLC0415  # each side loads its own
    from posthorn.documents.checks import check  # noqa: PLC0415
    from posthorn.kernel.memory import tune_collector  # noqa: PLC0415

    tune_collector()
    return lambda data: check(xml.parse(data)).verdict


def ready_official() -> Callable[[bytes], str]:
    """Give the official check: parse and schema by lxml, both stylesheets, the ids read."""
    from tests.oracle import stylesheets  # noqa: PLC0415

    stylesheets.sheet(stylesheets.EN16931)
    stylesheets.sheet(stylesheets.PEPPOL)
    return partial(_official, judge=stylesheets.judge_text)


def _official(data: bytes, judge: Callable[[str], object]) -> str:
    is_valid = _fits_schema(data)
    found = judge(data.decode("utf-8-sig"))
    fatal = getattr(found, "fatal", ())
    return "valid" if is_valid and not fatal else "invalid"


def ready_floor() -> Callable[[bytes], str]:
    """Give what no check can do without: lxml's parser and the schema."""
    return lambda data: "valid" if _fits_schema(data) else "invalid"


def _fits_schema(data: bytes) -> bool:
    from posthorn.documents.checks.schema import schema_of  # noqa: PLC0415

    root = etree.fromstring(data)
    is_invoice = etree.QName(root).localname == "Invoice"
    return schema_of("ubl:Invoice" if is_invoice else "cn:CreditNote").validate(root)


SIDES = {"posthorn": ready_posthorn, "official": ready_official, "floor": ready_floor}


def main() -> None:
    """Answer until the input ends."""
    ask = SIDES[sys.argv[1]]()
    for line in sys.stdin:
        data = Path(line.rstrip("\n")).read_bytes()
        begun = time.perf_counter_ns()
        said = ask(data)
        took = time.perf_counter_ns() - begun
        sys.stdout.write(f"{took} {said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
