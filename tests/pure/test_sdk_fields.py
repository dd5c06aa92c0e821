from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthorn.sdk import (
    OFF,
    ON,
    Choice,
    Destination,
    Email,
    Field,
    FieldErrors,
    Flag,
    Kind,
    Number,
    RemoteChoice,
    Secret,
    Text,
    destination,
    error_texts,
    same_words,
    shown,
    validate,
)

NAME = same_words("Name")
RELAY = Choice(
    id="relay",
    label=NAME,
    default="operator",
    options=(("operator", NAME), ("own", NAME)),
)
HOST = Text(id="host", label=NAME, required=True, shown_when=("relay", "own"))
PORT = Number(id="port", label=NAME, default="587", minimum=1, maximum=65535)
PASSWORD = Secret(id="password", label=NAME)
IS_SAME = Flag(id="is_same", label=NAME, default_from="same_start")
IN = Email(id="inbound", label=NAME, destination_of=Kind.PURCHASE)
OUT = Email(
    id="outbound",
    label=NAME,
    destination_of=Kind.SALES,
    shown_when=("is_same", OFF),
    when_hidden="inbound",
)
ADDRESSES = (IS_SAME, IN, OUT)


def codes_of(fields: tuple[Field, ...], values: dict[str, str]) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        validate(fields, values)
    return caught.value.codes


def test_defaults_are_filled_in_and_empty_values_left_out() -> None:
    assert validate((RELAY, PORT, PASSWORD), {"password": ""}) == {
        "relay": "operator",
        "port": "587",
    }


def test_hidden_field_is_neither_required_nor_kept() -> None:
    assert validate((RELAY, HOST), {"host": "smtp.example.org"}) == {"relay": "operator"}


def test_shown_field_is_required() -> None:
    assert codes_of((RELAY, HOST), {"relay": "own"}) == {"host": "required"}


def test_field_behind_a_hidden_field_is_hidden_too() -> None:
    security = replace(RELAY, id="security", shown_when=("relay", "own"))
    certificate = replace(HOST, shown_when=("security", "own"))

    assert shown((RELAY, security, certificate), {"security": "own"}) == (RELAY,)
    assert shown((RELAY, security, certificate), {"relay": "own", "security": "own"}) == (
        RELAY,
        security,
        certificate,
    )


def test_every_wrong_field_is_named_at_once() -> None:
    values = {"relay": "theirs", "port": "x", "colour": "red"}

    assert codes_of((RELAY, PORT), values) == {
        "colour": "unknown_setting",
        "relay": "not_a_choice",
        "port": "not_a_number",
    }


def test_error_says_which_field_and_why() -> None:
    assert str(FieldErrors({"port": "not_a_number", "host": "required"})) == (
        "port: not_a_number, host: required"
    )


def test_client_starts_with_the_firms_value_until_it_has_its_own() -> None:
    starts = {"same_start": ON}

    assert validate((IS_SAME,), {}, starts=starts) == {"is_same": ON}
    assert validate((IS_SAME,), {"is_same": OFF}, starts=starts) == {"is_same": OFF}
    assert validate((IS_SAME,), {}) == {"is_same": OFF}


def test_spaces_around_are_dropped_but_belong_to_a_secret() -> None:
    values = {"password": " pass word ", "inbound": " Box@Import.example\t"}

    assert validate((PASSWORD, IN), values) == {
        "password": " pass word ",
        "inbound": "Box@Import.example",
    }


@pytest.mark.parametrize("field", [HOST, PASSWORD, IN, RemoteChoice(id="journal", label=NAME)])
@pytest.mark.parametrize("character", ["\r", "\n", "\x00", "\x1c", "\x7f", "\x85", "\u2028"])
def test_control_characters_are_refused(field: Field, character: str) -> None:
    lonely = replace(field, shown_when=None)

    assert codes_of((lonely,), {field.id: f"a{character}b@example.org"}) == {
        field.id: "control_characters"
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (PORT, "0", "out_of_range"),
        (PORT, "65536", "out_of_range"),
        (PORT, "5.5", "not_a_number"),
        (PORT, "٥٨٧", "not_a_number"),
        (IS_SAME, "yes", "not_a_flag"),
        (replace(HOST, shown_when=None), "h" * 201, "too_long"),
        (PASSWORD, "h" * 1001, "too_long"),
        (IN, "box", "not_an_address"),
    ],
)
def test_wrong_value_is_refused_with_its_code(field: Field, value: str, code: str) -> None:
    assert codes_of((field,), {field.id: value}) == {field.id: code}


def test_number_is_kept_without_leading_zeros() -> None:
    assert validate((PORT,), {"port": "0025"}) == {"port": "25"}


def test_destination_is_the_field_of_the_kind() -> None:
    settings = {"is_same": OFF, "inbound": "in@x.example", "outbound": "out@x.example"}

    assert destination(ADDRESSES, settings, Kind.SALES) == Destination(
        field="outbound", value="out@x.example"
    )


def test_destination_of_a_hidden_field_is_the_one_that_counts_instead() -> None:
    settings = {"is_same": ON, "inbound": "in@x.example", "outbound": "old@x.example"}

    assert destination(ADDRESSES, settings, Kind.SALES) == Destination(
        field="inbound", value="in@x.example"
    )


def test_destination_that_is_not_given_names_its_field() -> None:
    settings = {"is_same": OFF, "inbound": "in@x.example"}

    assert destination(ADDRESSES, settings, Kind.SALES) == Destination(field="outbound", value="")


def test_destination_hidden_without_another_has_no_value() -> None:
    lonely = replace(OUT, when_hidden="")

    assert destination(
        (IS_SAME, lonely), {"is_same": ON, "outbound": "o@x.example"}, Kind.SALES
    ) == (Destination(field="outbound", value=""))


def test_kind_no_field_speaks_of_has_no_destination() -> None:
    assert destination(ADDRESSES, {}, Kind.STATEMENT) is None


def test_every_code_has_its_sentence_in_four_languages() -> None:
    assert set(error_texts("posthorn.sdk", "field_errors.toml")) == {
        "required",
        "unknown_setting",
        "too_long",
        "control_characters",
        "not_an_address",
        "several_addresses",
        "non_ascii_address",
        "not_a_number",
        "out_of_range",
        "not_a_choice",
        "not_a_flag",
        "not_possible",
        "not_with_this_choice",
    }


@given(st.dictionaries(st.sampled_from(["relay", "host", "port", "is_same", "inbound"]), st.text()))
def test_any_values_are_kept_clean_or_refused_by_name(values: dict[str, str]) -> None:
    fields = (RELAY, HOST, PORT, IS_SAME, IN)
    kept, refused = kept_or_refused(fields, values)

    assert refused <= {one.id for one in fields}
    assert refused or kept_or_refused(fields, kept) == (kept, set())


def kept_or_refused(
    fields: tuple[Field, ...], values: dict[str, str]
) -> tuple[dict[str, str], set[str]]:
    try:
        return validate(fields, values), set()
    except FieldErrors as errors:
        return {}, set(errors.codes)
