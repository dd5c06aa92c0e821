"""The firm's clients and the addresses at which their packages take documents.

Two keep their books in Exact Online, which has no address: people sign in there.

The addresses have the shapes of real packages (one box for all, a box per kind, a number and a
random part, a suffix in capitals) on domains that can never exist (RFC 2606).
"""

from __future__ import annotations

from tools.samples.companies import CLIENT_COMPANIES, Client


def _client(
    key: str,
    dossier: str,
    package: str,
    *,
    purchase: str | None = None,
    sales: str | None = None,
    statement: str | None = None,
) -> Client:
    return Client(
        company=CLIENT_COMPANIES[key],
        dossier=dossier,
        package=package,
        addresses={"purchase": purchase, "sales": sales, "statement": statement},
    )


def _number(key: str) -> str:
    return CLIENT_COMPANIES[key].enterprise


_EXACT = "Exact Online"
_VERMAELEN = "vermaelen.boekhouding@works.example"
_ZWALUW = "fietsen-van-zwaluw@boekhouding.example"

CLIENTS = {
    client.company.key: client
    for client in [
        _client(
            "de-linde",
            "2026-0101",
            "Import",
            purchase=f"purchases.b{_number('de-linde')}@import.example",
            sales=f"sales.b{_number('de-linde')}@import.example",
            statement=f"coda.b{_number('de-linde')}@import.example",
        ),
        _client(
            "vermaelen",
            "2026-0102",
            "Works",
            purchase=_VERMAELEN,
            sales=_VERMAELEN,
            statement=_VERMAELEN,
        ),
        _client(
            "ardenne-auto",
            "2026-0103",
            "Docin",
            purchase="uid48213-PI@docin.example",
            sales="uid48213-SI@docin.example",
            statement="uid48213-BK@docin.example",
        ),
        _client(
            "grandmenil",
            "2026-0104",
            "Compta",
            purchase=f"{_number('grandmenil')}@Achats.compta.example",
            sales=f"{_number('grandmenil')}@Ventes.compta.example",
        ),
        _client(
            "kempenhof",
            "2026-0105",
            "Online",
            purchase="89yz@purchase.online.example",
            sales="7kq2@sales.online.example",
        ),
        _client(
            "sablon",
            "2026-0106",
            "Doc",
            purchase=f"{_number('sablon')}x4kd@doc.example",
        ),
        _client("eupener-tal", "2026-0107", _EXACT),
        _client("noorderlicht", "2026-0201", _EXACT),
        _client("zwaluw", "2026-0202", "Boekhouding", purchase=_ZWALUW, sales=_ZWALUW),
        _client(
            "maasoever",
            "2026-0203",
            "Base",
            purchase="main.maasoever@mailtobase.example",
            sales="main.maasoever.vrk@mailtobase.example",
        ),
        _client(
            "waterlinie",
            "2026-0204",
            "Bird",
            purchase="p7m1q8waterlinie@inkomend.bird.example",
            sales="p7m1q8waterlinie@facturen.bird.example",
        ),
        _client(
            "peelrand",
            "2026-0205",
            "Online",
            purchase="4hx8@inkoop.online.example",
            sales="5tn3@verkoop.online.example",
        ),
    ]
}
