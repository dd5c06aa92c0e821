from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.command_line import (
    posthorn_fixture,  # noqa: F401  found by its name
    surroundings_fixture,  # noqa: F401  found by its name
)
from tests.invoices import invoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.command_line import Ran

    Posthorn = Callable[..., Ran]

SAMPLES = Path(__file__).parents[1] / "samples" / "statements"
WRONG_SUM = invoice().replace(b"<cbc:PayableAmount ", b"<cbc:PayableAmount x='' ", 1)


def put(folder: Path, **files: bytes) -> list[Path]:
    paths = []
    for name, data in files.items():
        path = folder / f"{name}.xml"
        path.write_bytes(data)
        paths.append(path)
    return paths


def test_valid_file_is_told_and_ends_with_0(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())

    ran = posthorn("check", path, "--json")

    assert ran.code == 0
    assert ran.object == {
        "file": str(path),
        "format": "ubl_invoice",
        "profile": "peppol_bis",
        "verdict": "valid",
        "findings": [],
    }


def test_broken_rule_is_told_with_its_place_in_the_language_asked(
    posthorn: Posthorn, tmp_path: Path
) -> None:
    wrong = invoice().replace(b"<cbc:BuyerReference>inkoop</cbc:BuyerReference>", b"")
    (path,) = put(tmp_path, wrong=wrong)

    ran = posthorn("check", path, "--json", "--language", "nl")

    assert ran.code == 1
    (finding,) = ran.object["findings"]
    assert {name: finding[name] for name in ("id", "severity", "xpath", "line")} == {
        "id": "PEPPOL-EN16931-R003",
        "severity": "fatal",
        "xpath": "/ubl:Invoice",
        "line": 1,
    }
    english = posthorn("check", path, "--json").object["findings"][0]["message"]
    assert finding["message"] != english
    assert finding["message"] != finding["id"]


def test_schema_failure_has_its_own_id(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, wrong=WRONG_SUM)

    ran = posthorn("check", path, "--json")

    assert [(each["id"], each["line"]) for each in ran.object["findings"]] == [("XSD", 1)]


@pytest.mark.parametrize(
    ("data", "identifier"),
    [
        (b"", "empty"),
        (b"<a>", "xml.malformed"),
        (b"<!DOCTYPE a><a/>", "xml.doctype"),
        (b"hello", "not-checkable"),
        (b"<a/>", "not-checkable"),
    ],
)
def test_file_that_cannot_be_checked_ends_with_2(
    posthorn: Posthorn, tmp_path: Path, data: bytes, identifier: str
) -> None:
    (path,) = put(tmp_path, file=data)

    ran = posthorn("check", path, "--json")

    assert ran.code == 2
    assert ran.object["verdict"] == "unreadable"
    assert [each["id"] for each in ran.object["findings"]] == [identifier]


def test_folder_is_checked_with_all_in_it_but_hidden_files(
    posthorn: Posthorn, tmp_path: Path
) -> None:
    names = [f"f{number:02}" for number in range(12)]
    put(tmp_path, **{name: invoice(number=name) for name in names})
    (tmp_path / "deep").mkdir()
    put(tmp_path / "deep", broken=b"<a>")
    (tmp_path / ".hidden").write_bytes(b"x")

    ran = posthorn("check", tmp_path, "--json")

    assert ran.code == 2
    assert [(each["file"], each["verdict"]) for each in ran.objects] == [
        (str(tmp_path / "deep" / "broken.xml"), "unreadable"),
        *((str(tmp_path / f"{name}.xml"), "valid") for name in names),
    ]


def test_people_read_a_line_for_each_file_and_each_rule(posthorn: Posthorn, tmp_path: Path) -> None:
    good, bad = put(
        tmp_path,
        a=invoice(),
        b=invoice().replace(b"<cbc:BuyerReference>inkoop</cbc:BuyerReference>", b""),
    )

    ran = posthorn("check", good, bad)

    lines = ran.out.splitlines()
    assert lines[0] == f"✓ {good}: valid (ubl_invoice, peppol_bis)"
    assert lines[1] == f"✗ {bad}: invalid (ubl_invoice, peppol_bis)"
    assert lines[2].startswith("    PEPPOL-EN16931-R003: ")
    assert lines[2].endswith(" [line 1]")
    assert ran.err == "1 valid, 1 invalid\n"


def test_quiet_leaves_out_what_is_valid(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())

    ran = posthorn("check", path, "--quiet")

    assert (ran.code, ran.out, ran.err) == (0, "", "1 valid\n")


def test_missing_file_is_named(posthorn: Posthorn, tmp_path: Path) -> None:
    ran = posthorn("check", tmp_path / "none.xml")

    assert (ran.code, ran.out) == (3, "")
    assert "none.xml" in ran.err


def test_day_that_is_none_is_refused(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())

    assert posthorn("check", path, "--on", "yesterday").code == 2
    assert posthorn("check", path, "--on", "2026-11-20").code == 0


def test_facts_of_a_file_are_shown(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())

    shown = posthorn("show", path, "--json").object

    assert shown["number"] == "F1"
    assert shown["total"] == "121.00"
    assert shown["seller"]["vat_number"] == "BE0203201340"
    assert (shown["agreement"], shown["verdict"], shown["findings"]) == ("peppol_bis", "valid", 0)
    assert "due date" in posthorn("show", path).out


def test_unreadable_file_is_not_shown_but_explained(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=b"<a>")

    ran = posthorn("show", path)

    assert ran.code == 1
    assert "ask the sender to send the complete file again" in ran.err


def test_pictures_are_written_beside_each_other(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())
    into = tmp_path / "pictures"

    page = posthorn("render", path, "--html", "--into", into, "-l", "fr")
    paper = posthorn("render", path, "--pdf", "--into", into, "--json")

    assert (page.code, page.out) == (0, f"{into / 'one.xml.html'}\n")
    assert paper.object == {"file": str(path), "written": str(into / "one.xml.pdf")}
    assert '<html lang="fr"' in (into / "one.xml.html").read_text()
    assert (into / "one.xml.pdf").read_bytes().startswith(b"%PDF-")


def test_picture_replaces_nothing_unless_forced(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())
    there = tmp_path / "one.xml.html"
    there.write_text("mine")

    refused = posthorn("render", path, "--html", "--into", tmp_path)
    assert (refused.code, there.read_text()) == (5, "mine")
    assert posthorn("render", path, "--html", "--into", tmp_path, "--force").code == 0
    assert there.read_text() != "mine"


def test_picture_needs_its_kind(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())

    assert posthorn("render", path).code == 2
    assert posthorn("render", path, "--html", "--pdf").code == 2


def test_files_without_a_picture_are_named(posthorn: Posthorn, tmp_path: Path) -> None:
    none, broken = put(tmp_path, none=b"hello", broken=b"<a>")
    into = tmp_path / "into"

    ran = posthorn("render", none, broken, "--html", "--into", into)

    assert (ran.code, ran.out, list(into.iterdir())) == (6, "", [])
    assert f"{none}: it holds no invoice and no statements" in ran.err
    assert f"{broken}: The XML is broken" in ran.err


def test_valid_file_is_converted_to_the_same_bytes(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())
    into = tmp_path / "into"

    ran = posthorn("convert", path, "--into", into, "--json")

    target = into / "one.xml.bis.xml"
    assert ran.object == {"file": str(path), "written": str(target), "changes": [], "findings": []}
    assert target.read_bytes() == path.read_bytes()
    assert "the same bytes" in posthorn("convert", path, "--into", into, "--force").out


def test_what_the_receiver_knows_is_added_and_told(posthorn: Posthorn, tmp_path: Path) -> None:
    without = invoice().replace(b"<cbc:BuyerReference>inkoop</cbc:BuyerReference>", b"")
    (path,) = put(tmp_path, one=without)
    into = tmp_path / "into"

    refused = posthorn("convert", path, "--into", into)
    told = posthorn("convert", path, "--into", into, "--buyer-reference", "dossier 7", "--json")

    assert (refused.code, refused.err) == (6, "posthorn: 1 of 1 files could not be converted.\n")
    assert "BT-10" in refused.out or "R003" in refused.out
    assert [each["code"] for each in told.object["changes"]] == ["CONVERT-SUPPLEMENT"]
    assert posthorn("check", into, "--json").object["verdict"] == "valid"


@pytest.mark.parametrize("address", ["0123456789", "0208:", ":1"])
def test_address_without_scheme_and_number_is_refused(
    posthorn: Posthorn, tmp_path: Path, address: str
) -> None:
    (path,) = put(tmp_path, one=invoice())

    ran = posthorn("convert", path, "--into", tmp_path / "into", "--seller-address", address)

    assert ran.code == 2
    assert not (tmp_path / "into").exists()


def test_statements_are_shown_with_their_movements(posthorn: Posthorn) -> None:
    (path,) = SAMPLES.glob("*.cod")

    shown = posthorn("statement", "show", path, "--json").objects

    accounts = [one["account"] for one in shown]
    assert len(accounts) == len(set(accounts)) == 2
    assert posthorn("statement", "show", path).out.startswith("Statement 1 of 2\naccount")


def test_file_without_statements_has_none_to_show(posthorn: Posthorn, tmp_path: Path) -> None:
    (path,) = put(tmp_path, one=invoice())

    ran = posthorn("statement", "show", path)

    assert (ran.code, ran.out) == (2, "")
