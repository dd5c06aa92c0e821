"""Tells where a person may enter: places in firms, and companies of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from posthorn.tenancy.queries import Member
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID

# Every request of a person asks this first, so it is one statement, and not built anew each time.
_ENTRANCES = """
SELECT place.firm_id, place.id, firm.name, place.role
  FROM tenancy_membership place JOIN tenancy_firm firm ON firm.id = place.firm_id
 WHERE place.person_id = %(person)s
 UNION ALL
SELECT company.firm_id, company.id, company.name, ''
  FROM tenancy_clientperson own
  JOIN tenancy_client company ON company.id = own.client_id AND company.firm_id = own.firm_id
 WHERE own.person_id = %(person)s
 ORDER BY 3, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A client whose Business Space a person may enter."""

    id: UUID
    firm: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrances:
    """Every door that is open to a person, each kind by name."""

    firms: tuple[Member, ...]
    companies: tuple[Company, ...]

    def of_firm(self, firm: UUID) -> Member | None:
        """Give the person's place in a firm, None for a stranger."""
        return next((one for one in self.firms if one.firm == firm), None)

    def of_company(self, client: UUID) -> Company | None:
        """Give a company of the person's own, None where it is another's."""
        return next((one for one in self.companies if one.id == client), None)


def entrances_of(person: UUID) -> Entrances:
    """Give where a person may enter now; opens the system's scope."""
    with system("entrances of a person"), connection.cursor() as cursor:
        cursor.execute(_ENTRANCES, {"person": person})
        rows = cursor.fetchall()
    return Entrances(
        firms=tuple(
            Member(id=place, firm=firm, firm_name=name, person=person, role=Role(role))
            for firm, place, name, role in rows
            if role
        ),
        companies=tuple(
            Company(id=company, firm=firm, name=name)
            for firm, company, name, role in rows
            if not role
        ),
    )
