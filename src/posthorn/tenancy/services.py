"""Creates firms and changes what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy import audit
from posthorn.tenancy.errors import NoSecondPersonError, NotFoundError
from posthorn.tenancy.models import Firm
from posthorn.tenancy.names import language as known
from posthorn.tenancy.names import named
from posthorn.tenancy.queries import members_of
from posthorn.tenancy.roles import Permission, is_allowed
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

_TWO = 2


def create_firm(name: str, language: str = "en", *, actor: str) -> Firm:
    """Create a firm; opens the system's own scope.

    Raises EmptyNameError, TooLongError, BadLanguageError.
    """
    firm = Firm(name=named(name, _("The firm's name")), language=known(language))
    with system("create firm"):
        firm.save(force_insert=True)
        _record(firm, actor, "firm.created", {"name": firm.name})
    return firm


def save_firm(firm: UUID, name: str, language: str, *, actor: str) -> Firm:
    """Change a firm's name and language; saving the same again changes nothing.

    Raises NotFoundError, EmptyNameError, TooLongError, BadLanguageError.
    """
    row = Firm.objects.select_for_update(no_key=True).filter(pk=firm).first()
    if row is None:
        raise NotFoundError(_("There is no such firm."))
    before = {"name": row.name, "language": row.language}
    row.name, row.language = named(name, _("The firm's name")), known(language)
    after = {"name": row.name, "language": row.language}
    changed = {field: (before[field], after[field]) for field in before}
    changed = {field: pair for field, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        row.save(update_fields=list(changed))
        _record(row, actor, "firm.saved", changed)
    return row


def ask_second_person(firm: UUID, *, asks: bool, actor: str) -> None:
    """Choose whether a second person must confirm changed import addresses; twice changes nothing.

    Raises NotFoundError, and NoSecondPersonError while nobody else could confirm.
    """
    row = Firm.objects.select_for_update(no_key=True).filter(pk=firm).first()
    if row is None:
        raise NotFoundError(_("There is no such firm."))
    if row.asks_second_person == asks:
        return
    able = [one for one in members_of(firm) if is_allowed(one.role, Permission.MANAGE_CLIENTS)]
    if asks and len(able) < _TWO:
        raise NoSecondPersonError(
            _("Invite a second administrator or client manager first: nobody could confirm.")
        )
    row.asks_second_person = asks
    row.save(update_fields=["asks_second_person"])
    _record(row, actor, "firm.second_person_on" if asks else "firm.second_person_off", {})


def _record(firm: Firm, actor: str, action: str, detail: Mapping[str, object]) -> None:
    audit.record(
        [
            audit.Entry(
                firm=firm.pk,
                actor=actor,
                action=action,
                subject_kind="firm",
                subject_id=firm.pk,
                detail=detail,
            )
        ]
    )
