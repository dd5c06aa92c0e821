"""Delivers documents to Exact Online: as documents with files, or into the digital postbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.calls import Calls
from posthorn.connectors.exact_online.companies import companies
from posthorn.connectors.exact_online.delivering import Sending
from posthorn.connectors.exact_online.lists import options_of
from posthorn.connectors.exact_online.preparing import company_of, prepare
from posthorn.connectors.exact_online.settings import COMPANY, MAILBOX
from posthorn.connectors.exact_online.spec import SPEC
from posthorn.connectors.exact_online.standing import standing_of
from posthorn.connectors.exact_online.taking import taken
from posthorn.sdk import (
    Account,
    AuthorizationLost,
    Capability,
    Connector,
    Context,
    Document,
    Kind,
    Match,
    Prepared,
    Receipt,
    RemoteStatus,
)


class ExactOnline(Connector):
    """One document, one entity in the client's administration, with its files."""

    spec = SPEC

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        """Return what both routes take."""
        return taken(settings)

    def account(self, ctx: Context) -> Account:
        """Return the signed-in user."""
        me = Calls(ctx=ctx, company="").me()
        key, name = odata.guid(me.get("UserID")), odata.text(me.get("FullName"))
        if not key:
            raise AuthorizationLost(detail="the answer names no user")
        return Account(
            id=key,
            name=name or odata.text(me.get("UserName")),
            detail=odata.text(me.get("DivisionCustomerName")),
        )

    def check(self, ctx: Context) -> str:
        """Return who is signed in, and to which company that user belongs."""
        account = self.account(ctx)
        return f"{account.name} ({account.detail})" if account.detail else account.name

    def matches(self, ctx: Context, field: str, typed: str) -> Sequence[Match]:
        """Return the companies that a Company Code names."""
        return companies(ctx, typed) if field == COMPANY else []

    def choices(self, ctx: Context, field: str) -> Sequence[tuple[str, str]]:
        """Return document types, folders or postboxes of the client's company."""
        calls = Calls(ctx=ctx, company=company_of(ctx), is_mailbox=field == MAILBOX)
        return options_of(calls, field)

    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        """Make the e-invoice and its files. Raises Rejected when it cannot be made."""
        return prepare(ctx, document, key=key)

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        """Create the entity and attach its files; go on where an earlier try ended."""
        return Sending.of(ctx, prepared).deliver()

    def find(self, ctx: Context, prepared: Prepared) -> Receipt | None:
        """Look for our key in subjects, then for the files by name and size."""
        return Sending.of(ctx, prepared).find()

    def status(self, ctx: Context, receipt: Receipt) -> RemoteStatus:
        """Return the entry proposal's status, or the postbox's."""
        return standing_of(ctx, receipt)
