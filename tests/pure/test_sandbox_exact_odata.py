"""Filters, pages and values of the stand-in for Exact Online, without a server."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthorn_sandbox.exact.contents import decode, decode_start, read_encoded, size_of
from posthorn_sandbox.exact.odata import answers
from posthorn_sandbox.exact.odata.answers import View
from posthorn_sandbox.exact.odata.filters import read_filter
from posthorn_sandbox.exact.odata.literals import FilterError, read_literal
from posthorn_sandbox.exact.odata.queries import read_query, run_query
from posthorn_sandbox.exact.odata.schema import Kind, Row, Spec, parse_fields
from posthorn_sandbox.exact.target import Target, read_target

GUID = "9d64a8f1-0000-4000-8000-000000000001"
SPEC = Spec(
    path="things/Things",
    type_name="Thing",
    fields=parse_fields(
        "ID:guid Name:text+ Code:code Country:country Number:int+ Large:long Price:double "
        "IsNew:bool At:date Owner:guid>things/Owners! Lines:nav"
    ),
    page_size=3,
    navigations={"Lines": "Line"},
)
ROW: Row = {
    "ID": GUID,
    "Name": "d'Or",
    "Code": "25",
    "Country": "FR",
    "Number": 5,
    "Large": 7,
    "Price": 4.0,
    "IsNew": True,
    "At": 1_795_178_328_217,
    "Owner": None,
}


def test_fields_know_what_may_be_written_and_what_they_refer_to() -> None:
    assert SPEC.fields["Name"].is_writable
    assert not SPEC.fields["Name"].is_mandatory
    assert not SPEC.fields["Code"].is_writable
    owner = SPEC.fields["Owner"]
    assert (owner.kind, owner.references, owner.is_writable, owner.is_mandatory) == (
        Kind.GUID,
        "things/Owners",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"guid'{GUID.upper()}'", GUID),
        ("datetime'2026-11-20T00:00:00'", 1_795_132_800_000),
        ("datetime'2018-09-21T04:18:55.617'", 1_537_503_535_617),
        ("'d''Or'", "d'Or"),
        ("''", ""),
        ("7", 7),
        ("7L", 7),
        ("-1.5", -1.5),
        ("12.50M", 12.5),
    ],
)
def test_literal_is_read(text: str, value: object) -> None:
    assert read_literal(text) == value


@pytest.mark.parametrize("text", ["", "x", "guid'9d64'", "datetime'2026-11-20'", "'a", "7x", "1 2"])
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        read_literal(text)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Name eq 'd''Or' and not (Number lt 5)", True),
        ("Number eq 1 or Number eq 2 and IsNew eq true", False),
        ("(Number eq 5 or Number eq 2) and IsNew eq false", False),
        ("5 le Number and 5 ge Number", True),
        ("Code eq '                25'", True),
        ("Code eq '25'", False),
        ("Country eq 'FR '", True),
        (f"Owner eq guid'{GUID}'", False),
        (f"Owner ne guid'{GUID}'", True),
        ("Price gt 3.5", True),
        ("startswith(Name,'d') ne true", False),
        ("not substringof('x',Name)", True),
        ("At lt datetime'2026-11-20T12:38:49'", True),
    ],
)
def test_filter_says_whether_a_row_is_meant(text: str, *, is_found: bool) -> None:
    assert read_filter(text, SPEC.fields)(ROW) is is_found


def test_and_binds_closer_than_or() -> None:
    assert read_filter("Number eq 5 or Number eq 1 and IsNew eq false", SPEC.fields)(ROW)


@settings(max_examples=40)
@given(st.text(alphabet="NameIDAtguid'() ,eqandornot0123456789LT:-.trim", max_size=40))
def test_no_text_breaks_the_reader_of_filters(text: str) -> None:
    try:
        test = read_filter(text, SPEC.fields)
    except FilterError:
        return
    assert test(ROW) in {True, False}


@settings(max_examples=40)
@given(
    st.text(alphabet="NameID,/ desc'()éguid-019null", max_size=60),
    st.sampled_from(["$filter", "$orderby", "$skiptoken", "$select"]),
)
def test_no_option_breaks_the_reader_of_queries(text: str, option: str) -> None:
    options = {option: text}
    try:
        run_query(read_query(options, SPEC), SPEC, [ROW], options)
    except FilterError:
        return


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=20),
    st.sampled_from(["", "Number", "Number desc", "IsNew desc,Number", "Owner", "Name desc"]),
    st.integers(4, 30),
)
def test_pages_together_are_the_whole_list_in_its_order(
    pairs: Sequence[tuple[int, bool]], order: str, top: int
) -> None:
    rows: list[Row] = [
        {"ID": f"{GUID[:-2]}{place:02}", "Number": number, "IsNew": is_new, "Name": f"'{number},"}
        for place, (number, is_new) in enumerate(pairs)
    ]
    options = {"$top": str(top)} | ({"$orderby": order} if order else {})
    whole = Spec(path="x", type_name="x", fields=SPEC.fields, page_size=1000)
    expected = [
        row["ID"] for row in run_query(read_query(options, whole), whole, rows, options).rows
    ]

    found: list[object] = []
    following: str | None = None
    while True:
        page = run_query(read_query(options, SPEC), SPEC, rows, options)
        found += [row["ID"] for row in page.rows]
        following = page.next_options
        if following is None:
            break
        options = dict(parse_qsl(following))

    assert found == expected


def test_values_are_written_as_exact_writes_them() -> None:
    view = View(spec=SPEC, root="https://host/api/v1/1")

    assert answers.entity(view, ROW) == {
        "__metadata": {
            "uri": f"https://host/api/v1/1/things/Things(guid'{GUID}')",
            "type": "Exact.Web.Api.Models.Thing",
        },
        "ID": GUID,
        "Name": "d'Or",
        "Code": "                25",
        "Country": "FR ",
        "Number": 5,
        "Large": "7",
        "Price": 4,
        "IsNew": True,
        "At": "/Date(1795178328217)/",
        "Owner": None,
        "Lines": {
            "__deferred": {"uri": f"https://host/api/v1/1/things/Things(guid'{GUID}')/Lines"}
        },
    }


def test_number_without_a_fraction_has_no_point() -> None:
    view = View(spec=SPEC, root="", select=["Price"])

    assert b'"Price":4}' in answers.envelope(answers.entity(view, ROW))
    assert b'"Price":4.5}' in answers.envelope(answers.entity(view, ROW | {"Price": 4.5}))


def test_list_has_nothing_beside_its_envelope() -> None:
    bare = json.loads(answers.listed([], is_bare=True))
    wrapped = json.loads(answers.listed([], is_bare=False, total=3, next_link="https://x"))

    assert bare == {"d": []}
    assert wrapped == {"d": {"results": [], "__count": "3", "__next": "https://x"}}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/api/v1/current/Me", Target(path="current/Me", division=None)),
        ("/api/v1/12/documents/Documents", Target(path="documents/Documents", division=12)),
        (
            "/api/v1/12/bulk/Documents/Documents/",
            Target(path="bulk/Documents/Documents", division=12),
        ),
        (
            f"/api/v1/12/a/B(guid%27{GUID}%27)/Lines",
            Target(path="a/B", division=12, key=GUID, inner="Lines"),
        ),
        ("/api/v1/12/system/Divisions(7)", Target(path="system/Divisions", division=12, key="7")),
        ("/api/v1/12/a/B/$count", Target(path="a/B", division=12, is_count=True)),
        ("/api/v1/12/a/B(1", None),
        ("/api/v1/x/a/B", None),
        ("/api/v1/", None),
        ("/api/v1/1234567890123/a/B", None),
    ],
)
def test_address_points_to_a_resource_or_nowhere(path: str, target: Target | None) -> None:
    assert read_target(path) == target


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_base64_is_kept_as_it_came_and_its_size_is_known(content: bytes) -> None:
    encoded = read_encoded(base64.b64encode(content).decode())

    assert decode(encoded) == content
    assert size_of(encoded) == len(content)
    assert content.startswith(decode_start(encoded, 60)[:58])


@settings(max_examples=40)
@given(st.text(alphabet="AZaz09+/= \n-_é", max_size=12))
def test_text_is_base64_exactly_when_python_says_so(text: str) -> None:
    def is_taken(read: Callable[[str], bytes]) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    assert is_taken(read_encoded) is is_taken(partial(base64.b64decode, validate=True))
