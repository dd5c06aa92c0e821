"""What an option means for other settings: filled in, refused, doubted, and declared rightly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posthorn.sdk import (
    OFF,
    ON,
    Choice,
    Destination,
    Effect,
    Email,
    Field,
    FieldErrors,
    Flag,
    Forbidden,
    Kind,
    Pattern,
    Secret,
    destination,
    doubts,
    effects_of,
    problems,
    same_words,
    validate,
    words,
)
from posthorn.sdk.schema import json_schema
from tests.kit.ledger import SPEC, Ledger

NAME = same_words("Name")
WHY = words(nl="Daarom.", fr="Parce que.", en="Because.", de="Darum.")
SHAPE = same_words("It looks like …@pair.example.")
PAIR = Effect(
    option="pair",
    starts={"pdf": ON, "start": ON},
    forbids=(Forbidden(field="pdf", value=OFF, reason=WHY),),
    patterns=(Pattern(field="inbox", pattern=r"\w+@pair\.example", reason=SHAPE, is_certain=True),),
    notes={"inbox": (same_words("From {sender}."),)},
    overruled=frozenset({"pdf"}),
)
LOOSE = Effect(
    option="loose",
    patterns=(
        Pattern(field="inbox", pattern=r"\w+@loose\.example", reason=SHAPE, is_certain=False),
    ),
)
GONE = Effect(option="gone", refused=WHY)
PACKAGE = Choice(
    id="package",
    label=NAME,
    default="generic",
    options=(("generic", NAME), ("pair", NAME), ("loose", NAME), ("gone", NAME)),
    effects=(PAIR, LOOSE, GONE),
)
PDF = Flag(id="pdf", label=NAME)
START = Flag(id="start", label=NAME)
INBOX = Email(id="inbox", label=NAME, destination_of=Kind.PURCHASE)
SAME = Flag(id="same", label=NAME, default_from="start")
CREDIT = Email(id="credit", label=NAME, destination_of=Kind.PURCHASE, is_for_credit_notes=True)
FIRM: tuple[Field, ...] = (PACKAGE, PDF, START)
CLIENT: tuple[Field, ...] = (SAME, INBOX, CREDIT)


def refusals(fields: tuple[Field, ...], values: dict[str, str], *effects: Effect) -> FieldErrors:
    with pytest.raises(FieldErrors) as caught:
        validate(fields, values, effects=effects)
    return caught.value


def test_what_was_not_given_starts_as_the_option_says() -> None:
    assert validate(FIRM, {"package": "pair"}) == {"package": "pair", "pdf": ON, "start": ON}
    assert validate(FIRM, {"package": "pair", "start": OFF})["start"] == OFF
    assert validate(FIRM, {}) == {"package": "generic", "pdf": OFF, "start": OFF}


def test_the_firms_own_value_counts_before_an_options() -> None:
    effect = replace(PAIR, starts={"same": ON}, forbids=(), patterns=())

    assert validate(CLIENT, {}, effects=[effect])["same"] == ON
    assert validate(CLIENT, {}, starts={"start": OFF}, effects=[effect])["same"] == OFF


def test_a_forbidden_value_is_refused_with_its_reason() -> None:
    wrong = refusals(FIRM, {"package": "pair", "pdf": OFF})

    assert wrong.codes == {"pdf": "not_with_this_choice"}
    assert wrong.reasons == {"pdf": WHY}
    assert validate(FIRM, {"package": "loose", "pdf": OFF})["pdf"] == OFF


def test_an_option_that_is_refused_cannot_be_chosen() -> None:
    wrong = refusals(FIRM, {"package": "gone"})

    assert (wrong.codes, wrong.reasons) == ({"package": "not_possible"}, {"package": WHY})


def test_what_the_firm_chose_holds_for_its_clients() -> None:
    effects = effects_of(FIRM, {"package": "pair"})

    assert effects == (PAIR,)
    wrong = refusals(CLIENT, {"inbox": "in@other.example"}, *effects)
    assert (wrong.codes, wrong.reasons) == (
        {"inbox": "not_with_this_choice"},
        {"inbox": SHAPE},
    )
    assert validate(CLIENT, {"inbox": "In@PAIR.example"}, effects=effects)["inbox"] == (
        "In@PAIR.example"
    )


def test_a_value_against_an_uncertain_pattern_is_kept_and_doubted() -> None:
    effects = effects_of(FIRM, {"package": "loose"})

    kept = validate(CLIENT, {"inbox": "in@other.example"}, effects=effects)

    assert doubts(CLIENT, kept, effects) == {"inbox": SHAPE}
    assert doubts(CLIENT, {"inbox": "in@loose.example"}, effects) == {}
    assert doubts(CLIENT, {}, effects) == {}


def test_credit_notes_go_apart_where_an_address_says_so() -> None:
    both = {"inbox": "in@x.example", "credit": "credit@x.example"}

    def found(settings: dict[str, str], *, is_credit_note: bool) -> Destination | None:
        return destination(CLIENT, settings, Kind.PURCHASE, is_credit_note=is_credit_note)

    assert found(both, is_credit_note=True) == Destination(field="credit", value="credit@x.example")
    assert found(both, is_credit_note=False) == Destination(field="inbox", value="in@x.example")
    alone = {"inbox": "in@x.example"}
    assert found(alone, is_credit_note=True) == Destination(field="inbox", value="in@x.example")
    assert found({}, is_credit_note=True) == Destination(field="inbox", value="")


def declared(firm: tuple[Field, ...] = FIRM, client: tuple[Field, ...] = CLIENT) -> list[str]:
    class Declared(Ledger):
        spec = replace(
            SPEC,
            firm_settings=(*SPEC.firm_settings, *firm),
            client_settings=client,
            variants=(),
        )

    return problems(Declared())


def with_effect(effect: Effect) -> list[str]:
    return declared((replace(PACKAGE, effects=(effect,)), PDF, START))


def test_the_effects_of_this_file_are_declared_rightly() -> None:
    assert declared() == []


@pytest.mark.parametrize(
    ("effect", "problem"),
    [
        (
            replace(PAIR, option="other"),
            "the effects of 'package' name an option twice, or one that is not there",
        ),
        (
            replace(PAIR, starts={"nothing": ON}),
            "'package' = 'pair' has an effect on unknown 'nothing'",
        ),
        (
            replace(PAIR, overruled=frozenset({"nothing"})),
            "'package' = 'pair' has an effect on unknown 'nothing'",
        ),
        (
            replace(PAIR, starts={"pdf": "maybe"}),
            "'package' = 'pair' speaks of 'pdf' = 'maybe', which it never is",
        ),
        (
            replace(PAIR, starts={"pdf": OFF}),
            "'package' = 'pair' starts 'pdf' with 'off' and refuses it",
        ),
        (
            replace(GONE, refused={"en": "Because."}),
            "'package' = 'gone' lacks words in nl, fr, de",
        ),
        (
            replace(PAIR, patterns=(replace(PAIR.patterns[0], pattern="("),), starts={}),
            "'package' = 'pair' has a pattern for 'inbox' that is none: '('",
        ),
    ],
)
def test_an_effect_with_a_mistake_is_a_problem(effect: Effect, problem: str) -> None:
    assert with_effect(effect) == [problem]


def test_an_effect_never_fills_in_a_secret() -> None:
    secret = Secret(id="hush", label=NAME)
    effect = Effect(option="pair", starts={"hush": "x"})

    assert declared((replace(PACKAGE, effects=(effect,)), secret, START)) == [
        "'package' = 'pair' gives the secret 'hush' a value",
    ]


def test_a_clients_choice_has_no_effect_on_the_firm() -> None:
    effect = Effect(option="pair", starts={"start": ON})
    found = declared((START,), (*CLIENT, replace(PACKAGE, effects=(effect,))))

    assert found == ["'package' = 'pair' has an effect on unknown 'start'"]


def test_credit_notes_of_a_kind_that_goes_nowhere_are_a_problem() -> None:
    assert declared(FIRM, (SAME, CREDIT)) == [
        "setting 'credit' takes credit notes of a kind that goes nowhere",
        "'package' = 'pair' has an effect on unknown 'inbox'",
        "'package' = 'loose' has an effect on unknown 'inbox'",
    ]
    twice = declared(FIRM, (*CLIENT, replace(CREDIT, id="credit_two")))
    assert twice == ["two settings say where credit notes of purchase goes"]


def test_the_schema_says_what_an_option_fills_in_and_forbids() -> None:
    firm = json_schema(FIRM)["allOf"]
    client = json_schema(CLIENT, effects=effects_of(FIRM, {"package": "pair"}))["properties"]

    assert firm == [
        {
            "if": {"properties": {"package": {"const": "pair"}}, "required": ["package"]},
            "then": {
                "properties": {
                    "pdf": {"default": ON, "not": {"enum": [OFF]}, "$comment": "Because."},
                    "start": {"default": ON},
                }
            },
        },
        {
            "if": {"properties": {"package": {"const": "gone"}}, "required": ["package"]},
            "then": {"properties": {"package": {"not": {"const": "gone"}, "$comment": "Because."}}},
        },
    ]
    assert isinstance(client, dict)
    assert client["inbox"] == {
        "type": "string",
        "title": "Name",
        "maxLength": 320,
        "format": "email",
        "x-pattern": [r"^(?:\w+@pair\.example)$"],
        "$comment": "It looks like …@pair.example.",
        "x-notes": ["From {sender}."],
    }
