"""What the e-mail connector declares: its settings, per firm and per client."""

from __future__ import annotations

from posthorn.connectors.email_delivery.families import INHERIT
from posthorn.connectors.email_delivery.package_choice import LINK, package_choice
from posthorn.sdk import (
    CONTRACT,
    OFF,
    ON,
    RELAY_FIELDS,
    Choice,
    ConnectorSpec,
    Email,
    Flag,
    Kind,
    words,
)

ATTACHMENT = "attachment"

_SAME = words(
    nl="Zelfde e-mailadres voor inkomende en uitgaande documenten",
    fr="Même adresse e-mail pour les documents entrants et sortants",
    en="Same email for inbound and outbound documents",
    de="Gleiche E-Mail-Adresse für eingehende und ausgehende Dokumente",
)
_PDFS = words(
    nl="PDF's ernaast meesturen",
    fr="Joindre les PDF à côté",
    en="Attach PDFs alongside",
    de="PDFs daneben anhängen",
)
_PDFS_HELP = words(
    nl="Laat dit uit: veel pakketten maken van de PDF een tweede factuur.",
    fr="Laissez désactivé : beaucoup de logiciels font du PDF une deuxième facture.",
    en="Leave this off: many packages turn the PDF into a second invoice.",
    de="Lassen Sie dies aus: viele Programme machen aus dem PDF eine zweite Rechnung.",
)
_AS_TYPED = words(
    nl="Neem het adres over zoals het pakket het toont, met dezelfde hoofdletters.",
    fr="Copiez l'adresse telle que le logiciel l'affiche, avec les mêmes majuscules.",
    en="Copy the address as the package shows it, capitals included.",
    de="Übernehmen Sie die Adresse so, wie das Programm sie zeigt, samt Großbuchstaben.",
)

_CREDIT_NOTES = words(
    nl="Leeg: samen met de facturen.",
    fr="Vide : avec les factures.",
    en="Empty: together with the invoices.",
    de="Leer: zusammen mit den Rechnungen.",
)

_FIRM = (
    package_choice(),
    Choice(
        id="same_address_start",
        label=words(
            nl="Inkomende en uitgaande facturen",
            fr="Factures entrantes et sortantes",
            en="Inbound and outbound invoices",
            de="Eingehende und ausgehende Rechnungen",
        ),
        help=words(
            nl="Waarmee elke nieuwe klant begint; per klant te wijzigen.",
            fr="Valeur de départ de chaque nouveau client ; modifiable par client.",
            en="What each new client starts with; can be changed per client.",
            de="Womit jeder neue Mandant beginnt; je Mandant änderbar.",
        ),
        default=OFF,
        options=(
            (
                ON,
                words(
                    nl="Naar hetzelfde e-mailadres",
                    fr="À la même adresse e-mail",
                    en="To the same email address",
                    de="An dieselbe E-Mail-Adresse",
                ),
            ),
            (
                OFF,
                words(
                    nl="Naar aparte e-mailadressen",
                    fr="À des adresses e-mail distinctes",
                    en="To separate email addresses",
                    de="An getrennte E-Mail-Adressen",
                ),
            ),
        ),
    ),
    Choice(
        id="attached_as",
        label=words(
            nl="Hoe facturen worden bijgevoegd",
            fr="Comment les factures sont jointes",
            en="How invoices are attached",
            de="Wie Rechnungen angehängt werden",
        ),
        help=words(
            nl="Aanbevolen: een bijlage, die elk pakket kan importeren.",
            fr="Recommandé : une pièce jointe, que chaque logiciel sait importer.",
            en="Recommended: an attachment, which every package can import.",
            de="Empfohlen: ein Anhang, den jedes Programm importieren kann.",
        ),
        default=ATTACHMENT,
        options=(
            (ATTACHMENT, words(nl="Bijlage", fr="Pièce jointe", en="Attachment", de="Anhang")),
            (
                LINK,
                words(
                    nl="Downloadadres",
                    fr="Adresse de téléchargement",
                    en="Download link",
                    de="Download-Link",
                ),
            ),
        ),
    ),
    Flag(id="attach_pdfs", label=_PDFS, help=_PDFS_HELP, default=OFF),
    *RELAY_FIELDS,
)

_CLIENT = (
    Flag(id="same_address", label=_SAME, default=OFF, default_from="same_address_start"),
    Email(
        id="purchase_address",
        label=words(
            nl="E-mailadres voor inkomende documenten",
            fr="Adresse e-mail pour les documents entrants",
            en="Inbound email address",
            de="E-Mail-Adresse für eingehende Dokumente",
        ),
        help=_AS_TYPED,
        destination_of=Kind.PURCHASE,
    ),
    Email(
        id="sales_address",
        label=words(
            nl="E-mailadres voor uitgaande documenten",
            fr="Adresse e-mail pour les documents sortants",
            en="Outbound email address",
            de="E-Mail-Adresse für ausgehende Dokumente",
        ),
        help=_AS_TYPED,
        destination_of=Kind.SALES,
        shown_when=("same_address", OFF),
        when_hidden="purchase_address",
    ),
    Email(
        id="statement_address",
        label=words(
            nl="Apart e-mailadres voor rekeningafschriften",
            fr="Adresse e-mail distincte pour les extraits de compte",
            en="Separate email address for bank statement files",
            de="Eigene E-Mail-Adresse für Kontoauszüge",
        ),
        help=_AS_TYPED,
        destination_of=Kind.STATEMENT,
    ),
    Flag(
        id="credit_addresses",
        label=words(
            nl="Aparte e-mailadressen voor creditnota's",
            fr="Adresses e-mail distinctes pour les notes de crédit",
            en="Separate email addresses for credit notes",
            de="Eigene E-Mail-Adressen für Gutschriften",
        ),
        help=words(
            nl="Voor pakketten met een adres per dagboek.",
            fr="Pour les logiciels qui ont une adresse par journal.",
            en="For packages with one address per journal.",
            de="Für Programme mit einer Adresse je Journal.",
        ),
    ),
    Email(
        id="purchase_credit_address",
        label=words(
            nl="Adres voor inkomende creditnota's",
            fr="Adresse pour les notes de crédit entrantes",
            en="Address for inbound credit notes",
            de="Adresse für eingehende Gutschriften",
        ),
        help=_CREDIT_NOTES,
        destination_of=Kind.PURCHASE,
        is_for_credit_notes=True,
        shown_when=("credit_addresses", ON),
    ),
    Email(
        id="sales_credit_address",
        label=words(
            nl="Adres voor uitgaande creditnota's",
            fr="Adresse pour les notes de crédit sortantes",
            en="Address for outbound credit notes",
            de="Adresse für ausgehende Gutschriften",
        ),
        help=_CREDIT_NOTES,
        destination_of=Kind.SALES,
        is_for_credit_notes=True,
        shown_when=("credit_addresses", ON),
    ),
    Choice(
        id="pdf_alongside",
        label=_PDFS,
        help=_PDFS_HELP,
        default=INHERIT,
        inherits="attach_pdfs",
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
            (ON, words(nl="Aan", fr="Oui", en="On", de="An")),
            (OFF, words(nl="Uit", fr="Non", en="Off", de="Aus")),
        ),
    ),
)

SPEC = ConnectorSpec(
    id="email_delivery",
    name="Email Delivery",
    version="0.1.0",
    contract=CONTRACT,
    docs_url="/help/connectors/email_delivery",
    countries=frozenset(),
    firm_settings=_FIRM,
    client_settings=_CLIENT,
    takes_test_mails=True,
    # One for each way in which what is taken differs: all, purchases drawn as PDFs, CODA alone.
    variants=({}, {"package": "xero"}, {"package": "winauditor"}),
)
