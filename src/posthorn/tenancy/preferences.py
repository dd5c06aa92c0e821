"""Keeps how a person likes to see the site; what they like is nobody's audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.tenancy.models import Person
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID


def save_person_language(person: UUID, language: str) -> None:
    """Keep the language, one of the site's, in which a person reads it."""
    with system("save language"):
        Person.objects.filter(pk=person).update(language=language)
