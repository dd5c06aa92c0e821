"""Reads spoiled files until its time is up. A process: it may die, and its last file is kept.

`python -m tests.soak.reading KIND SEED SECONDS FILE`: FILE holds the file in hand. Ends with a
line of JSON; a file that takes more than 5 s of the processor's time ends it by SIGPROF, one that
waits for anything by SIGALRM.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

from posthorn.documents import DocumentError, examine
from posthorn.documents.convert import convert
from posthorn.documents.facturx import embedded_xml
from posthorn.documents.opening import open_file
from posthorn.documents.reader import content_of
from posthorn.documents.sentences import LANGUAGES
from tests.soak.spoiling import seeds, spoiled

_HANG_S: Final = 5
_WAIT_S: Final = 60  # of the clock, which runs on while the machine does something else
_MEMORY: Final = 1_000_000_000  # bytes of addresses, many times what any of these files deserves


def read_all(data: bytes) -> str:
    """Do with a file all that is done with what comes in; gives the verdict or the refusal."""
    try:
        found = examine(data)
        for finding in found.findings:
            for language in LANGUAGES:
                finding.message(language)
        content_of(open_file(data))
        if data.startswith(b"%PDF"):
            embedded_xml(data)
        with suppress(DocumentError):
            convert(data, embed_pdf=True)
    except DocumentError as error:
        str(error)
        return error.code
    if any(finding.id.startswith("POSTHORN-") for finding in found.findings):
        raise AssertionError([finding.values for finding in found.findings])
    return str(found.verdict or found.facts.format)


def main() -> None:
    """Spoil and read."""
    kind, seed, seconds, place = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    in_hand, good = Path(place), seeds(kind)
    dice = random.Random(seed)  # noqa: S311  # choices, not secrets
    ends: Counter[str] = Counter()
    slowest, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        data = spoiled(kind, good, dice)
        in_hand.write_bytes(data)
        # Its own end, as no Python code of ours could stop a C library.
        signal.setitimer(signal.ITIMER_PROF, _HANG_S)
        signal.alarm(_WAIT_S)
        begun = time.process_time()
        try:
            ends[read_all(data)] += 1
        except Exception:  # noqa: BLE001  # whatever it is, it is what this looks for
            ends["untyped"] += 1
            (in_hand.parent / f"untyped-{ends['untyped']}").write_bytes(data)
            (in_hand.parent / f"untyped-{ends['untyped']}.txt").write_text(traceback.format_exc())
        signal.alarm(0)
        slowest = max(slowest, time.process_time() - begun)
    sys.stdout.write(json.dumps({"slowest": round(slowest, 3), "ends": ends}) + "\n")


if __name__ == "__main__":
    main()
