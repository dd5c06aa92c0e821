"""Ends sign-ins: one the package no longer accepts, and one that a newer sign-in replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.connections.grant_models import Grant
from posthorn.connections.models import Connection
from posthorn.connections.ports import hold_keeper
from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.notice_kinds import NoticeKind
from posthorn.tenancy.notices import Fact, tell_firm
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of a package, as its site and our registration there know her."""

    connector_id: str
    site: str
    app: str
    id: str


REPLACED = "replaced_by_newer_sign_in"
SUPERSEDED = "sign_in_superseded"
"""The package says the same of a sign-in whose newer one was made outside this installation."""


def end_grant(row: Grant, code: str, *, detail: str = "", actor: str) -> None:
    """End a locked sign-in: no tokens stay, what waits is held, administrators see why.

    Whoever signs in again resumes everything.
    """
    row.key_id, row.sealed = "", b""
    row.ended_at, row.ended_code = now(), code
    row.save()
    connection = Connection.objects.select_for_update(no_key=True).get(id=row.connection_id)
    connection.attention, connection.attention_field = code, ""
    connection.attention_detail = detail[:500]
    connection.attention_since = now()
    connection.save(
        update_fields=["attention", "attention_field", "attention_detail", "attention_since"]
    )
    audit.record(
        [
            audit.Entry(
                firm=row.firm_id,
                actor=actor,
                action="connection.needs_attention",
                subject_kind="connection",
                subject_id=row.connection_id,
                detail={"code": code},
            )
        ]
    )
    is_replaced = code in {REPLACED, SUPERSEDED}
    tell_firm(
        row.firm_id,
        Fact(
            kind=NoticeKind.SIGN_IN_REPLACED if is_replaced else NoticeKind.SIGN_IN_ENDED,
            key=f"{row.id}:{row.ended_at.isoformat()}",
            detail=_named(connection),
        ),
    )
    hold_keeper().reconsider(row.firm_id, connection_ids=[row.connection_id], actor=actor)


def name_of(connection_id: UUID) -> dict[str, str]:
    """Return what a notice says of a connection: its name and its id."""
    return _named(Connection.objects.get(id=connection_id))


def _named(connection: Connection) -> dict[str, str]:
    return {"package": connection.name, "connection": str(connection.id)}


def end_others(account: Account, *, kept: UUID | None) -> int:
    """End the live sign-ins of an account, but for one connection's, in whichever firm they are.

    The package has ended them already: it keeps the newest one only. Their firms are told by
    nothing but their own connection; who signed in instead is nobody's business there. Gives how
    many there were.
    """
    with system("replace sign-ins"):
        rows = Grant.objects.filter(
            connector_id=account.connector_id,
            site=account.site,
            app=account.app,
            account_id=account.id,
            is_newest_only=True,
            ended_at=None,
        )
        others = rows.exclude(connection_id=kept) if kept else rows
        found = list(others.order_by("id").select_for_update(no_key=True))
        for row in found:
            end_grant(row, REPLACED, actor="engine")
    return len(found)
