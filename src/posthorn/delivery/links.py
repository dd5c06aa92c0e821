"""Opens download addresses with the revision that carries them, serves them and closes them."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from posthorn.archive.storage import storage
from posthorn.connections.links import hash_of
from posthorn.delivery.actions import DeliveryError, DeliveryNotFoundError
from posthorn.delivery.link_models import Download, Link
from posthorn.delivery.states import State
from posthorn.delivery.trial_links import find_sample, note_fetch
from posthorn.delivery.trials import TrialLink
from posthorn.kernel.clock import now
from posthorn.kernel.digest import sha256_hex
from posthorn.kernel.redact import clean
from posthorn.tenancy import audit
from posthorn.tenancy.clients import is_live
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

_OPEN = """
INSERT INTO delivery_link
    (id, firm_id, delivery_id, document_id, token_sha256, made_at, expires_at, revoked_by)
SELECT gen_random_uuid(), d.firm_id, d.id, d.document_id, m.token, statement_timestamp(),
       statement_timestamp() + %s * interval '1 day', ''
FROM unnest(%s::uuid[], %s::text[]) AS m(delivery, token)
JOIN delivery_delivery d ON d.id = m.delivery
ON CONFLICT (token_sha256) DO UPDATE SET expires_at = excluded.expires_at
"""
# One statement: two at once cannot both be the last one allowed.
_COUNT = """
INSERT INTO delivery_fetching AS f (key, since, times) VALUES (%(key)s, clock_timestamp(), 1)
ON CONFLICT (key) DO UPDATE SET
    times = CASE WHEN f.since < clock_timestamp() - interval '1 hour' THEN 1 ELSE f.times + 1 END,
    since = CASE WHEN f.since < clock_timestamp() - interval '1 hour' THEN clock_timestamp()
                 ELSE f.since END
RETURNING times
"""
_FORGET = """
DELETE FROM delivery_fetching WHERE key IN
    (SELECT key FROM delivery_fetching WHERE since < clock_timestamp() - interval '1 hour'
     LIMIT 100 FOR UPDATE SKIP LOCKED)
"""
AN_HOUR_S = 3_600
PER_ADDRESS = 30
"""Times an hour that one document may be fetched: an importer fetches it once, or a few times."""
PER_NETWORK = 600
"""Times an hour that one network may ask: a package fetches the documents of many clients."""
_MAX_AGENT = 200
# Of IPv6 a household has /64, an organisation /48 (RFC 6177 section 2).
_VISITOR_BITS = {4: 32, 6: 64}
_SHOWN_BITS = {4: 24, 6: 48}


class LinkNotFoundError(DeliveryError):
    """Ask for the document again: the address is wrong, too old or closed."""

    code = "link_not_found"


class TooManyFetchesError(DeliveryError):
    """Fetch it again in an hour."""

    code = "too_many_fetches"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks: the network address and program as they came; a look takes no bytes away."""

    address: str
    user_agent: str = ""
    is_look: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document's very bytes, verified, and its name as it arrived."""

    data: bytes
    file_name: str
    sha256: str


def open_addresses(carried: Iterable[tuple[UUID, str]]) -> None:
    """Open the addresses that revisions carry, as (delivery, hash of token), in their transaction.

    A later revision of a delivery carries the same address and only makes it last longer.
    """
    rows = list(carried)
    if rows:
        deliveries, tokens = map(list, zip(*rows, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, [settings.POSTHORN.link_days, deliveries, tokens])


def fetch(token: str, visit: Visit) -> Fetched:
    """Give the document behind a token, and keep that it was fetched; opens the system's scope.

    Raises LinkNotFoundError, TooManyFetchesError, and StorageError for a damaged file.
    """
    with system("download link"):
        link = _open_link(token) or find_sample(token)
        is_patient = _is_patient(link, visit)
    # Outside the transaction: what was counted stays counted.
    if not is_patient:
        raise TooManyFetchesError("This was asked for too often; wait an hour.")
    if link is None:
        raise LinkNotFoundError("There is nothing under this address.")
    if isinstance(link, TrialLink):
        return _sample(link, visit)
    document = link.document
    data = storage().open(link.firm_id, document.sha256)
    if not visit.is_look:
        with system("download link"):
            Download.objects.create(
                firm_id=link.firm_id,
                link_id=link.id,
                network=network_of(visit.address),
                user_agent=clean(visit.user_agent)[:_MAX_AGENT],
            )
    return Fetched(data=data, file_name=document.file_name, sha256=document.sha256)


def _sample(link: TrialLink, visit: Visit) -> Fetched:
    if not visit.is_look:
        with system("download link"):
            note_fetch(link)
    data = bytes(link.content)
    return Fetched(data=data, file_name=link.file_name, sha256=sha256_hex(data))


def _open_link(token: str) -> Link | None:
    rows = Link.objects.select_related("delivery__client", "document")
    link = rows.filter(token_sha256=hash_of(token)).first()
    return link if link is not None and is_open(link) else None


def is_open(link: Link) -> bool:
    """Tell whether an address gives its document: asked anew at each use, so that it ends at once.

    The link's delivery with its client and the document are already loaded with it.
    """
    delivery, client = link.delivery, link.delivery.client
    is_theirs = link.document.client_id == client.pk and delivery.take_out_at is None
    return (
        link.revoked_at is None
        and link.expires_at > now()
        and is_theirs
        and delivery.state != State.CANCELLED
        and client.shares_documents
        and is_live(client)
    )


def _is_patient(link: Link | TrialLink | None, visit: Visit) -> bool:
    """Count this visit, and tell whether it may go on; a look at what is there costs nothing."""
    if link is not None and visit.is_look:
        return True
    counted = [(_network_key(visit.address), PER_NETWORK)]
    if link is not None:
        counted.append((f"link {link.id}", PER_ADDRESS))
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        times = [(_counted(key), most) for key, most in sorted(counted)]
    return all(number <= most for number, most in times)


def _counted(key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key})
        times: int = cursor.fetchone()[0]
    return times


def _network_key(address: str) -> str:
    """Name a visitor for counting without keeping who it was."""
    secret = settings.SECRET_KEY.encode()
    return hmac.new(
        secret, f"fetches {_cut(address, _VISITOR_BITS)}".encode(), "sha256"
    ).hexdigest()


def network_of(address: str) -> str:
    """Give the network that an address belongs to, cut so that it names no person."""
    return _cut(address, _SHOWN_BITS)


def _cut(address: str, bits: Mapping[int, int]) -> str:
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((given, bits[given.version]), strict=False))


def revoke_link(firm: UUID, delivery_id: UUID, *, actor: str) -> None:
    """Close a delivery's address for ever; twice is harmless. Raises DeliveryNotFoundError."""
    rows = Link.objects.filter(firm_id=firm, delivery_id=delivery_id)
    links = list(rows.order_by("id").select_for_update())
    if not links:
        raise DeliveryNotFoundError("The delivery has no download link.")
    open_ones = [link.id for link in links if link.revoked_at is None]
    closed = Link.objects.filter(id__in=open_ones)
    if closed.update(revoked_at=now(), revoked_by=actor[:200]):
        audit.record(
            [
                audit.Entry(
                    firm=firm,
                    actor=actor,
                    action="delivery.link_revoked",
                    subject_kind="delivery",
                    subject_id=delivery_id,
                )
            ]
        )
