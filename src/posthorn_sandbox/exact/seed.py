"""What a new stand-in knows: an accounting firm, its clients' administrations, three users."""

from __future__ import annotations

from posthorn_sandbox.exact.settings import CLIENT_ID, CLIENT_SECRET
from posthorn_sandbox.exact.world import World

# Names and numbers are invented: Belgium gave out no enterprise number below 0200.000.000. The
# check digits are right.
_FIRM = "1009001"
_OTHER = "1009002"
_DIVISIONS: tuple[tuple[int, int, str, str, str], ...] = (
    (3400101, 1, "Kantoor Maes BV", "BE0123450118", _FIRM),
    (3400123, 7, "Bakkerij Janssens BV", "BE0123456749", _FIRM),
    (3400124, 8, "Garage De Smet NV", "BE0123457145", _FIRM),
    (3400125, 9, "Fleurs du Parc SRL", "BE0123457244", _FIRM),
    (3400126, 10, "Schreinerei Eupen GmbH", "BE0123457343", _FIRM),
    (3400201, 1, "Zeevis Oostende BV", "BE0123460115", _OTHER),
)


def seed(world: World, redirect_uris: tuple[str, ...]) -> None:
    """Fill an empty world."""
    app = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uris": redirect_uris}
    world.put("apps", app)
    world.put("licences", {"code": _FIRM, "name": "Kantoor Maes", "vat_number": "BE0123450118"})
    world.put("licences", {"code": _OTHER, "name": "Zeevis Oostende", "features": []})
    for code, hid, name, vat, licence in _DIVISIONS:
        world.put(
            "divisions",
            {
                "code": code,
                "hid": hid,
                "description": name,
                "vat_number": vat,
                "licence": licence,
                "chamber_of_commerce": vat.removeprefix("BE"),
                "is_main": hid == 1,
            },
        )
    _users(world)


def _users(world: World) -> None:
    for name, full_name, language, divisions in (
        ("an.maes", "An Maes", "nl", None),
        ("luc.dubois", "Luc Dubois", "fr", [3400101, 3400125, 3400126]),
        ("els.peeters", "Els Peeters", "en", [3400101, 3400123, 3400124]),
    ):
        world.put(
            "users",
            {
                "name": name,
                "password": "sandbox",
                "licence": _FIRM,
                "full_name": full_name,
                "email": f"{name}@kantoormaes.example",
                "language": language,
                "divisions": divisions,
                "current_division": 3400101,
            },
        )
