"""Finds the administration that a Company Code names, and lists those there are.

The code is `Hid`, unique within one licence only; the number in Exact's addresses is `Code`
(Exact's reference, Pi-Systems/exact-online, 2025-07).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from posthorn.connectors.exact_online import odata
from posthorn.connectors.exact_online.calls import Calls
from posthorn.sdk import (
    CODE,
    ENTERPRISE_NUMBER,
    MATCHES_MAX,
    OWNER,
    VAT_NUMBER,
    Context,
    Match,
    Unavailable,
)

_LASTS: Final = timedelta(minutes=10)
_NAME: Final = "companies"
_ACTIVE: Final = 1
_FIELDS: Final = (
    "Code,Hid,Description,CustomerName,Country,VATNumber,ChamberOfCommerceNumber,"
    "Status,BlockingStatus,ArchiveDate"
)
_DIGITS: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_BLANKS: Final = re.compile(r"\s+")

Row = Mapping[str, str]


def companies(ctx: Context, typed: str) -> Sequence[Match]:
    """Return the companies a typed code names, all of them when nothing is typed; reads only."""
    rows = _known(ctx)
    if not typed.strip():
        return [_match(row) for row in rows]
    number = normalised(typed)
    if number is None:
        return []
    by_code = [_match(row) for row in rows if row["hid"] == number]
    if by_code:
        return by_code
    # People paste the number from the address as well.
    return [_match(row, "typed_address_number") for row in rows if row["code"] == number]


def normalised(typed: str) -> str | None:
    """Return the number that was typed, None when it is none; leading zeros and dots go."""
    bare = _BLANKS.sub("", typed).lstrip("0.")
    return bare if _DIGITS.fullmatch(bare) else None


def _match(row: Row, remark: str = "") -> Match:
    if row["blocking"] != "0":
        remark = "company_busy"
    return Match(
        value=row["code"],
        label=row["name"],
        facts={
            CODE: row["hid"],
            VAT_NUMBER: row["vat"],
            OWNER: row["owner"],
            "country": row["country"],
            **({ENTERPRISE_NUMBER: row["register"]} if row["register"] else {}),
        },
        remark=remark,
        blocked="" if row["status"] == str(_ACTIVE) else "company_not_active",
    )


def _known(ctx: Context) -> Sequence[Row]:
    """Return every company the signed-in user may see, by code; asked again after ten minutes."""
    kept = ctx.memory.recall(_NAME)
    if kept is not None:
        rows: list[Row] = json.loads(kept)
        return rows
    rows = _asked(ctx)
    ctx.memory.keep(_NAME, json.dumps(rows), lasts=_LASTS)
    return rows


def _asked(ctx: Context) -> list[Row]:
    # `system/Divisions` answers for any number in the address (picqer/exact-php-client 470).
    here = odata.whole(Calls(ctx=ctx, company="").me().get("CurrentDivision"))
    if here is None:
        raise Unavailable("odd_answer", detail="no CurrentDivision")
    calls = Calls(ctx=ctx, company=str(here))
    rows = []
    for entity in calls.rows("system/Divisions", select=_FIELDS):
        row = _row(entity)
        if row["code"]:
            rows.append(row)
        if len(rows) == MATCHES_MAX:
            break
    return sorted(rows, key=lambda row: (int(row["hid"] or 0), row["name"]))


def _row(entity: odata.Entity) -> dict[str, str]:
    def number(name: str) -> str:
        value = odata.whole(entity.get(name))
        return "" if value is None else str(value)

    return {
        "code": number("Code"),
        "hid": number("Hid"),
        "name": odata.text(entity.get("Description")),
        "vat": odata.text(entity.get("VATNumber")),
        "register": odata.text(entity.get("ChamberOfCommerceNumber")),
        "owner": odata.text(entity.get("CustomerName")),
        "country": odata.text(entity.get("Country")),
        "status": number("Status"),
        "blocking": number("BlockingStatus") or "0",
    }
