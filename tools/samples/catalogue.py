"""What the companies sell: goods and services with unit, price and the level of their VAT."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# UN/ECE Recommendation 20 codes: piece, kilogram, hour, litre, month, kilowatt hour, metre,
# kilometre, cubic metre.
PIECE, KILO, HOUR, LITRE, MONTH, KWH, METRE, KM, CUBIC = (
    *("C62", "KGM", "HUR", "LTR", "MON", "KWH", "MTR", "KMT", "MTQ"),
)

# Rates of VAT in percent (Belgium: Royal Decree no. 20; the Netherlands: Wet OB 1968, art. 9).
RATES = {
    "BE": {"high": Decimal(21), "low": Decimal(6)},
    "NL": {"high": Decimal(21), "low": Decimal(9)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Something that is sold, with its price without VAT."""

    name: str
    unit: str
    price: Decimal
    level: str
    most: int  # of which nobody orders more at once
    is_service: bool = False


def _goods(name: str, unit: str, price: str, level: str = "high", most: int = 20) -> Article:
    return Article(name=name, unit=unit, price=Decimal(price), level=level, most=most)


def _service(name: str, unit: str, price: str, level: str = "high", most: int = 12) -> Article:
    return Article(
        name=name, unit=unit, price=Decimal(price), level=level, most=most, is_service=True
    )


CATALOGUE: dict[str, tuple[Article, ...]] = {
    "print": (
        _goods("Affiches A2, 150 g", PIECE, "1.85", most=400),
        _goods("Geniete brochures A5, 24 blz.", PIECE, "2.42", most=750),
        _goods("Naamkaartjes, per 250", PIECE, "39.00", most=8),
        _service("Opmaak en drukproef", HOUR, "68.00"),
    ),
    "bakery": (
        _goods("Brood 800 g", PIECE, "2.65", "low", 120),
        _goods("Koffiekoeken assortiment", PIECE, "1.55", "low", 200),
        _goods("Taart per persoon", PIECE, "4.20", "low", 60),
        _service("Bezorging voor 7 uur", PIECE, "12.50", most=20),
    ),
    "garage": (
        _service("Entretien annuel, main d'œuvre", HOUR, "74.50"),
        _goods("Huile synthétique 5W30", LITRE, "9.80"),
        _goods("Plaquettes de frein, jeu avant", PIECE, "86.40", most=4),
    ),
    "metal": (
        _goods("Profilé acier IPE 160", METRE, "31.75", most=48),
        _goods("Boulonnerie inox M12, par 100", PIECE, "54.20", most=10),
        _goods("Tôle acier 3 mm, 2 x 1 m", PIECE, "118.00", most=12),
        _service("Découpe laser", HOUR, "92.00", most=6),
    ),
    "building": (
        _service("Metselwerk gevel", HOUR, "52.00", most=80),
        _service("Renovatie woning ouder dan 10 jaar", HOUR, "54.00", "low", 64),
        _goods("Gevelsteen, per 1000", PIECE, "612.00", most=6),
    ),
    "flowers": (
        _goods("Roses, botte de 20", PIECE, "14.90", "low", 40),
        _goods("Composition pour table", PIECE, "38.00", "low", 15),
        _goods("Vase en verre", PIECE, "22.31", most=10),
    ),
    "joinery": (
        _service("Einbauschrank nach Maß, Montage", HOUR, "58.00", most=40),
        _goods("Eichenplatte 40 mm", METRE, "96.50", most=14),
        _goods("Beschläge, Satz", PIECE, "43.25", most=20),
    ),
    "cheese": (
        _goods("Noordhollandse jonge kaas 48+", KILO, "9.40", "low", 180),
        _goods("Belegen geitenkaas", KILO, "14.75", "low", 60),
        _goods("Koelbox, retouremballage", PIECE, "18.50", most=12),
    ),
    "bicycles": (
        _goods("Stadsfiets 7 versnellingen", PIECE, "418.00", most=8),
        _goods("Buitenband 28 inch", PIECE, "16.95", most=40),
        _goods("Ketting 7-speed", PIECE, "11.20", most=40),
        _service("Reparatie, arbeidsloon", HOUR, "54.00", "low", 10),
    ),
    "plumbing": (
        _goods("Thermostaatkraan", PIECE, "28.90", most=24),
        _goods("Koperbuis 15 mm", METRE, "6.35", most=90),
        _goods("Cv-ketel 24 kW", PIECE, "1248.00", most=2),
        _service("Montage", HOUR, "61.50", most=24),
    ),
    "design": (
        _service("Huisstijl, ontwerpuren", HOUR, "95.00", most=40),
        _service("Websiteonderhoud", MONTH, "145.00", most=3),
    ),
    "transport": (
        _service("Wegvervoer Venlo - Antwerpen", KM, "1.48", most=620),
        _service("Wachttijd laden", HOUR, "47.00", most=4),
        _service("Brandstoftoeslag", PIECE, "38.60", most=5),
    ),
    "energy": (
        _goods("Elektriciteit, dagtarief", KWH, "0.1874", "low", 4_200),
        _goods("Elektriciteit, nachttarief", KWH, "0.1421", "low", 2_900),
        _service("Vaste vergoeding", MONTH, "8.75", "high", 1),
    ),
    "telecom": (
        _service("Glasvezel 1 Gbit/s zakelijk", MONTH, "62.00", most=1),
        _service("Mobiele abonnementen", PIECE, "17.50", most=14),
        _service("Gesprekken buiten abonnement", PIECE, "0.1150", most=260),
    ),
    "office": (
        _goods("Kopieerpapier A4, 5 x 500 vel", PIECE, "24.95", most=20),
        _goods("Ordners breed, per 10", PIECE, "31.40", most=8),
        _goods("Bureaustoel", PIECE, "219.00", most=4),
        _goods("Vakliteratuur: Handboek btw", PIECE, "58.49", "low", 2),
    ),
    "flour": (
        _goods("Tarwebloem type 55, zak 25 kg", PIECE, "17.80", "low", 60),
        _goods("Roggemeel, zak 25 kg", PIECE, "19.35", "low", 20),
        _goods("Europallet, statiegeld", PIECE, "15.00", most=4),
    ),
    "concrete": (
        _goods("Stortklaar beton C25/30", CUBIC, "128.50", most=24),
        _service("Betonpomp", HOUR, "165.00", most=6),
    ),
    "tyres": (
        _goods("Pneu hiver 205/55 R16", PIECE, "89.90", most=16),
        _service("Montage et équilibrage", PIECE, "16.53", most=16),
    ),
    "dairy": (
        _goods("Rauwe melk, boerderijmelk", LITRE, "0.5830", "low", 5_200),
        _goods("Stremsel, 1 liter", PIECE, "24.60", "low", 12),
        _goods("Kaasvat kunststof", PIECE, "47.90", most=8),
    ),
    "software": (
        _service("Planningssoftware, gebruikers", MONTH, "19.00", most=24),
        _service("Back-up 500 GB", MONTH, "32.50", most=2),
    ),
    "fuel": (
        _goods("Diesel B7", LITRE, "1.3475", most=2_400),
        _goods("AdBlue", LITRE, "0.6200", most=400),
    ),
}
