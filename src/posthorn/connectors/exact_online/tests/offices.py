"""Settings and documents of these tests: a client of a firm that is signed in to Exact Online."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from posthorn.connectors.exact_online import connector as exact_online
from posthorn.connectors.exact_online.shipment import Shipment, unpacked
from posthorn.connectors.exact_online.tests.fake import COMPANY, FakeExact
from posthorn.sdk import Context, Document, Kind, Prepared, validate
from posthorn.sdk.testing import sample

KEY = "0190000000007000800000000000c0de"
TAG = "[pex:jcr27pd73lpk]"
INVOICE = sample(Kind.PURCHASE, "ubl_invoice")
CODA = sample(Kind.STATEMENT, "coda")


def settings(**changed: str) -> dict[str, str]:
    """Return a firm's and a client's settings, cleaned as the product does."""
    spec = exact_online.spec
    given = {"country": "be", "company": COMPANY, **changed}
    firm_ids = {one.id for one in spec.firm_settings}
    firm = validate(spec.firm_settings, {k: v for k, v in given.items() if k in firm_ids})
    client = {k: v for k, v in given.items() if k not in firm_ids and v}
    if "company" in client:
        return firm | validate(spec.client_settings, client, starts=firm)
    return firm | client


def context(fake: FakeExact | None = None, /, **changed: str) -> Context:
    """Return a context of these settings."""
    return (fake or FakeExact()).context(settings(**changed))


def prepare(document: Document, /, *, key: str = KEY, **changed: str) -> Prepared:
    """Prepare a document with these settings; once, since drawing a PDF takes its time."""
    return _prepared(document, key, tuple(sorted(changed.items())))


@lru_cache(maxsize=64)
def _prepared(document: Document, key: str, changed: tuple[tuple[str, str], ...]) -> Prepared:
    return exact_online().prepare(context(None, **dict(changed)), document, key=key)


def shipment(document: Document, /, **changed: str) -> Shipment:
    """Return what preparing a document packs."""
    return unpacked(prepare(document, **changed))


def with_content(document: Document, content: bytes, **changed: object) -> Document:
    """Return the document with other bytes and their hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(document, content=content, sha256=sha256, **changed)  # type: ignore[arg-type]  # the test knows the fields
