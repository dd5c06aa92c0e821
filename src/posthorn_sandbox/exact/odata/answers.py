"""Writes rows as Exact does: JSON in its `d` envelope, or Atom for who did not ask for JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from posthorn_sandbox.exact.odata.filters import pad_code, pad_country
from posthorn_sandbox.exact.odata.queries import iso_of
from posthorn_sandbox.exact.odata.schema import Field, Kind, Row, Spec

JSON = "application/json;charset=utf-8"
ATOM = "application/atom+xml;charset=utf-8"
_MODELS = "Exact.Web.Api.Models."
_EDM = {
    Kind.GUID: "Edm.Guid",
    Kind.INT: "Edm.Int32",
    Kind.LONG: "Edm.Int64",
    Kind.DOUBLE: "Edm.Double",
    Kind.BOOL: "Edm.Boolean",
    Kind.DATE: "Edm.DateTime",
    Kind.BYTES: "Edm.Binary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How rows are shown: below which address, which fields, which lists inside them."""

    spec: Spec
    root: str
    select: Sequence[str] = ()
    expanded: Mapping[str, Callable[[Row], list[dict[str, object]]]] | None = None

    def address(self, row: Row) -> str:
        """Return the address of one row."""
        key = self.spec.fields[self.spec.key]
        value = row.get(self.spec.key)
        written = f"guid'{value}'" if key.kind is Kind.GUID else f"{value}"
        return f"{self.list_address}({written})"

    @property
    def list_address(self) -> str:
        """The address of the list; the user's own stands below no administration."""
        root = self.root.rpartition("/")[0] if self.spec.path.startswith("current/") else self.root
        return f"{root}/{self.spec.path}"

    def shown(self) -> list[Field]:
        """List the fields to show, in the resource's order."""
        wanted = {name.partition("/")[0] for name in self.select}
        return [one for one in self.spec.fields.values() if not wanted or one.name in wanted]


def entity(view: View, row: Row) -> dict[str, object]:
    """Return one row as its JSON object."""
    address = view.address(row)
    shown: dict[str, object] = {
        "__metadata": {"uri": address, "type": _MODELS + view.spec.type_name}
    }
    for field in view.shown():
        if field.kind is Kind.NAV:
            shown[field.name] = _navigation(view, field, row, address)
        else:
            shown[field.name] = _value(field.kind, row.get(field.name))
    return shown


def listed(
    entities: Sequence[Mapping[str, object]],
    *,
    is_bare: bool,
    total: int | None = None,
    next_link: str | None = None,
) -> bytes:
    """Return a list in its envelope: bare, or as `results` with what belongs beside them."""
    if is_bare:
        return envelope(list(entities))
    wrapped: dict[str, object] = {"results": list(entities)}
    if total is not None:
        wrapped["__count"] = str(total)
    if next_link is not None:
        wrapped["__next"] = next_link
    return envelope(wrapped)


def envelope(value: object) -> bytes:
    """Return a value below `d` and nothing beside it."""
    return json.dumps({"d": value}, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def error(text: str) -> bytes:
    """Return the error's envelope; code and language are empty, as in every sample."""
    said = {"error": {"code": "", "message": {"lang": "", "value": text}}}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def atom_error(text: str) -> bytes:
    """Return an error for who did not ask for JSON."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><m:error '
        'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
        f'<m:code /><m:message xml:lang="">{escape(text)}</m:message></m:error>'
    ).encode()


def atom_feed(view: View, rows: Sequence[Row], next_link: str | None = None) -> bytes:
    """Return a list as an Atom feed (OData 2, section Atom Format)."""
    address = view.list_address
    more = f'<link rel="next" href={quoteattr(next_link)} />' if next_link else ""
    entries = "".join(_entry(view, row) for row in rows)
    title = view.spec.path.rpartition("/")[2]
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xml:base="{view.root}/" {_NAMES}>'
        f'<title type="text">{title}</title><id>{escape(address)}</id>'
        f'<updated>{_now()}</updated><link rel="self" title="{title}" href="{title}" />'
        f"{entries}{more}</feed>"
    ).encode("utf-8", "replace")


def atom_entry(view: View, row: Row) -> bytes:
    """Return one row as an Atom entry."""
    head = '<?xml version="1.0" encoding="utf-8"?>'
    entry = _entry(view, row).replace("<entry>", f"<entry {_NAMES}>", 1)
    return (head + entry).encode("utf-8", "replace")


_NAMES = (
    'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
    'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" '
    'xmlns="http://www.w3.org/2005/Atom"'
)


def _entry(view: View, row: Row) -> str:
    address = view.address(row)
    properties = "".join(
        _property(field, row.get(field.name))
        for field in view.shown()
        if field.kind is not Kind.NAV
    )
    scheme = "http://schemas.microsoft.com/ado/2007/08/dataservices/scheme"
    return (
        f"<entry><id>{escape(address)}</id>"
        f'<category term="{_MODELS}{view.spec.type_name}" scheme="{scheme}" />'
        f"<title /><updated>{_now()}</updated><author><name /></author>"
        f'<content type="application/xml"><m:properties>{properties}</m:properties></content>'
        "</entry>"
    )


def _property(field: Field, value: object) -> str:
    kind = f' m:type="{_EDM[field.kind]}"' if field.kind in _EDM else ""
    if value is None:
        return f'<d:{field.name}{kind} m:null="true" />'
    if field.kind is Kind.DATE:
        text = iso_of(int(str(value))).removesuffix(".000")
    elif field.kind is Kind.BOOL:
        text = "true" if value else "false"
    else:
        text = str(_value(field.kind, value))
    return f"<d:{field.name}{kind}>{escape(text)}</d:{field.name}>"


def _navigation(view: View, field: Field, row: Row, address: str) -> object:
    expanded = (view.expanded or {}).get(field.name)
    if expanded is not None:
        return {"results": expanded(row)}
    return {"__deferred": {"uri": f"{address}/{field.name}"}}


def _value(kind: Kind, value: object) -> object:
    if value is None:
        return None
    write = _WRITTEN.get(kind)
    return value if write is None else write(value)


def _plain(value: object) -> object:
    # A Double without a fraction arrives without a point, as in `"FileSize":4`.
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WRITTEN: Mapping[Kind, Callable[[object], object]] = {
    Kind.LONG: str,
    Kind.CODE: pad_code,
    Kind.COUNTRY: pad_country,
    Kind.DOUBLE: _plain,
    # The milliseconds are the site's wall time as if it were UTC (recorded 2026-06-25).
    Kind.DATE: lambda value: f"/Date({value})/",
}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
