"""The companies of the demonstration: an accounting firm, its clients, and those they deal with."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.samples import numbers

BE = "BE"
NL = "NL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company with everything that an invoice says about it."""

    key: str
    name: str
    country: str
    street: str
    postcode: str
    city: str
    enterprise: str
    vat: str
    iban: str
    catalogue: str
    language: str = "nl"

    @property
    def scheme(self) -> str:
        """Return the ISO/IEC 6523 code of the register that gave the enterprise number."""
        return "0208" if self.country == BE else "0106"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client of the firm: its company, its dossier and where its package takes documents."""

    company: Company
    dossier: str
    package: str
    addresses: dict[str, str | None] = field(default_factory=dict)


def _belgian(serial: int, key: str, name: str, catalogue: str, **place: str) -> Company:
    number = numbers.enterprise(serial)
    return Company(
        key=key,
        name=name,
        catalogue=catalogue,
        country=BE,
        enterprise=number,
        vat=f"BE{number}",
        iban=numbers.belgian_iban(serial),
        **place,
    )


def _dutch(serial: int, key: str, name: str, catalogue: str, **place: str) -> Company:
    return Company(
        key=key,
        name=name,
        catalogue=catalogue,
        country=NL,
        enterprise=numbers.kvk(serial),
        vat=numbers.dutch_vat(serial),
        iban=numbers.dutch_iban(serial),
        **place,
    )


FIRM = _belgian(
    1, "lindekade", "Lindekade Accountants bv", "advice",
    street="Lindekade 12", postcode="2000", city="Antwerpen",
)  # fmt: skip

_COMPANIES = [
    _belgian(
        11, "de-linde", "Drukkerij De Linde bv", "print",
        street="Oude Pastorij 4", postcode="9000", city="Gent",
    ),
    _belgian(
        12, "vermaelen", "Bakkerij Vermaelen bv", "bakery",
        street="Korenlei 31", postcode="2800", city="Mechelen",
    ),
    _belgian(
        13, "ardenne-auto", "Garage Ardenne-Auto SRL", "garage",
        street="Chaussée de Dinant 218", postcode="5000", city="Namur", language="fr",
    ),
    _belgian(
        14, "grandmenil", "Ateliers Grandmenil SA", "metal",
        street="Quai des Forges 7", postcode="4020", city="Liège", language="fr",
    ),
    _belgian(
        15, "kempenhof", "Bouwbedrijf Kempenhof nv", "building",
        street="Steenweg op Zevendonk 90", postcode="2300", city="Turnhout",
    ),
    _belgian(
        16, "sablon", "Fleurs du Sablon SRL", "flowers",
        street="Rue des Minimes 51", postcode="1000", city="Bruxelles", language="fr",
    ),
    _belgian(
        17, "eupener-tal", "Schreinerei Eupener Tal GmbH", "joinery",
        street="Hochstraße 16", postcode="4700", city="Eupen", language="de",
    ),
    _dutch(
        21, "noorderlicht", "Kaashandel Noorderlicht B.V.", "cheese",
        street="Luttik Oudorp 66", postcode="1811 MX", city="Alkmaar",
    ),
    _dutch(
        22, "zwaluw", "Fietsen van Zwaluw B.V.", "bicycles",
        street="Biltstraat 140", postcode="3572 BL", city="Utrecht",
    ),
    _dutch(
        23, "maasoever", "Installatietechniek Maasoever B.V.", "plumbing",
        street="Maashaven Oostzijde 155", postcode="3072 HS", city="Rotterdam",
    ),
    _dutch(
        24, "waterlinie", "Studio Waterlinie B.V.", "design",
        street="Havik 21", postcode="3811 EX", city="Amersfoort", language="en",
    ),
    _dutch(
        25, "peelrand", "Transport Peelrand B.V.", "transport",
        street="Columbusweg 8", postcode="5928 LC", city="Venlo",
    ),
]  # fmt: skip

OTHERS = {
    company.key: company
    for company in [
        _belgian(
            31, "elektra-schelde", "Elektra Schelde nv", "energy",
            street="Noorderlaan 402", postcode="2030", city="Antwerpen",
        ),
        _belgian(
            32, "belfoon", "Belfoon Telecom nv", "telecom",
            street="Koning Albert II-laan 88", postcode="1030", city="Brussel",
        ),
        _belgian(
            33, "papierhuis", "Papierhuis Zenne bv", "office",
            street="Nijverheidskaai 17", postcode="1070", city="Anderlecht",
        ),
        _belgian(
            34, "molens", "Molens van Herk nv", "flour",
            street="Molenstraat 2", postcode="3540", city="Herk-de-Stad",
        ),
        _belgian(
            35, "quincaillerie", "Quincaillerie Meuse SA", "metal",
            street="Rue de Tilleur 133", postcode="4420", city="Saint-Nicolas", language="fr",
        ),
        _belgian(
            36, "demer", "Betoncentrale Demer nv", "concrete",
            street="Kanaalkom 5", postcode="3500", city="Hasselt",
        ),
        _belgian(
            37, "condroz", "Pneus Condroz SRL", "tyres",
            street="Route de Marche 61", postcode="5590", city="Ciney", language="fr",
        ),
        _belgian(
            38, "serres", "Serres du Brabant SRL", "flowers",
            street="Chemin du Moulin 9", postcode="1470", city="Genappe", language="fr",
        ),
        _belgian(
            39, "zilverberg", "Hotel Zilverberg nv", "hotel",
            street="Zeedijk 210", postcode="8400", city="Oostende",
        ),
        _belgian(
            40, "pressoir", "Le Vieux Pressoir SRL", "hotel",
            street="Place du Vieux Marché 3", postcode="6900", city="Marche", language="fr",
        ),
        _belgian(
            41, "noordzee", "Immo Noordzee nv", "hotel",
            street="Torhoutsesteenweg 77", postcode="8200", city="Brugge",
        ),
        _belgian(
            42, "wolkenhof", "Wolkenhof Catering bv", "hotel",
            street="Bosstraat 1", postcode="3001", city="Heverlee",
        ),
        _dutch(
            51, "westfries", "Zuivelcoöperatie Westfries B.V.", "dairy",
            street="Dorpsweg 12", postcode="1697 KG", city="Schellinkhout",
        ),
        _dutch(
            52, "ijsseldal", "Rijwielgroothandel IJsseldal B.V.", "bicycles",
            street="Zutphenseweg 51", postcode="7418 AH", city="Deventer",
        ),
        _dutch(
            53, "kranen", "Buizen & Kranen Groothandel B.V.", "plumbing",
            street="Sluisjesdijk 30", postcode="3087 AG", city="Rotterdam",
        ),
        _dutch(
            54, "cloudwerf", "Cloudwerf Software B.V.", "software",
            street="Kanaalstraat 4", postcode="3531 CH", city="Utrecht",
        ),
        _dutch(
            55, "brandstof", "Brandstoffen Limburg B.V.", "fuel",
            street="Roermondseweg 112", postcode="6081 NV", city="Haelen",
        ),
        _dutch(
            56, "duinzicht", "Supermarkt Duinzicht B.V.", "hotel",
            street="Badweg 19", postcode="1796 AA", city="De Koog",
        ),
        _dutch(
            57, "waalzicht", "Hotel Waalzicht B.V.", "hotel",
            street="Waalkade 60", postcode="6511 XP", city="Nijmegen",
        ),
        _dutch(
            58, "veluwe", "Evenementen Veluwe B.V.", "hotel",
            street="Stationsplein 2", postcode="7311 NZ", city="Apeldoorn",
        ),
    ]
}  # fmt: skip

CLIENT_COMPANIES = {company.key: company for company in _COMPANIES}
COMPANIES = {**CLIENT_COMPANIES, **OTHERS}
