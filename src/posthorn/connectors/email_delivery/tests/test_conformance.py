"""The e-mail connector keeps the promises of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from posthorn.connectors.email_delivery import connector as email_delivery
from posthorn.connectors.email_delivery.tests.mailbox import SENDER, Mailbox
from posthorn.sdk.testing import Conformance


class TestEmailDelivery(Conformance):
    connector = email_delivery
    fake = Mailbox
    settings: ClassVar[Mapping[str, str]] = {
        "relay": "own",
        "relay_host": "smtp.kantoor.example",
        "relay_username": "posthorn",
        "relay_password": "zeer-geheim-wachtwoord",
        "relay_from": SENDER,
        "purchase_address": "Dossier.17-Aankoop@import.example",
        "sales_address": "Dossier.17-Verkoop@import.example",
        "statement_address": "Dossier.17-Bank@import.example",
    }
