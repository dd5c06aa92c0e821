"""A firm whose deliveries were accepted, and hands that bring their mail back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from posthorn.connections.keyring import fresh_key, keyring
from posthorn.connections.return_path import Posted, Tag, local_part
from posthorn.delivery.bounces.keeping import keep
from posthorn.delivery.bounces.settling import settle_due
from posthorn.delivery.letters import Letter, Return
from posthorn.delivery.models import Delivery
from posthorn.tenancy.models import AuditEntry
from posthorn.tenancy.scope import acting, system
from tests.db.delivering import Desk, open_desk
from tests.returned_mail import DOMAIN, TROUBLES, Lost

if TYPE_CHECKING:
    from uuid import UUID

    from pytest_django.fixtures import Settings


def with_bounce_domain(settings: Settings) -> None:
    """Give the installation a domain for bounces and a key of its own."""
    settings.POSTHORN = replace(
        django_settings.POSTHORN, bounce_domain=DOMAIN, keyring=fresh_key("k1")
    )


@dataclass(slots=True, kw_only=True)
class Post:
    """Deliveries in a state, and what comes back for them."""

    desk: Desk

    def sent(
        self, number: int = 1, *, state: str = "accepted", revision: int = 1
    ) -> list[Delivery]:
        """Give deliveries that have left."""
        found = self.desk.queue(count=number)[-number:]
        ids = [one.id for one in found]
        with acting(self.desk.firm):
            next_at = found[0].next_at if state in {"unknown", "retrying", "queued"} else None
            values = {"state": state, "revision": revision, "next_at": next_at}
            if state == "sending":
                values["attempt_id"] = found[0].id
            Delivery.objects.filter(id__in=ids).update(**values)
            return list(Delivery.objects.filter(id__in=ids).order_by("position"))

    def lost(self, delivery: Delivery, *, is_tagged: bool = True, trouble: int = 0) -> Lost:
        """Give a delivery's mail as a server sees it."""
        tag = Tag(posted=Posted.DELIVERY, id=delivery.id, revision=delivery.revision)
        path = address_of(tag) if is_tagged else "facturen@kantoor.example"
        return Lost(
            key=delivery.key, to="inkoop@pakket.example", path=path, trouble=TROUBLES[trouble]
        )

    def now(self, delivery: Delivery) -> Delivery:
        """Read a delivery again."""
        with acting(self.desk.firm):
            return Delivery.objects.get(id=delivery.id)

    def returns(self) -> list[Return]:
        """Give what was recorded, in order."""
        with acting(self.desk.firm):
            return list(Return.objects.order_by("recorded_at"))


def address_of(tag: Tag) -> str:
    """Write the return path of a mail."""
    key = next(iter(keyring().keys.values()))
    return f"{local_part(tag, key)}@{DOMAIN}"


def open_post() -> Post:
    """Open a firm with one client."""
    return Post(desk=open_desk())


def bring(raw: str | bytes, *recipients: str, sender: str | None = "") -> None:
    """Bring a mail as a server would, and settle all that waits."""
    lay_down(raw, *recipients, sender=sender)
    settle_all()


def lay_down(raw: str | bytes, *recipients: str, sender: str | None = "") -> None:
    """Bring a mail and leave it."""
    octets = raw.encode() if isinstance(raw, str) else raw
    keep(octets, source="smtp", sender=sender, recipients=recipients)


def settle_all() -> None:
    """Settle all that waits."""
    while settle_due():
        pass


def letters() -> list[tuple[str, str]]:
    """Give state and note of every letter, in order."""
    with system("test"):
        return list(Letter.objects.order_by("arrived_at").values_list("state", "note"))


def trail_of(firm: UUID) -> list[str]:
    """Give the audit trail's actions in order."""
    with acting(firm):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
