"""Creates firms."""

from __future__ import annotations

from posthorn.tenancy import audit
from posthorn.tenancy.models import Firm
from posthorn.tenancy.names import named
from posthorn.tenancy.scope import system


def create_firm(name: str, language: str = "en", *, actor: str) -> Firm:
    """Create a firm; opens the system's own scope. Raises EmptyNameError."""
    firm = Firm(name=named(name, "The firm's name"), language=language)
    with system("create firm"):
        firm.save(force_insert=True)
        audit.record(
            [
                audit.Entry(
                    firm=firm.pk,
                    actor=actor,
                    action="firm.created",
                    subject_kind="firm",
                    subject_id=firm.pk,
                    detail={"name": firm.name},
                )
            ]
        )
    return firm
