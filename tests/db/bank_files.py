"""Files of statements of two clients, and what becomes of their parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from posthorn.archive.examined import Examined, examined
from posthorn.archive.models import Document
from posthorn.archive.reading import read_document
from posthorn.archive.storage import storage
from posthorn.tenancy.scope import acting
from tests.db.factories import ClientFactory, ClientNumberFactory

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.archive.reader import Pool
    from posthorn.tenancy.models import Firm

SAMPLES = Path(__file__).parent.parent / "samples" / "statements"
CODA = (SAMPLES / "two-accounts.cod").read_bytes()
CAMT = (SAMPLES / "camt053-v8-two-accounts.xml").read_bytes()
MT940 = (SAMPLES / "two-accounts.940").read_bytes()
CHEESE, BREAD = "BE68539007547034", "NL91ABNA0417164300"


def owner_of(firm: Firm, *ibans: str, **values: object) -> UUID:
    client = ClientFactory.create(firm=firm, **values)
    for iban in ibans:
        ClientNumberFactory.create(firm=firm, client=client, scheme="iban", value=iban)
    owner: UUID = client.pk
    return owner


def parts_of(document: Document) -> list[Document]:
    with acting(document.firm_id):
        rows = Document.objects.filter(parent=document.pk).order_by("arrived_at")
        return list(rows)


def read_parts(document: Document, readers: Pool) -> list[Document]:
    for part in parts_of(document):
        read_document(document.firm_id, part.pk, readers=readers)
    return parts_of(document)


def bytes_of(document: Document) -> bytes:
    return storage().open(document.firm_id, document.sha256)


def told(data: bytes) -> Examined:
    """Say of a file what the reading process says."""
    return examined(data)
