"""Every sample file goes as it is, becomes valid Peppol BIS 3.0, or is refused with the reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from posthorn.connectors.exact_online.shipment import unpacked
from posthorn.connectors.exact_online.tests.offices import CODA, INVOICE, prepare, with_content
from posthorn.documents import DocumentError, Format, Verdict, examine
from posthorn.documents.opening import Opened, open_inside
from posthorn.documents.profiles import Profile
from posthorn.sdk import Document, Rejected

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
INVOICES = (Format.UBL_INVOICE, Format.UBL_CREDIT_NOTE, Format.CII, Format.FACTURX)
STATEMENTS = (Format.CODA, Format.MT940, Format.CAMT053)


def opened() -> list[tuple[Path, Opened]]:
    found = []
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file():
            try:
                found.append((path, open_inside(path.read_bytes())))
            except DocumentError:
                continue
    return [(path, one) for path, one in found if one.format in (*INVOICES, *STATEMENTS)]


def sent(document: Document) -> bytes | Rejected:
    try:
        return unpacked(prepare(document)).files[0].content
    except Rejected as refusal:
        return refusal


def end_of(path: Path, one: Opened) -> str:
    """Say what becomes of a sample; demands that it is right."""
    is_invoice = one.format in INVOICES
    like = INVOICE if is_invoice else CODA
    came = sent(with_content(like, path.read_bytes(), format=str(one.format)))
    if isinstance(came, Rejected):
        assert (came.code, bool(came.detail)) == ("not_convertible", True), path
        assert one.profile is not Profile.BIS, path
        return "refused"
    if not is_invoice or one.profile is Profile.BIS:
        assert came == one.data, path
        return "as received"
    found = examine(came)
    assert (found.profile, found.verdict) == (Profile.BIS, Verdict.VALID), path
    return "converted"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside the project")
def test_samples_go_as_they_are_or_as_valid_bis_or_not_at_all() -> None:
    ends = Counter(end_of(path, one) for path, one in opened())

    assert ends == {"as received": 39, "converted": 1, "refused": 70}
