"""How mail leaves: the settings every connector that sends mail asks for, and what they say.

They stand here and not in a connector, because the mail port above must read them without
importing one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from posthorn.sdk.fields import Choice, Email, Field, Number, Secret, Text
from posthorn.sdk.languages import same_words, words

OWN = "own"
OPERATOR = "operator"
_WHEN_OWN = ("relay", OWN)
_WHEN_OPERATOR = ("relay", OPERATOR)


class Security(StrEnum):
    """How the line is protected; a plain line is not offered."""

    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A mail server of the firm itself."""

    host: str
    port: int
    security: Security
    username: str
    password: str = field(repr=False)
    sender: str


def relay_of(settings: Mapping[str, str]) -> Relay | None:
    """Return the firm's own relay, or None when the operator's is used."""
    if settings.get("relay") != OWN:
        return None
    return Relay(
        host=settings["relay_host"],
        port=int(settings["relay_port"]),
        security=Security(settings["relay_security"]),
        username=settings.get("relay_username", ""),
        password=settings.get("relay_password", ""),
        sender=settings["relay_from"],
    )


RELAY_FIELDS: tuple[Field, ...] = (
    Choice(
        id="relay",
        label=words(nl="Mailserver", fr="Serveur de messagerie", en="Mail server", de="Mailserver"),
        help=words(
            nl="Sommige pakketten aanvaarden alleen mail van een afzender die zij kennen.",
            fr="Certains logiciels n'acceptent que les messages d'un expéditeur connu.",
            en="Some packages accept mail only from a sender they know.",
            de="Manche Programme nehmen Mails nur von einem bekannten Absender an.",
        ),
        default=OPERATOR,
        options=(
            (
                OPERATOR,
                words(
                    nl="Die van dit platform",
                    fr="Celui de cette plateforme",
                    en="This platform's",
                    de="Der dieser Plattform",
                ),
            ),
            (OWN, words(nl="Eigen server", fr="Serveur propre", en="Our own", de="Eigener")),
        ),
    ),
    Email(
        id="mail_from",
        label=words(
            nl="Eigen afzender",
            fr="Expéditeur propre",
            en="Our own From address",
            de="Eigener Absender",
        ),
        help=words(
            nl="Leeg: de afzender van dit platform. Een eigen adres werkt zodra “Controleer mijn"
            " domein” uw sleutel in de DNS ziet.",
            fr="Vide : l'expéditeur de cette plateforme. Une adresse propre fonctionne dès que"
            " « Vérifier mon domaine » voit votre clé dans le DNS.",
            en="Empty: this platform's sender. An address of your own works once “Check my domain”"
            " sees your key in DNS.",
            de="Leer: der Absender dieser Plattform. Eine eigene Adresse gilt, sobald „Meine Domain"
            " prüfen“ Ihren Schlüssel im DNS sieht.",
        ),
        shown_when=_WHEN_OPERATOR,
    ),
    Text(
        id="relay_host",
        label=words(nl="Server", fr="Serveur", en="Server", de="Server"),
        required=True,
        shown_when=_WHEN_OWN,
    ),
    Number(
        id="relay_port",
        label=words(nl="Poort", fr="Port", en="Port", de="Port"),
        required=True,
        default="587",
        minimum=1,
        maximum=65_535,
        shown_when=_WHEN_OWN,
    ),
    Choice(
        id="relay_security",
        label=words(nl="Beveiliging", fr="Sécurité", en="Security", de="Sicherheit"),
        default=Security.STARTTLS,
        options=(
            (Security.STARTTLS, same_words("STARTTLS")),
            (Security.TLS, same_words("TLS")),
        ),
        shown_when=_WHEN_OWN,
    ),
    Text(
        id="relay_username",
        label=words(nl="Gebruiker", fr="Utilisateur", en="User name", de="Benutzer"),
        shown_when=_WHEN_OWN,
    ),
    Secret(
        id="relay_password",
        label=words(nl="Wachtwoord", fr="Mot de passe", en="Password", de="Passwort"),
        shown_when=_WHEN_OWN,
    ),
    Email(
        id="relay_from",
        label=words(nl="Afzender", fr="Expéditeur", en="From address", de="Absender"),
        help=words(
            nl="Het adres dat het pakket als afzender ziet.",
            fr="L'adresse que le logiciel voit comme expéditeur.",
            en="The address the package sees as the sender.",
            de="Die Adresse, die das Programm als Absender sieht.",
        ),
        required=True,
        shown_when=_WHEN_OWN,
    ),
    Email(
        id="reply_to",
        label=words(
            nl="Antwoordadres", fr="Adresse de réponse", en="Reply-To address", de="Antwortadresse"
        ),
        help=words(
            nl="Waarheen een antwoord van het pakket gaat. Leeg: naar de afzender.",
            fr="Où va une réponse du logiciel. Vide : à l'expéditeur.",
            en="Where an answer of the package goes. Empty: to the sender.",
            de="Wohin eine Antwort des Programms geht. Leer: an den Absender.",
        ),
    ),
)
