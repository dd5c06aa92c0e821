"""E-mail to the import mailbox of an accounting package."""

from __future__ import annotations

from posthorn.connectors.email_delivery.connector import EmailDelivery

connector = EmailDelivery

__all__ = ["connector"]
