"""Opens the only transactions in which rows of firms can be seen: one firm's, or the system's."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from posthorn.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM_ROLE = "posthorn_system"


class ScopeError(RuntimeError):
    """Open `acting(firm)` or `system(reason)` around this query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose rows the running transaction may see; no firm means the system's own work."""

    firm: UUID | None
    client: UUID | None
    reason: str


_scope: ContextVar[Scope | None] = ContextVar("posthorn_scope", default=None)


def current() -> Scope:
    """Give the open scope; raises ScopeError when there is none."""
    scope = _scope.get()
    if scope is None:
        message = "No firm is in scope: open acting(firm) around this query."
        raise ScopeError(message)
    return scope


@contextmanager
def acting(firm: UUID, client: UUID | None = None) -> Iterator[None]:
    """Open a transaction that sees one firm's rows, or those of one of its clients."""
    with _entered(Scope(firm=firm, client=client, reason="acting")):
        yield


@contextmanager
def system(reason: str) -> Iterator[None]:
    """Open a transaction as the system role, for work that belongs to no single firm."""
    with _entered(Scope(firm=None, client=None, reason=reason)):
        yield


@contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    outer = _scope.get()
    with transaction.atomic():
        _apply(scope)
        token = _scope.set(scope)
        try:
            yield
        finally:
            _scope.reset(token)
    # Settings made inside a savepoint outlive its release (not its rollback): give the transaction
    # around it its own back.
    if connection.in_atomic_block and not connection.needs_rollback:
        _apply(outer)


def _apply(scope: Scope | None) -> None:
    firm = str(scope.firm) if scope and scope.firm else ""
    client = str(scope.client) if scope and scope.client else ""
    role = SYSTEM_ROLE if scope and scope.firm is None else "none"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('posthorn.firm', %s, true),"
            " set_config('posthorn.client', %s, true)",
            [role, firm, client],
        )


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class ScopedManager(models.Manager[Row_co]):
    """Refuses to build a query while no scope is open."""

    def get_queryset(self) -> models.QuerySet[Row_co]:
        """Build a query; raises ScopeError outside a scope."""
        current()
        return super().get_queryset()


class FirmOwned(models.Model):
    """A row that belongs to one firm for ever; its table carries row-level security."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    firm = models.ForeignKey("tenancy.Firm", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
