"""Creates firms and changes what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy import audit
from posthorn.tenancy.errors import NotFoundError
from posthorn.tenancy.models import Firm
from posthorn.tenancy.names import language as known
from posthorn.tenancy.names import named
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID


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
