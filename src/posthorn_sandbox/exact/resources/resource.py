"""What every resource can do, and how the values of a POST or PUT are read."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from posthorn_sandbox.exact.contents import read_encoded, size_of
from posthorn_sandbox.exact.house import Refusal, Visit
from posthorn_sandbox.exact.odata.schema import Field, Kind, Row, Spec
from posthorn_sandbox.exact.texts import Text

_INT32, _INT64 = 2**31, 2**63
_DATE = re.compile(r"/Date\((-?\d{1,14})\)/")


class Resource:
    """A resource whose rows stand on a shelf; a subclass says what is special about it."""

    def __init__(self, spec: Spec, shelf: str = "") -> None:
        self.spec = spec
        self.shelf = shelf or spec.path

    def rows(self, visit: Visit) -> Iterable[Row]:
        """Return the rows a caller may list."""
        return self._shelved(visit)

    def find(self, visit: Visit, key: str) -> Row | None:
        """Return one row by its key."""
        return visit.house.shelves.find(self.shelf, visit.division.code, key)

    def create(self, visit: Visit, given: Mapping[str, object]) -> Row:
        """Make a row of a POST's body. Raises Refusal."""
        values = accept(visit, self.spec, given)
        demand(visit, self.spec, values)
        row = self.filled(visit, values)
        row["ID"] = self._guid(visit, given)
        row["Division"] = visit.division.code
        self.finish(visit, row)
        visit.house.shelves.put(self.shelf, row)
        return row

    def change(self, visit: Visit, row: Row, given: Mapping[str, object]) -> None:
        """Change the fields of a PUT's body. Raises Refusal."""
        values = accept(visit, self.spec, given)
        values.pop("ID", None)
        changed = row | values
        demand(visit, self.spec, changed)
        if "Modified" in self.spec.fields:
            changed |= {"Modified": visit.wall_ms, "Modifier": visit.user.guid}
        self.finish(visit, changed)
        visit.house.shelves.put(self.shelf, changed)

    def remove(self, visit: Visit, row: Row) -> None:
        """Delete a row."""
        visit.house.shelves.remove(self.shelf, row)

    def filled(self, visit: Visit, values: Row) -> Row:
        """Return a new row with every field, those not given at their usual value."""
        usual: Row = {name: values.get(name) for name in self.spec.fields}
        made: Row = {"Created": visit.wall_ms, "Modified": visit.wall_ms}
        made |= {"Creator": visit.user.guid, "Modifier": visit.user.guid}
        made |= {"CreatorFullName": visit.user.full_name, "ModifierFullName": visit.user.full_name}
        return usual | {name: value for name, value in made.items() if name in usual}

    def finish(self, visit: Visit, row: Row) -> None:
        """Work out the fields that follow from others. Raises Refusal."""

    def expanded(self, _visit: Visit, _name: str, _row: Row) -> list[Row]:
        """Return the rows behind a navigation."""
        raise Refusal(404, Text.NOT_FOUND)

    def _shelved(self, visit: Visit) -> Collection[Row]:
        return visit.house.shelves.rows(self.shelf, visit.division.code)

    def _guid(self, visit: Visit, given: Mapping[str, object]) -> str:
        wanted = given.get("ID")
        if wanted is None or visit.house.switches.client_guid == "ignored":
            return str(uuid.uuid4())
        key = read_guid("ID", wanted)
        if visit.house.shelves.find_anywhere(self.shelf, key) is not None:
            raise Refusal(500, Text.EXISTS)
        return key


def put_away(visit: Visit, row: Row) -> bytes:
    """Take the file out of a new row and keep it; returns its base64. Raises Refusal."""
    encoded = row["Attachment"]
    if not isinstance(encoded, bytes):
        raise Refusal(400, Text.NOT_BASE64, name="Attachment")
    switches = visit.house.switches
    if size_of(encoded) > switches.max_attachment_bytes:
        raise Refusal(switches.too_large_status, Text.TOO_LARGE)
    visit.house.store.put_content(str(row["ID"]), encoded)
    address = f"{visit.house.base}/docs/SysAttachment.aspx?ID={row['ID']}"
    row["Attachment"] = None
    row["FileSize"] = size_of(encoded)
    row["Url"] = f"{address}&_Division_={visit.division.code}&Stamp=BE001"
    row["_at"] = visit.wall_ms
    return encoded


def demand(visit: Visit, spec: Spec, values: Row) -> None:
    """Refuse a row without a mandatory field, in the words of a business rule."""
    status = visit.house.switches.mandatory_status
    for field in spec.fields.values():
        if field.is_mandatory and values.get(field.name) in (None, ""):
            raise Refusal(status, Text.MANDATORY, name=field.name)


def accept(visit: Visit, spec: Spec, given: Mapping[str, object]) -> Row:
    """Read the fields a caller may write; the others are dropped without a word."""
    values: Row = {}
    for name, value in given.items():
        field = spec.fields.get(name)
        if field is None:
            if name != "__metadata":
                raise Refusal(400, Text.UNKNOWN_FIELD, name=name)
        elif field.is_writable:
            values[name] = None if value is None else _read(visit, field, value)
    return values


def read_guid(name: str, value: object) -> str:
    """Read a GUID. Raises Refusal."""
    try:
        return str(uuid.UUID(str(value)))
    except ValueError as wrong:
        raise Refusal(400, Text.CONVERSION, name=name) from wrong


def _read(visit: Visit, field: Field, value: Any) -> object:  # noqa: ANN401  what JSON may hold
    if field.kind is Kind.GUID:
        return _reference(visit, field, value)
    reader = _READERS.get(field.kind, _text)
    try:
        return reader(value)
    except (ValueError, TypeError, OverflowError) as wrong:
        text = Text.NOT_BASE64 if field.kind is Kind.BYTES else Text.CONVERSION
        raise Refusal(400, text, name=field.name) from wrong


def _reference(visit: Visit, field: Field, value: object) -> str | None:
    """Read a reference; one to another administration's thing becomes null without a word."""
    guid = read_guid(field.name, value)
    if not field.references:
        return guid
    known = visit.house.shelves.find(field.references, visit.division.code, guid)
    return guid if known is not None else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def _small(value: object) -> int:
    return _whole(value, _INT32)


def _large(value: object) -> int:
    return _whole(value, _INT64)


def _whole(value: object, limit: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError("a whole number is wanted")
    number = int(value)
    if not -limit <= number < limit:
        raise ValueError("the number is too large")
    return number


def _double(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError("a number is wanted")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a finite number is wanted")
    return number


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is wanted")
    return value


def _date(value: object) -> int:
    text = _text(value)
    written = _DATE.fullmatch(text)
    if written is not None:
        return int(written[1])
    moment = datetime.fromisoformat(text)
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)


def _encoded(value: object) -> bytes:
    return read_encoded(_text(value))


_READERS: Mapping[Kind, Any] = {
    Kind.INT: _small,
    Kind.LONG: _large,
    Kind.DOUBLE: _double,
    Kind.BOOL: _truth,
    Kind.DATE: _date,
    Kind.BYTES: _encoded,
    Kind.NAV: list,
}
