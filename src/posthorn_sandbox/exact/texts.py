"""What the service says, in the languages of its users."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Text(StrEnum):
    """A sentence to say; some take a name."""

    SYNTAX = "syntax"
    EXISTS = "exists"
    MANDATORY = "mandatory"
    SELECT = "select"
    NOT_BASE64 = "not_base64"
    CONVERSION = "conversion"
    UNKNOWN_FIELD = "unknown_field"
    FORBIDDEN = "forbidden"
    SCOPE = "scope"
    NOT_FOUND = "not_found"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    METHOD = "method"


# Those marked (*) are as recorded or quoted from the real service (facts, section 5); the others
# are ours, since nobody published theirs.
_TEXTS: Mapping[Text, Mapping[str, str]] = {
    Text.SYNTAX: {  # (*) in English
        "nl": "Ongeldige request - Fout in de syntaxis van de query.",
        "fr": "Requête non valide - Erreur dans la syntaxe de la requête.",
        "en": "Bad Request - Error in query syntax.",
        "de": "Ungültige Anfrage - Fehler in der Syntax der Abfrage.",
    },
    Text.EXISTS: {  # (*) in Dutch and English
        "nl": "Gegeven bestaat reeds.",
        "fr": "La donnée existe déjà.",
        "en": "Data already exists",
        "de": "Die Angabe ist bereits vorhanden.",
    },
    Text.MANDATORY: {
        "nl": "Verplicht: {name}",
        "fr": "Obligatoire : {name}",
        "en": "Mandatory: {name}",
        "de": "Pflichtfeld: {name}",
    },
    Text.FORBIDDEN: {
        "nl": "Verboden - U heeft geen rechten voor deze actie.",
        "fr": "Interdit - Vous n'avez pas les droits pour cette action.",
        "en": "Forbidden - You have no rights for this action.",
        "de": "Verboten - Sie haben für diese Aktion keine Rechte.",
    },
    Text.NOT_FOUND: {
        "nl": "Niet gevonden",
        "fr": "Introuvable",
        "en": "Not found",
        "de": "Nicht gefunden",
    },
    Text.TOO_LARGE: {
        "nl": "Het bestand is te groot.",
        "fr": "Le fichier est trop volumineux.",
        "en": "The file is too large.",
        "de": "Die Datei ist zu groß.",
    },
    Text.TOO_LONG: {
        "nl": "Te lang: {name}",
        "fr": "Trop long : {name}",
        "en": "Too long: {name}",
        "de": "Zu lang: {name}",
    },
    Text.UNKNOWN: {
        "nl": "Onbekend: {name}",
        "fr": "Inconnu : {name}",
        "en": "Unknown: {name}",
        "de": "Unbekannt: {name}",
    },
}
# The layer below the service speaks English to everybody.
_ENGLISH: Mapping[Text, str] = {
    Text.SELECT: "Please add a $select or a $top=1 statement to the query string.",  # (*)
    Text.NOT_BASE64: (  # (*)
        "Error processing request stream. Error encountered in converting the value from request "
        "payload for property '{name}' to type 'Byte[]'"
    ),
    Text.CONVERSION: (
        "Error processing request stream. Error encountered in converting the value from request "
        "payload for property '{name}'"
    ),
    Text.UNKNOWN_FIELD: "Error processing request stream. There is no property '{name}'.",
    Text.SCOPE: "Forbidden - Application Scope Violated. Cannot {name}",  # (*)
    Text.METHOD: "Method not allowed",
}


def say(text: Text, language: str, name: str = "") -> str:
    """Return a sentence in a language."""
    if text in _ENGLISH:
        return _ENGLISH[text].format(name=name)
    return _TEXTS[text][language].format(name=name)
