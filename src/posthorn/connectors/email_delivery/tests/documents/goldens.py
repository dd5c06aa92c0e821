"""One page of text per preset: what its mails look like, reviewed by people.

Written anew with `python -m posthorn.connectors.email_delivery.tests.documents.goldens`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from posthorn.connectors.email_delivery import connector as email_delivery
from posthorn.connectors.email_delivery.presets import Preset, presets
from posthorn.connectors.email_delivery.tests.invoices import (
    CODA,
    INVOICE,
    KEY,
    PDF_FILE,
    with_attachments,
)
from posthorn.connectors.email_delivery.tests.mailbox import SENDER, Mailbox, read
from posthorn.sdk import Document, Kind, Outcome, effects_of, validate
from posthorn.sdk.testing import sample

FOLDER = Path(__file__).parent / "golden"
SPEC = email_delivery.spec
DOCUMENTS = {
    "purchase invoice": INVOICE,
    "purchase invoice with a PDF inside": with_attachments(("application/pdf", PDF_FILE)),
    "purchase credit note": sample(Kind.PURCHASE, "ubl_credit_note"),
    "sales invoice": replace(INVOICE, kind=Kind.SALES),
    "scan": sample(Kind.PURCHASE, "pdf"),
    "statement": CODA,
}
# An address that fits each pattern of a preset; any other preset takes any address.
_SAMPLES = {
    "admisol": "0123456789.aab1@doc.admisol.be",
    "basecone": "kantoor.dossier@mailtobasecone.com",
    "billit": "firma@billit.be",
    "clearfacts": "0123456789@Moncomptable.clearfacts.be",
    "exact_online": "89yz@verkoop.exactonline.nl",
    "hubdoc": "x@app.hubdoc.com",
    "octopus": "dossier@docin.octopus.be",
    "quickbooks_online": "x@qbodocs.com",
    "snelstart": "kantoor@boekhouding.nl",
    "yuki": "dossier@yukiworks.be",
}
_SAMPLES_PER_KIND = {
    "dext": ("name@dext.cc", "name+sales@dext.cc"),
    "moneybird": ("a1@inkomend.moneybird.nl", "a1@facturen.moneybird.nl"),
}


def golden_of(preset: Preset) -> str:
    """Return what is sent to a package, document by document, with its PDF switch off and on."""
    return "\n".join([f"{preset.id}: {preset.family}", *_lines(preset)]) + "\n"


def _lines(preset: Preset) -> Iterator[str]:
    for switch in ("off", "on"):
        firm = {"package": preset.id, "attach_pdfs": switch}
        effect = effects_of(SPEC.firm_settings, firm)[0]
        reason = effect.refused or effect.reason_against("attach_pdfs", switch)
        yield f"\nPDFs alongside {switch}"
        if reason:
            yield f"  refused: {reason['en']}"
            continue
        settings = _settings(preset, firm)
        for name, document in DOCUMENTS.items():
            yield f"  {name}"
            yield from (f"    {line}" for line in _mail(document, settings))


def _settings(preset: Preset, firm: dict[str, str]) -> dict[str, str]:
    both = [_SAMPLES.get(preset.id, "Dossier@import.example")] * 2
    purchase, sales = _SAMPLES_PER_KIND.get(preset.id, both)
    client = {
        "purchase_address": purchase,
        "sales_address": sales,
        "statement_address": purchase,
        "same_address": "off",
    }
    kept = validate(SPEC.firm_settings, firm)
    effects = effects_of(SPEC.firm_settings, kept)
    return kept | validate(SPEC.client_settings, client, starts=kept, effects=effects)


def _mail(document: Document, settings: dict[str, str]) -> Iterator[str]:
    try:
        context = Mailbox(SENDER).context(settings)
        prepared = email_delivery().prepare(context, document, key=KEY)
    except Outcome as outcome:
        yield f"{type(outcome).__name__}: {outcome.code}"
        return
    mail = read(prepared.payload)
    yield f"To: {mail['To']}"
    yield f"Subject: {mail['Subject']}"
    yield " ".join(part.get_content_type() for part in mail.walk())
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        yield f"{part.get_filename()} {len(bytes(content or b''))} bytes"
    yield f"pdf: {prepared.summary['pdf']}, {len(prepared.payload)} bytes in all"


def write() -> None:
    """Write every golden anew; look at the difference before it is committed."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, preset in presets().items():
        (FOLDER / f"{name}.txt").write_text(golden_of(preset), "utf-8")


if __name__ == "__main__":
    write()
