"""What the Exact Online connector declares: sites, sign-in, limits."""

from __future__ import annotations

from datetime import timedelta

from posthorn.connectors.exact_online.settings import CLIENT, COMPANY, COUNTRY, FIRM, ROUTE, Route
from posthorn.sdk import (
    CONTRACT,
    BudgetHeaders,
    ConnectorSpec,
    Limits,
    LimitScope,
    OAuth2,
    TokenFault,
    words,
)

# Accounts of one country's site do not exist on another (NangoHQ/nango providers.yaml; n8n; read
# 2026-11).
SITES = {
    "be": "https://start.exactonline.be",
    "nl": "https://start.exactonline.nl",
    "de": "https://start.exactonline.de",
    "fr": "https://start.exactonline.fr",
    "es": "https://start.exactonline.es",
    "uk": "https://start.exactonline.co.uk",
    "com": "https://start.exactonline.com",
}

SIGN_IN = OAuth2(
    authorize_url="{site}/api/oauth2/auth",
    token_url="{site}/api/oauth2/token",  # noqa: S106  an address
    sites=SITES,
    site_field=COUNTRY,
    permissions=(
        words(
            nl="De lijst van administraties lezen",
            fr="Lire la liste des administrations",
            en="Read the list of administrations",
            de="Die Liste der Verwaltungen lesen",
        ),
        words(
            nl="Documenten aanmaken",
            fr="Créer des documents",
            en="Create documents",
            de="Dokumente anlegen",
        ),
    ),
    pkce=False,
    # Shows the login form even where a browser is signed in already: the right user is chosen.
    authorize_params={"force_login": "1"},
    rotating_refresh=True,
    # A token lives 600 s and may be renewed from 570 s on (Exact's OAuth page, copy of 2026-01-28).
    earliest_refresh=timedelta(seconds=570),
    refresh_margin=timedelta(seconds=30),
    idle_limit=timedelta(days=30),
    calls_per_day=200,
    newest_only=True,
    # As captured: websmurf/laravel-exact-online issues 22, 25, 31; picqer/exact-php-client 644.
    token_faults=(
        ("not expired", TokenFault.STILL_VALID),
        ("tooearlytorefreshtokens", TokenFault.STILL_VALID),
        ("old refresh token", TokenFault.SUPERSEDED),
        ("expired at", TokenFault.GONE),
        ("chainid", TokenFault.GONE),
    ),
    # Exact documents no way to revoke a token; people do it (Invantive forum 1123; Klippa's help
    # "How to re-connect with Exact Online"; read 2026-11).
    revoke_help=words(
        nl="Klik in Exact Online rechtsboven op uw naam en kies Mijn Exact Online, dan"
        " Beveiligingscentrum. Zoek deze app onder Machtigingen en klik op Intrekken.",
        fr="Dans Exact Online, cliquez sur votre nom en haut à droite, choisissez Mon Exact Online,"
        " puis le centre de sécurité. Cherchez cette application parmi les autorisations de vos"
        " applications et révoquez-la.",
        en="In Exact Online, click your name at the top right and choose My Exact Online, then"
        " Security centre. Find this app among the permissions of your apps and click Revoke.",
        de="Klicken Sie in Exact Online oben rechts auf Ihren Namen und wählen Sie Mein Exact"
        " Online, dann das Sicherheitscenter. Suchen Sie diese App unter den Berechtigungen Ihrer"
        " Apps und widerrufen Sie sie.",
    ),
)

# Per app and division; headers as captured in picqer/exact-php-client issue 609. More than ten
# errors of one endpoint in an hour block it for an hour (Invantive forum 1040).
LIMITS = Limits(
    per_minute=60,
    per_day=5_000,
    scope=LimitScope.APP,
    per_setting=COMPANY,
    concurrency=1,
    minute_headers=BudgetHeaders(
        limit="x-ratelimit-minutely-limit",
        remaining="x-ratelimit-minutely-remaining",
        reset="x-ratelimit-minutely-reset",
    ),
    day_headers=BudgetHeaders(
        limit="x-ratelimit-limit",
        remaining="x-ratelimit-remaining",
        reset="x-ratelimit-reset",
    ),
    refusals_per_hour=10,
)

SPEC = ConnectorSpec(
    id="exact_online",
    name="Exact Online",
    version="0.1.0",
    contract=CONTRACT,
    docs_url="/help/connectors/exact_online",
    countries=frozenset({"BE", "NL", "DE", "FR", "ES", "GB"}),
    auth=SIGN_IN,
    hosts=frozenset(address.removeprefix("https://") for address in SITES.values()),
    firm_settings=FIRM,
    client_settings=CLIENT,
    limits=LIMITS,
    variants=tuple({ROUTE: str(route)} for route in Route),
    arrived=words(
        nl="In Exact Online als document {document}",
        fr="Dans Exact Online comme document {document}",
        en="In Exact Online as document {document}",
        de="In Exact Online als Dokument {document}",
    ),
)
