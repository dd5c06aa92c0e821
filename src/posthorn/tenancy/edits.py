"""Changes what is known of a client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from posthorn.tenancy import clients
from posthorn.tenancy.names import country, language, named

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.tenancy.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different about a client; None keeps what there is."""

    dossier_number: str | None = None
    name: str | None = None
    country: str | None = None
    language: str | None = None


def edit_client(firm: UUID, client: UUID, change: Change, *, actor: str) -> Client:
    """Change what is known of a client; saving the same again changes nothing.

    Raises NotFoundError, EmptyNameError, TooLongError, BadCountryError, BadLanguageError,
    DossierNumberTakenError.
    """
    row = clients.locked(firm, client)
    changed: dict[str, tuple[str, str]] = {}
    for field, value in _cleaned(change).items():
        before = getattr(row, field)
        if value != before:
            setattr(row, field, value)
            changed[field] = (before, value)
    if changed:
        clients.write(row)
        clients.record(row, actor, "client.edited", **changed)
    return row


def _cleaned(change: Change) -> dict[str, str]:
    cleaned: dict[str, str] = {}
    if change.dossier_number is not None:
        cleaned["dossier_number"] = clients.dossier_number_of(change.dossier_number)
    if change.name is not None:
        cleaned["name"] = named(change.name, _("The client's name"))
    if change.country is not None:
        cleaned["country"] = country(change.country)
    if change.language is not None:
        cleaned["language"] = language(change.language)
    return cleaned
