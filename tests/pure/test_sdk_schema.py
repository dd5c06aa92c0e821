"""One declaration: the form, the schema and the questions at a terminal name the same things."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from posthorn.cli.prompts import ask_fields
from posthorn.sdk import (
    OFF,
    ON,
    Choice,
    Email,
    Field,
    Flag,
    Number,
    RemoteChoice,
    Secret,
    Text,
    same_words,
    words,
)
from posthorn.sdk.schema import DIALECT, json_schema
from posthorn.web.declared import Given, groups_of
from tools.docs.connectors_page import connectors

_LABEL = words(nl="Sleutel", fr="Clé", en="Key", de="Schlüssel")
_FIELDS: tuple[Field, ...] = (
    Choice(
        id="way",
        label=same_words("Way"),
        default="none",
        options=(("key", _LABEL), ("none", same_words("None"))),
    ),
    Secret(id="key", label=_LABEL, help=_LABEL, required=True, shown_when=("way", "key")),
    Flag(id="tests", label=same_words("Tests")),
    Number(id="port", label=same_words("Port"), default="25", minimum=1, maximum=99, required=True),
    RemoteChoice(id="journal", label=same_words("Journal"), depends_on=("way",), required=True),
    Email(id="address", label=same_words("Address"), required=True, default_from="start"),
    Text(id="code", label=same_words("Code"), required=True, shown_when=("tests", OFF)),
    Text(id="deep", label=same_words("Deep"), required=True, shown_when=("tests", ON)),
)

_PROPERTIES = {
    "way": {
        "type": "string",
        "title": "Way",
        "default": "none",
        "enum": ["key", "none"],
        "oneOf": [
            {"const": "key", "title": "Sleutel"},
            {"const": "none", "title": "None"},
        ],
    },
    "key": {
        "type": "string",
        "title": "Sleutel",
        "description": "Sleutel",
        "writeOnly": True,
        "maxLength": 1_000,
    },
    "tests": {"type": "string", "title": "Tests", "default": "off", "enum": ["off", "on"]},
    "port": {
        "type": "string",
        "title": "Port",
        "default": "25",
        "pattern": "^-?[0-9]{1,18}$",
        "x-range": [1, 99],
    },
    "journal": {
        "type": "string",
        "title": "Journal",
        "maxLength": 200,
        "x-depends-on": ["way"],
    },
    "address": {"type": "string", "title": "Address", "format": "email", "maxLength": 320},
    "code": {"type": "string", "title": "Code", "maxLength": 200},
    "deep": {"type": "string", "title": "Deep", "maxLength": 200},
}


def test_schema_says_what_each_field_takes() -> None:
    assert json_schema(_FIELDS, language="nl") == {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": False,
        "required": ["journal"],
        "properties": _PROPERTIES,
        "allOf": [
            {
                "if": {"properties": {"way": {"const": "key"}}, "required": ["way"]},
                "then": {"required": ["key"]},
            },
            {
                "if": {"properties": {"tests": {"const": "off"}}, "required": []},
                "then": {"required": ["code"]},
            },
            {
                "if": {"properties": {"tests": {"const": "on"}}, "required": ["tests"]},
                "then": {"required": ["deep"]},
            },
        ],
    }


def test_schema_of_no_fields_takes_nothing() -> None:
    assert json_schema(()) == {
        "$schema": DIALECT,
        "type": "object",
        "properties": {},
        "required": [],
        "additionalProperties": False,
    }


def asked_at_a_terminal(fields: tuple[Field, ...], given: dict[str, str]) -> str:
    app = typer.Typer()

    @app.command()
    def ask() -> None:
        ask_fields(fields, given)

    answers = "answer@firm.example\n" * len(fields)
    result = CliRunner().invoke(app, [], input=answers)
    assert result.exit_code == 0
    return result.output


_DECLARED = [
    (name, part, fields)
    for name, one in connectors()
    for part, fields in (
        ("firm", one.spec.firm_settings),
        ("client", one.spec.client_settings),
    )
]


# Everything is asked for once the fields that show others are given in each of their ways.
_WAYS: dict[tuple[str, str], tuple[dict[str, str], ...]] = {
    ("email_delivery", "firm"): ({"relay": "own"}, {"relay": "operator"}),
    ("email_delivery", "client"): ({"same_address": "off", "credit_addresses": "on"},),
    ("exact_online", "firm"): ({"country": "be"},),
    ("exact_online", "client"): ({"route": "documents"}, {"route": "mailbox"}),
}


@pytest.mark.parametrize(("name", "part", "fields"), _DECLARED)
def test_form_schema_and_prompts_name_the_same(
    name: str, part: str, fields: tuple[Field, ...]
) -> None:
    form = [row for group in groups_of(fields, Given(), "en") for row in group.rows]
    schema = json_schema(fields)
    properties = schema["properties"]
    assert isinstance(properties, dict)
    ways = _WAYS[name, part]
    said = "".join(asked_at_a_terminal(fields, given) for given in ways)

    assert sorted(row.id for row in form) == sorted(properties) == sorted(one.id for one in fields)
    for row in form:
        own = properties[row.id]
        assert row.label == own["title"]
        assert row.help == own.get("description", "")
        choices = [option.value for option in row.options] or (["off", "on"] * row.is_toggle)
        assert choices == own.get("enum", [])
        asked = "on/off" if row.is_toggle else "/".join(choices)
        question = f"{row.label} [{asked}]" if choices else row.label
        assert row.id in ways[0] or question in said
