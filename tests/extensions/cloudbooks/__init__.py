"""A connector for a package people sign in to; its tokens behave as Exact Online's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from posthorn.sdk import (
    CONTRACT,
    Account,
    Capability,
    Choice,
    Connector,
    ConnectorSpec,
    Context,
    Depth,
    Document,
    Idempotency,
    Kind,
    OAuth2,
    Prepared,
    Receipt,
    Scope,
    Text,
    TokenFault,
    Unavailable,
    same_words,
    words,
)

TAKES = Capability(
    formats=frozenset({"ubl_invoice"}),
    depth=Depth.DRAFT,
    idempotency=Idempotency.NATIVE,
    max_bytes=1_000_000,
)
COUNTRY = Choice(
    id="country",
    label=words(nl="Land", fr="Pays", en="Country", de="Land"),
    required=True,
    options=(("be", same_words("België")), ("nl", same_words("Nederland"))),
)
AUTH = OAuth2(
    authorize_url="{site}/auth",
    token_url="{site}/token",  # noqa: S106  an address
    sites={"be": "https://cloudbooks.be", "nl": "https://cloudbooks.nl"},
    site_field="country",
    revoke_url="{site}/revoke",
    pkce=True,
    rotating_refresh=True,
    newest_only=True,
    authorize_params={"force_login": "0"},
    refresh_margin=timedelta(seconds=30),
    earliest_refresh=timedelta(seconds=570),
    idle_limit=timedelta(days=30),
    calls_per_day=200,
    token_faults=(
        ("not expired", TokenFault.STILL_VALID),
        ("old refresh token", TokenFault.SUPERSEDED),
        ("expired at", TokenFault.GONE),
    ),
)


class Cloudbooks(Connector):
    """Posts a document in one call."""

    spec = ConnectorSpec(
        id="cloudbooks",
        name="Cloud Books",
        version="1.0.0",
        contract=CONTRACT,
        docs_url="https://cloudbooks.example",
        countries=frozenset({"BE", "NL"}),
        hosts=frozenset({"cloudbooks.be", "cloudbooks.nl"}),
        firm_settings=(COUNTRY,),
        client_settings=(Text(id="box", label=same_words("Box")),),
        auth=AUTH,
    )

    def capabilities(self, settings: Mapping[str, str]) -> Mapping[Kind, Capability]:
        """Take purchase invoices."""
        del settings
        return {Kind.PURCHASE: TAKES}

    def account(self, ctx: Context) -> Account:
        """Ask who signed in."""
        answer = ctx.http.read("/api/me")
        said = answer.json() if answer.status == 200 else None
        if not isinstance(said, dict):
            raise Unavailable("no_account")
        return Account(id=said["id"], name=said["name"], detail=said["company"])

    def check(self, ctx: Context) -> str:
        """Ask who signed in."""
        return self.account(ctx).name

    def prepare(self, ctx: Context, document: Document, *, key: str) -> Prepared:
        """Send it as it is."""
        del ctx
        return Prepared(key=key, payload=document.content, media_type="text/xml")

    def deliver(self, ctx: Context, prepared: Prepared) -> Receipt:
        """Post it."""
        answer = ctx.http.write(
            "POST",
            "/api/documents",
            body=prepared.payload,
            media_type=prepared.media_type,
            headers={"Idempotency-Key": prepared.key},
        )
        said = answer.json() if answer.status == 201 else None
        if not isinstance(said, dict):
            raise Unavailable("not_taken", scope=Scope.DOCUMENT)
        return Receipt(remote_id=str(said["id"]))


connector = Cloudbooks
