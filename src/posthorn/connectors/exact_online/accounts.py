"""Finds a supplier's or customer's account by VAT number; without one a document goes as well."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.calls import Calls
from posthorn.sdk import Misconfigured, Scope, Unavailable

_FOUND_LASTS: Final = timedelta(days=7)
_NONE_LASTS: Final = timedelta(days=1)
_STEP: Final = "account"
_NOBODY: Final = "-"
_VAT: Final = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}", re.ASCII)


def account_of(calls: Calls, vat_number: str) -> str:
    """Return the key of the account with a VAT number, empty when there is none; reads only.

    Asked once per number and company, remembered, and recorded for the next try. No right to see
    accounts and an answer that cannot be read keep no document back.
    """
    if not _VAT.fullmatch(vat_number):
        return ""
    progress, memory = calls.ctx.progress, calls.ctx.memory
    name, closed = f"account.{calls.company}.{vat_number}", f"accounts_closed.{calls.company}"
    known = progress.recorded(_STEP) or memory.recall(name) or memory.recall(closed)
    if known is None:
        known = _asked(calls, vat_number, name, closed)
        progress.record(_STEP, known)
    return "" if known == _NOBODY else known


def _asked(calls: Calls, vat_number: str, name: str, closed: str) -> str:
    wanted = f"VATNumber eq {odata.quoted(vat_number)}"
    try:
        found = calls.one("crm/Accounts", filter=wanted, select="ID,Name", top="1")
    except (Misconfigured, Unavailable) as error:
        if not _is_about_accounts(error):
            raise
        # Each refusal counts against an hourly limit: not asked again today.
        calls.ctx.memory.keep(closed, _NOBODY, lasts=_NONE_LASTS)
        calls.ctx.log.warning("accounts_not_readable", code=error.code)
        return _NOBODY
    key = odata.guid(found.get("ID")) if found else ""
    calls.ctx.memory.keep(name, key or _NOBODY, lasts=_FOUND_LASTS if key else _NONE_LASTS)
    return key or _NOBODY


def _is_about_accounts(error: Misconfigured | Unavailable) -> bool:
    """Tell a refusal of this one resource from what would stop the document as well."""
    if isinstance(error, Unavailable):
        return error.scope is Scope.DOCUMENT
    return error.code == "no_rights"
