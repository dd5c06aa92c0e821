"""What the Exact Online connector asks for, per firm and per client."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from posthorn.sdk import (
    OFF,
    ON,
    Choice,
    Flag,
    RemoteChoice,
    Resolved,
    Words,
    same_words,
    words,
)

COUNTRY = "country"
COMPANY = "company"
ROUTE = "route"
STATEMENT_TYPE = "statement_type"
FOLDER = "folder"
MAILBOX = "mailbox"
MAILBOX_UBL = "mailbox_ubl"
PDF_ALONGSIDE = "pdf_alongside"
ATTACH_PDFS = "attach_pdfs"
LINK_ACCOUNTS = "link_accounts"
INHERIT = "inherit"

# Miscellaneous (exactonline-api-dotnet-client README): no public list has a code for statements.
MISCELLANEOUS = "55"
UBL_21 = "130"
PEPPOL = "23"


class Route(StrEnum):
    """By which way documents get into an administration."""

    DOCUMENTS = "documents"
    MAILBOX = "mailbox"


def route_of(settings: Mapping[str, str]) -> Route:
    """Return the chosen route."""
    return Route(settings.get(ROUTE) or Route.DOCUMENTS)


def wants_pdf(settings: Mapping[str, str]) -> bool:
    """Tell whether a PDF goes beside the e-invoice."""
    wish = settings.get(PDF_ALONGSIDE, INHERIT)
    return (settings.get(ATTACH_PDFS, OFF) if wish == INHERIT else wish) == ON


_PDFS = words(
    nl="PDF's ernaast meesturen",
    fr="Joindre les PDF à côté",
    en="Attach PDFs alongside",
    de="PDFs daneben anhängen",
)
_PDFS_HELP = words(
    nl="Exact Online leest de e-factuur; de PDF is er om te bekijken.",
    fr="Exact Online lit la facture électronique ; le PDF sert à la consulter.",
    en="Exact Online reads the e-invoice; the PDF is there to look at.",
    de="Exact Online liest die E-Rechnung; das PDF dient zum Ansehen.",
)
_YES: Words = words(nl="Aan", fr="Oui", en="On", de="An")
_NO: Words = words(nl="Uit", fr="Non", en="Off", de="Aus")

FIRM = (
    Choice(
        id=COUNTRY,
        label=words(
            nl="Land van het account",
            fr="Pays du compte",
            en="Country of the account",
            de="Land des Kontos",
        ),
        help=words(
            nl="Het einde van het adres waar u zich bij Exact Online aanmeldt.",
            fr="La fin de l'adresse où vous vous connectez à Exact Online.",
            en="The end of the address where you sign in to Exact Online.",
            de="Das Ende der Adresse, unter der Sie sich bei Exact Online anmelden.",
        ),
        required=True,
        options=(
            ("be", words(nl="België", fr="Belgique", en="Belgium", de="Belgien")),
            ("nl", words(nl="Nederland", fr="Pays-Bas", en="Netherlands", de="Niederlande")),
            ("de", words(nl="Duitsland", fr="Allemagne", en="Germany", de="Deutschland")),
            ("fr", words(nl="Frankrijk", fr="France", en="France", de="Frankreich")),
            ("es", words(nl="Spanje", fr="Espagne", en="Spain", de="Spanien")),
            (
                "uk",
                words(
                    nl="Verenigd Koninkrijk",
                    fr="Royaume-Uni",
                    en="United Kingdom",
                    de="Vereinigtes Königreich",
                ),
            ),
            ("com", words(nl="Ander land", fr="Autre pays", en="Other country", de="Anderes Land")),
        ),
    ),
    Flag(id=ATTACH_PDFS, label=_PDFS, help=_PDFS_HELP, default=OFF),
    Flag(
        id=LINK_ACCOUNTS,
        label=words(
            nl="Documenten aan de relatie koppelen",
            fr="Relier les documents à la relation",
            en="Link documents to the account",
            de="Dokumente mit der Relation verknüpfen",
        ),
        help=words(
            nl="Posthorn zoekt de leverancier of klant in Exact Online op het btw-nummer. Er wordt "
            "geen relatie aangemaakt.",
            fr="Posthorn cherche le fournisseur ou le client dans Exact Online par son numéro de "
            "TVA. Aucune relation n'est créée.",
            en="Posthorn looks the supplier or customer up in Exact Online by VAT number. No "
            "account is created.",
            de="Posthorn sucht den Lieferanten oder Kunden in Exact Online über die USt-IdNr. Es "
            "wird keine Relation angelegt.",
        ),
        default=ON,
    ),
)

_A = (ROUTE, str(Route.DOCUMENTS))
_B = (ROUTE, str(Route.MAILBOX))

CLIENT = (
    Resolved(
        id=COMPANY,
        label=words(
            nl="Administratiecode", fr="Code société", en="Company Code", de="Administrationscode"
        ),
        help=words(
            nl="Het nummer links van de bedrijfsnaam, linksboven in Exact Online.",
            fr="Le numéro à gauche du nom de la société, en haut à gauche dans Exact Online.",
            en="The number left of the company's name, top left in Exact Online.",
            de="Die Nummer links vom Firmennamen, oben links in Exact Online.",
        ),
        required=True,
        none_code="company_not_found",
        sensitive=True,
        depends_on=(COUNTRY,),
    ),
    Choice(
        id=ROUTE,
        label=words(
            nl="Waar documenten aankomen",
            fr="Où les documents arrivent",
            en="Where documents arrive",
            de="Wo Dokumente ankommen",
        ),
        help=words(
            nl="De digitale postbus is alleen beschikbaar als de licentie die bevat.",
            fr="La boîte postale numérique n'existe que si la licence la contient.",
            en="The digital postbox is there only if the licence includes it.",
            de="Das digitale Postfach gibt es nur, wenn die Lizenz es enthält.",
        ),
        default=Route.DOCUMENTS,
        options=(
            (
                Route.DOCUMENTS,
                words(nl="Documenten", fr="Documents", en="Documents", de="Dokumente"),
            ),
            (
                Route.MAILBOX,
                words(
                    nl="Digitale postbus",
                    fr="Boîte postale numérique",
                    en="Digital postbox",
                    de="Digitales Postfach",
                ),
            ),
        ),
    ),
    RemoteChoice(
        id=STATEMENT_TYPE,
        label=words(
            nl="Documenttype van afschriften",
            fr="Type de document des extraits",
            en="Document type of statements",
            de="Dokumenttyp der Kontoauszüge",
        ),
        help=words(
            nl="55 is Diversen.", fr="55 : Divers.", en="55 is Miscellaneous.", de="55: Diverses."
        ),
        default=MISCELLANEOUS,
        depends_on=(COMPANY,),
        shown_when=_A,
    ),
    RemoteChoice(
        id=FOLDER,
        label=words(nl="Map", fr="Dossier", en="Folder", de="Ordner"),
        help=words(
            nl="Leeg: Exact Online kiest zelf.",
            fr="Vide : Exact Online choisit lui-même.",
            en="Empty: Exact Online chooses.",
            de="Leer: Exact Online wählt selbst.",
        ),
        depends_on=(COMPANY,),
        shown_when=_A,
    ),
    RemoteChoice(
        id=MAILBOX,
        label=words(nl="Postbus", fr="Boîte postale", en="Postbox", de="Postfach"),
        help=words(
            nl="Leeg: de standaardpostbus van de administratie.",
            fr="Vide : la boîte par défaut de la société.",
            en="Empty: the company's default postbox.",
            de="Leer: das Standardpostfach der Administration.",
        ),
        depends_on=(COMPANY,),
        shown_when=_B,
    ),
    Choice(
        id=MAILBOX_UBL,
        label=words(
            nl="E-factuur aanmelden als",
            fr="Annoncer la facture électronique comme",
            en="Announce the e-invoice as",
            de="E-Rechnung ankündigen als",
        ),
        default=UBL_21,
        options=((UBL_21, same_words("UBL 2.1")), (PEPPOL, same_words("Peppol"))),
        shown_when=_B,
    ),
    Choice(
        id=PDF_ALONGSIDE,
        label=_PDFS,
        help=_PDFS_HELP,
        default=INHERIT,
        inherits=ATTACH_PDFS,
        options=(
            (
                INHERIT,
                words(
                    nl="Zoals het kantoor",
                    fr="Comme le cabinet",
                    en="As the firm",
                    de="Wie die Kanzlei",
                ),
            ),
            (ON, _YES),
            (OFF, _NO),
        ),
    ),
)
