"""Finds out that a document came before: the same bytes, or the same invoice in other bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from posthorn.archive.models import Document
from posthorn.archive.parties import registration, unpacked
from posthorn.kernel.digest import sha256_hex

if TYPE_CHECKING:
    from uuid import UUID

_STATEMENT = "statement"


def business_key(document: Document) -> str:
    """Name what a document says by a hash: client, direction, seller, number, date, type, total.

    Empty when it does not say enough to be told from another one.
    """
    who = _issuer(document)
    told = (document.client_id, who, document.number, document.issue_date, document.total)
    if not all(value not in {None, ""} for value in told):
        return ""
    parts = (
        document.client_id,
        document.direction,
        document.category,
        who,
        "".join(document.number.split()).casefold(),
        document.issue_date,
        document.type_code,
        document.currency,
        f"{document.total:.6f}",
    )
    return sha256_hex("\x1f".join(map(str, parts)).encode())


def _issuer(document: Document) -> str:
    """Give who made the document, however its number is written; a statement's is its account."""
    if document.category == _STATEMENT:
        return document.account
    identities = unpacked(document.identities)
    return registration(identities.seller) or document.seller_name.casefold()


def mark(document: Document) -> None:
    """Set a document's key, and what it repeats, in one client and direction.

    Of several that are marked at once the first is the original; the others wait here for it.
    """
    document.duplicate_key, document.duplicate_of_id = "", None
    if document.client_id is None:
        return
    document.duplicate_key = business_key(document)
    _one_at_a_time(_locks(document))
    document.duplicate_of_id = _original(document)


def _locks(document: Document) -> list[str]:
    whose = f"{document.client_id}\x1f{document.direction}"
    names = {f"{whose}\x1f{document.sha256}", document.duplicate_key or whose + document.sha256}
    return sorted(names)  # in one order for everybody: nobody waits for one who waits


def _one_at_a_time(names: list[str]) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _original(document: Document) -> UUID | None:
    others = Document.objects.filter(
        firm_id=document.firm_id, duplicate_of__isnull=True, reading="read"
    ).exclude(pk=document.pk)
    same_bytes = others.filter(
        Q(client_id=document.client_id), direction=document.direction, sha256=document.sha256
    )
    found = same_bytes.values_list("pk", flat=True).first()
    if found is None and document.duplicate_key:
        same_business = others.filter(duplicate_key=document.duplicate_key)
        found = same_business.values_list("pk", flat=True).first()
    return found


def is_number_reused(document: Document) -> bool:
    """Tell whether the same seller gave the same number to something else of this client."""
    if not document.number or not document.seller_number or document.client_id is None:
        return False
    others = Document.objects.filter(
        firm_id=document.firm_id,
        client_id=document.client_id,
        number=document.number,
        category=document.category,
        direction=document.direction,
        seller_number=document.seller_number,
        duplicate_of__isnull=True,
    )
    return others.exclude(pk=document.pk).exists()
