"""The few sentences of a mail, in the language of the person who reads the mailbox."""

from __future__ import annotations

from posthorn.sdk import Document, Kind, Words, words

NOTICE = words(
    nl="Dit bericht is automatisch verstuurd. Het document zit in de bijlage; deze tekst zelf is "
    "geen document.",
    fr="Ce message a été envoyé automatiquement. Le document se trouve en pièce jointe ; ce texte "
    "n'est pas un document.",
    en="This message was sent automatically. The document is attached; this text itself is not a "
    "document.",
    de="Diese Nachricht wurde automatisch gesendet. Das Dokument ist angehängt; dieser Text selbst "
    "ist kein Dokument.",
)
LINK_NOTICE = words(
    nl="Dit bericht is automatisch verstuurd. Het document staat klaar op het adres hieronder; "
    "deze tekst zelf is geen document.",
    fr="Ce message a été envoyé automatiquement. Le document vous attend à l'adresse ci-dessous ; "
    "ce texte n'est pas un document.",
    en="This message was sent automatically. The document waits at the address below; this text "
    "itself is not a document.",
    de="Diese Nachricht wurde automatisch gesendet. Das Dokument liegt unter der Adresse unten "
    "bereit; dieser Text selbst ist kein Dokument.",
)
COPY = words(
    nl="Dit is een kopie die met de hand opnieuw verstuurd is.",
    fr="Ceci est une copie renvoyée à la main.",
    en="This is a copy, sent again by hand.",
    de="Dies ist eine von Hand erneut gesendete Kopie.",
)
KIND = words(nl="Soort", fr="Type", en="Kind", de="Art")
NUMBER = words(nl="Nummer", fr="Numéro", en="Number", de="Nummer")
DATED = words(nl="Datum", fr="Date", en="Date", de="Datum")
PARTY = words(nl="Tegenpartij", fr="Contrepartie", en="Counterparty", de="Gegenpartei")
CLIENT = words(nl="Klant", fr="Client", en="Client", de="Mandant")
FILE = words(nl="Bijlage", fr="Pièce jointe", en="Attachment", de="Anlage")
LINK = words(nl="Ophalen", fr="À télécharger", en="Download", de="Herunterladen")
REFERENCE = words(nl="Kenmerk", fr="Référence", en="Reference", de="Kennung")

_INVOICE_NAMES = {
    (Kind.PURCHASE, False): words(
        nl="Aankoopfactuur", fr="Facture d'achat", en="Purchase invoice", de="Eingangsrechnung"
    ),
    (Kind.PURCHASE, True): words(
        nl="Aankoopcreditnota",
        fr="Note de crédit d'achat",
        en="Purchase credit note",
        de="Eingangsgutschrift",
    ),
    (Kind.SALES, False): words(
        nl="Verkoopfactuur", fr="Facture de vente", en="Sales invoice", de="Ausgangsrechnung"
    ),
    (Kind.SALES, True): words(
        nl="Verkoopcreditnota",
        fr="Note de crédit de vente",
        en="Sales credit note",
        de="Ausgangsgutschrift",
    ),
}
_STATEMENT = words(
    nl="Rekeningafschrift", fr="Extrait de compte", en="Bank statement", de="Kontoauszug"
)


def name_of(document: Document) -> Words:
    """Return what kind of document this is, as a bookkeeper calls it."""
    return _INVOICE_NAMES.get((document.kind, document.is_credit_note), _STATEMENT)


def counterparty(document: Document) -> str:
    """Return the name on the other side of the client's books, as the document spells it."""
    return document.buyer_name if document.kind is Kind.SALES else document.seller_name


def said(text: Words, document: Document) -> str:
    """Return the text in the document's language, in English when we do not speak it."""
    return text.get(document.language, text["en"])
