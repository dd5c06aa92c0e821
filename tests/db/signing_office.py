"""A firm whose administrator signs in to Cloud Books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posthorn.connections import consents, signed, signing
from posthorn.connections.grant_models import SignIn
from posthorn.connections.models import Connection
from posthorn.connections.signed import Exchanged, Placed
from posthorn.connections.signing import Visitor
from posthorn.tenancy.roles import Role
from posthorn.tenancy.scope import acting, system
from tests.db.factories import MembershipFactory
from tests.db.grants import Signed, owner_of

if TYPE_CHECKING:
    from uuid import UUID

    from tests.cloudbooks import Cloudbooks


class Office:
    """A firm whose administrator sits at a browser."""

    def __init__(self, role: Role = Role.ADMINISTRATOR, *, is_confirmed: bool = True) -> None:
        member = MembershipFactory.create(role=role)
        self.firm: UUID = member.firm_id
        self.visitor = Visitor(
            person=member.person_id, session=f"session of {member.person_id}", actor="an@firm"
        )
        if is_confirmed:
            with acting(self.firm):
                consents.confirm_access(self.firm, "cloudbooks", "1.0.0", actor="an@firm")

    def begin(self, country: str = "be", connection: UUID | None = None) -> str:
        with acting(self.firm):
            return signing.begin(
                self.firm,
                "cloudbooks",
                {"country": country},
                visitor=self.visitor,
                connection_id=connection,
            )

    def come_back(self, books: Cloudbooks, user: str, url: str) -> SignIn:
        back = books.consent(user, url)
        row = signing.claim(back["state"], visitor=self.visitor)
        signing.take_code(row, back["code"])
        signing.identify(row)
        return row

    def sign_in(
        self,
        books: Cloudbooks,
        user: str = "an",
        *,
        replaces: bool = False,
        again: UUID | None = None,
    ) -> Placed | Exchanged:
        row = self.come_back(books, user, self.begin(connection=again))
        return signed.place(self.firm, row.id, visitor=self.visitor, replaces=replaces)

    def connected(self, books: Cloudbooks, user: str = "an") -> Signed:
        placed = self.sign_in(books, user)
        assert isinstance(placed, Placed)
        return self.at(placed.connection)

    def at(self, connection: UUID) -> Signed:
        with acting(self.firm):
            package = Connection.objects.get(pk=connection)
        return Signed(self.firm, connection, owner_of(package))

    def packages(self) -> int:
        with acting(self.firm):
            return Connection.objects.count()


def under_way() -> list[SignIn]:
    with system("look"):
        return list(SignIn.objects.all())
