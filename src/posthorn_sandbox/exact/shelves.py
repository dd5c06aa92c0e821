"""The things people make: documents, attachments, messages, entries, by resource and division."""

from __future__ import annotations

from collections.abc import Collection

from posthorn_sandbox.exact.odata.schema import Row
from posthorn_sandbox.exact.store import Store

_TABLE = "rows "


class Shelves:
    """Rows by their ID; each has its administration in `Division`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_division: dict[tuple[str, int], dict[str, Row]] = {}

    def load(self, resources: Collection[str]) -> None:
        """Take over what the store holds of these resources."""
        for resource in resources:
            for key, row in self._store.table(_TABLE + resource).items():
                self._shelf(resource, row)[key] = row

    def rows(self, resource: str, division: int) -> Collection[Row]:
        """Return the rows of one administration, in the order they came."""
        return self._by_division.get((resource, division), {}).values()

    def all_rows(self, resource: str) -> Collection[Row]:
        """Return the rows of every administration."""
        return self._store.table(_TABLE + resource).values()

    def find(self, resource: str, division: int, key: str) -> Row | None:
        """Return one row."""
        return self._by_division.get((resource, division), {}).get(key)

    def find_anywhere(self, resource: str, key: str) -> Row | None:
        """Return one row, whatever its administration."""
        return self._store.table(_TABLE + resource).get(key)

    def put(self, resource: str, row: Row) -> None:
        """Keep a row, in place of the one with its ID."""
        key = str(row["ID"])
        self._shelf(resource, row)[key] = row
        self._store.put(_TABLE + resource, key, row)

    def remove(self, resource: str, row: Row) -> None:
        """Throw a row away."""
        key = str(row["ID"])
        self._shelf(resource, row).pop(key, None)
        self._store.remove(_TABLE + resource, key)

    def next_number(self, name: str, division: int) -> int:
        """Count up from 1, for each name and administration."""
        key = f"{name} {division}"
        number = int(str(self._store.table("numbers").get(key, {}).get("last", 0))) + 1
        self._store.put("numbers", key, {"last": number})
        return number

    def clear(self, resources: Collection[str]) -> None:
        """Throw every row of these resources away, and count from 1 again."""
        for resource in resources:
            self._store.clear(_TABLE + resource)
        self._store.clear("numbers")
        self._by_division = {
            key: rows for key, rows in self._by_division.items() if key[0] not in resources
        }

    def _shelf(self, resource: str, row: Row) -> dict[str, Row]:
        place = (resource, int(str(row["Division"])))
        return self._by_division.setdefault(place, {})
