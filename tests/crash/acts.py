"""What forked processes do: work, release documents, act as a person, look at the whole."""

from __future__ import annotations

import random
import re
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import time_machine
from django.conf import settings
from django.db import connection, connections

from posthorn.archive import intake, lifecycle, reading
from posthorn.archive.models import Document
from posthorn.archive.rules import ReleaseBasis
from posthorn.archive.storage import storage
from posthorn.connections import integrations, services
from posthorn.connections.domains import keeping
from posthorn.connections.limits import parse_limits
from posthorn.connections.mail import trusted
from posthorn.connections.models import Connection, Integration
from posthorn.connections.registry import registry
from posthorn.connections.rotation import ensure_keyring
from posthorn.connections.sites import Site
from posthorn.delivery import actions, instance, lanes, loading, sweep
from posthorn.delivery.bounces.keeping import keep
from posthorn.delivery.bounces.settling import settle_due
from posthorn.delivery.models import Delivery
from posthorn.delivery.worker import LeaseLostError, Pace, Worker
from posthorn.kernel import crash
from posthorn.kernel.ids import new_id
from posthorn.tenancy import audit, clients
from posthorn.tenancy.scope import acting, system
from tests.crash.wrong import MarkFirst
from tests.crash.zygote import LEASE_LOST
from tests.load import scene

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posthorn.project.env import Env

_RELEASED_AT_ONCE = 100


def warm_up() -> None:
    """Load once, before forking, what every worker needs."""
    registry()
    trusted(None)
    with system("warm up"):
        loading.load(lanes.claim(new_id(), 1))
        list(Integration.objects.select_related("connection", "client"))
        list(Delivery.objects.values_list("firm_id", "connection_id"))
    connection.close()  # a line that two processes share would serve neither


def work(
    *,
    pace: Mapping[str, Any],
    env: Mapping[str, Any],
    crash_at: tuple[str, int] | None = None,
    wrong: bool = False,
    idle_limit_ms: int = 15_000,
    clock_ahead_s: float = 0.0,
) -> int:
    """Be a worker until SIGTERM; `wrong` is the control that marks before it sends."""
    limit_idle_transactions(idle_limit_ms)
    if clock_ahead_s:
        time_machine.travel(datetime.now(UTC) + timedelta(seconds=clock_ahead_s)).start()
    use({**env, "senders": int(pace["senders"])})
    worker = Worker(Pace(**pace))
    if wrong:
        worker._committer = MarkFirst(worker._committer)  # type: ignore[assignment]
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    random.seed()
    if crash_at:
        crash.arm(*crash_at)
    try:
        worker.run()
    except LeaseLostError:
        return LEASE_LOST
    return 0


def return_mail(*, raw: str, recipient: str, env: Mapping[str, Any]) -> None:
    """Bring a mail back as a mail server would, and settle it."""
    use(env)
    keep(raw.encode(), source="smtp", sender="", recipients=[recipient])
    while settle_due():
        pass


def use(env: Mapping[str, Any]) -> Env:
    """Change settings of this process; gives all of them."""
    changed: Env = replace(settings.POSTHORN, **_typed(env))
    settings.POSTHORN = changed
    return changed


def _typed(env: Mapping[str, Any]) -> dict[str, Any]:
    """Give settings that came as JSON the types of `Env`."""
    typed = dict(env)
    if "mail_ca" in env:
        typed["mail_ca"] = Path(env["mail_ca"])
    if "sites" in env:
        typed["sites"] = {key: Site(**one) for key, one in env["sites"].items()}
    if "mail_limits" in env:
        typed["mail_limits"] = parse_limits(env["mail_limits"])
    if "allow_private" in env:
        typed["allow_private"] = tuple(env["allow_private"])
    return typed


def limit_idle_transactions(limit_ms: int) -> None:
    """Have the server end transactions of this process that stay open so long without a word."""
    options = connections["default"].settings_dict["OPTIONS"]
    options["options"] = re.sub(
        r"(idle_in_transaction_session_timeout)=\d+", rf"\1={limit_ms}", options["options"]
    )


def set_scene(*, clients: int) -> dict[str, Any]:
    """Make a firm with clients; gives their ids."""
    made = scene.set_scene(clients)
    return {"firm": str(made.firm), "clients": [str(client) for client in made.clients]}


def supply(
    *, firm: str, clients: list[str], count: int, size: int, crash_at: tuple[str, int] | None = None
) -> list[str]:
    """Add documents for the clients in turn and release them; gives their ids."""
    place = scene.Scene(firm=UUID(firm), clients=[UUID(client) for client in clients])
    ids = scene.add_documents(place, count, size)
    if crash_at:
        crash.arm(*crash_at)
    for start in range(0, count, _RELEASED_AT_ONCE):
        release(firm=firm, documents=[str(one) for one in ids[start : start + _RELEASED_AT_ONCE]])
    return [str(one) for one in ids]


def add(*, firm: str, clients: list[str], count: int, size: int) -> list[str]:
    """Add documents for the clients in turn; gives their ids."""
    place = scene.Scene(firm=UUID(firm), clients=[UUID(client) for client in clients])
    return [str(one) for one in scene.add_documents(place, count, size)]


def release(
    *, firm: str, documents: list[str], crash_at: tuple[str, int] | None = None
) -> list[str]:
    """Release documents together; gives the ids of those released."""
    if crash_at:
        crash.arm(*crash_at)
    with acting(UUID(firm)):
        done = lifecycle.release(
            UUID(firm),
            [UUID(one) for one in documents],
            basis=ReleaseBasis.APPROVED,
            actor="An Peeters",
        )
    assert not done.refused, done.refused
    return [str(one) for one in done.released]


def own_relay(*, firm: str, values: dict[str, str]) -> None:
    """Save the settings of the firm's connection."""
    ensure_keyring(settings.POSTHORN.data)
    with acting(UUID(firm)):
        package = Connection.objects.get()
        services.save_connection(UUID(firm), package.id, values, actor="An Peeters")


def prove_domain(*, firm: str, domain: str) -> str:
    """Have a firm's key for a domain seen in its DNS; gives the public half."""
    ensure_keyring(settings.POSTHORN.data)
    with acting(UUID(firm)):
        row = keeping.ensure_domain(UUID(firm), domain, actor="An Peeters")
        keeping.keep_findings(row, [], is_ours=True, actor="An Peeters")
        return row.public


def resend(*, firm: str, delivery: str, reason: str) -> str:
    """Send a delivery again by hand; gives the copy's id."""
    with acting(UUID(firm)):
        return str(actions.resend(UUID(firm), UUID(delivery), reason=reason, actor="An Peeters"))


def switch(*, what: str, firm: str, client: str = "") -> None:
    """Pause or release something, as a person."""
    actor = "An Peeters"
    if what in {"pause_instance", "release_instance"}:
        {"pause_instance": instance.pause, "release_instance": instance.release}[what](actor)
        return
    with acting(UUID(firm)):
        if what in {"pause_connection", "release_connection"}:
            getattr(services, what)(UUID(firm), Connection.objects.get().id, actor=actor)
        elif what in {"pause_integration", "release_integration"}:
            row = Integration.objects.get(client_id=client)
            getattr(integrations, what)(UUID(firm), row.id, actor=actor)
        else:
            getattr(clients, what)(UUID(firm), UUID(client), actor=actor)


def take(
    *, firm: str, text: str, source_id: str, crash_at: tuple[str, int] | None = None
) -> dict[str, Any]:
    """Take a file in as a source with its own ids would bring it."""
    if crash_at:
        crash.arm(*crash_at)
    incoming = intake.Incoming(
        data=text.encode(), file_name="invoice.xml", source="peppol", source_id=source_id
    )
    taken = intake.take(UUID(firm), incoming)
    return {"id": str(taken.document_id), "is_new": taken.is_new}


def kept_text(*, firm: str, document: str) -> str:
    """Give the bytes that are kept of a document, their hash verified."""
    with acting(UUID(firm)):
        sha256 = Document.objects.get(id=document).sha256
    return storage().open(UUID(firm), sha256).decode()


def read(*, firm: str, document: str, crash_at: tuple[str, int] | None = None) -> None:
    """Read a document that waits for it."""
    if crash_at:
        crash.arm(*crash_at)
    reading.read_document(UUID(firm), UUID(document))


def release_held(*, reason: str) -> int:
    """Let go, as a person, what is on hold for a reason; gives nothing."""
    with system("test"):
        held = list(
            Delivery.objects.filter(state="held", reason=reason).values_list("firm_id", "id")
        )
    for firm, delivery in held:
        with acting(firm):
            actions.release(firm, delivery, actor="An Peeters")
    return 0


def examine(*, lease: float) -> dict[str, Any]:
    """Seal and verify the audit trail, and count what is overdue."""
    while audit.seal():
        pass
    verdict = audit.verify()
    return {
        "overdue": sweep.overdue(lease),
        "entries": verdict.entries,
        "unsealed": verdict.unsealed,
        "problems": list(verdict.problems),
    }


ACTS: Mapping[str, Callable[..., object]] = {
    act.__name__: act
    for act in (
        work,
        set_scene,
        supply,
        add,
        release,
        own_relay,
        prove_domain,
        resend,
        switch,
        take,
        kept_text,
        read,
        release_held,
        return_mail,
        examine,
    )
}
