"""The same document becomes the same mail in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import hashlib, sys
from posthorn.connectors.email_delivery.tests.invoices import INVOICE, PDF_FILE, with_attachments
from posthorn.connectors.email_delivery.tests.invoices import prepare
document = with_attachments(("application/pdf", PDF_FILE))
drawn = dict(package="trifact365", attach_pdfs="on")
inside = dict(package="odoo", attach_pdfs="on")
mails = [prepare(document, pdf_alongside="on"), prepare(INVOICE, **drawn)]
mails += [prepare(INVOICE, **inside), prepare(INVOICE, package="xero")]
whole = b"".join(one.payload + repr(one).encode() for one in mails)
assert [one.summary["pdf"] for one in mails] == [
    "attached", "drawn", "drawn_inside", "drawn_alone"
]
sys.stdout.write(hashlib.sha256(whole).hexdigest())
"""


def digest_in_new_process(hash_seed: str, zone: str) -> str:
    ended = subprocess.run(  # noqa: S603  our own Python
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONHASHSEED": hash_seed,
            "TZ": zone,
            "LC_ALL": "C",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def test_same_document_is_the_same_mail_in_every_process() -> None:
    first = digest_in_new_process("1", "UTC")

    assert len(first) == 64
    assert digest_in_new_process("2", "America/New_York") == first
