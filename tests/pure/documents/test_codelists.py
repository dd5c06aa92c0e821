from __future__ import annotations

from importlib.resources import files

import pytest

from posthorn.documents.codelists import Edition, codelist, editions, read

_LISTS = sorted(
    entry.name.removesuffix(".tsv")
    for entry in files("posthorn.documents.codelists").iterdir()
    if entry.name.endswith(".tsv")
)
_CHANGED = """# Colours
code\tsince\tuntil
RED
BLUE\t1.3.17
GREEN\t\t1.3.17
GREY\t1.3.9\t1.3.17
"""


def test_a_code_is_in_the_list_or_is_not() -> None:
    assert "EUR" in codelist("currencies")
    assert "EURO" not in codelist("currencies")
    assert "code" not in codelist("currencies")


def test_a_list_is_read_once() -> None:
    assert codelist("countries") is codelist("countries")


def test_each_release_that_changes_a_list_makes_an_edition() -> None:
    assert read(_CHANGED) == (
        Edition(since=(), until=(1, 3, 9), codes=frozenset({"RED", "GREEN"})),
        Edition(since=(1, 3, 9), until=(1, 3, 17), codes=frozenset({"RED", "GREEN", "GREY"})),
        Edition(since=(1, 3, 17), until=(9999,), codes=frozenset({"RED", "BLUE"})),
    )


def test_an_unchanged_list_has_one_edition_for_all_releases() -> None:
    (edition,) = editions("vat-categories")

    assert edition.since == ()
    assert edition.codes == {"AE", "B", "E", "G", "K", "L", "M", "O", "S", "Z"}
    assert codelist("vat-categories", (1, 3, 16)) == edition.codes


def test_an_unknown_list_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        codelist("colours")


@pytest.mark.parametrize("name", _LISTS)
def test_every_list_names_its_version_and_source_and_has_no_code_twice(name: str) -> None:
    text = files("posthorn.documents.codelists").joinpath(f"{name}.tsv").read_text("utf-8")
    head = [line for line in text.splitlines() if line.startswith("#")]
    rows = [line for line in text.splitlines() if not line.startswith("#")]

    assert any(line.startswith("# Version: ") for line in head)
    assert any(line.startswith("# Source: ") for line in head)
    assert rows[0] == "code\tsince\tuntil"
    assert len(rows[1:]) == len(set(rows[1:]))
    assert all(row == row.strip() and row for row in rows[1:])
