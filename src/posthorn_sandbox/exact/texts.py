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
_TEXTS: Mapping[Text, tuple[str, str, str, str]] = {
    Text.SYNTAX: (  # (*) in English
        "Ongeldige request - Fout in de syntaxis van de query.",
        "Requête non valide - Erreur dans la syntaxe de la requête.",
        "Bad Request - Error in query syntax.",
        "Ungültige Anfrage - Fehler in der Syntax der Abfrage.",
    ),
    Text.EXISTS: (  # (*) in Dutch and English
        "Gegeven bestaat reeds.",
        "La donnée existe déjà.",
        "Data already exists",
        "Die Angabe ist bereits vorhanden.",
    ),
    Text.MANDATORY: (
        "Verplicht: {name}",
        "Obligatoire : {name}",
        "Mandatory: {name}",
        "Pflichtfeld: {name}",
    ),
    Text.FORBIDDEN: (
        "Verboden - U heeft geen rechten voor deze actie.",
        "Interdit - Vous n'avez pas les droits pour cette action.",
        "Forbidden - You have no rights for this action.",
        "Verboten - Sie haben für diese Aktion keine Rechte.",
    ),
    Text.NOT_FOUND: (
        "Niet gevonden",
        "Introuvable",
        "Not found",
        "Nicht gefunden",
    ),
    Text.TOO_LARGE: (
        "Het bestand is te groot.",
        "Le fichier est trop volumineux.",
        "The file is too large.",
        "Die Datei ist zu groß.",
    ),
    Text.TOO_LONG: (
        "Te lang: {name}",
        "Trop long : {name}",
        "Too long: {name}",
        "Zu lang: {name}",
    ),
    Text.UNKNOWN: (
        "Onbekend: {name}",
        "Inconnu : {name}",
        "Unknown: {name}",
        "Unbekannt: {name}",
    ),
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
_ORDER = ("nl", "fr", "en", "de")


def say(text: Text, language: str, name: str = "") -> str:
    """Return a sentence in a language."""
    if text in _ENGLISH:
        return _ENGLISH[text].format(name=name)
    return _TEXTS[text][_ORDER.index(language)].format(name=name)
