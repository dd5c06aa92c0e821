from __future__ import annotations

from datetime import UTC, datetime

import pytest

from posthorn import sdk
from posthorn.sdk import (
    RELAY_FIELDS,
    AuthorizationLost,
    Connector,
    ErrorText,
    Misconfigured,
    Outcome,
    Prepared,
    RateLimited,
    Receipt,
    Rejected,
    Relay,
    Response,
    Scope,
    Security,
    TextsError,
    Unavailable,
    Uncertain,
    error_texts,
    relay_of,
    validate,
    words,
)
from posthorn.sdk.texts import read_error_texts
from tests.kit.ledger import Ledger, LedgerPackage

UNTIL = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
PASSWORD = "geheim"  # noqa: S105  made up


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Rejected("refused", detail="no such journal"), "refused: no such journal"),
        (Misconfigured("missing_address", field="sales_address"), "missing_address"),
        (AuthorizationLost(), "authorization_lost"),
        (Unavailable("no_line"), "no_line"),
        (RateLimited(until=UNTIL), "rate_limited"),
        (Uncertain("answer_lost"), "answer_lost"),
    ],
)
def test_outcome_reads_as_code_and_detail(outcome: Outcome, text: str) -> None:
    assert str(outcome) == text


def test_there_are_six_outcomes_and_one_special_case() -> None:
    assert {one.__name__ for one in Outcome.__subclasses__()} == {
        "Rejected",
        "Misconfigured",
        "Unavailable",
        "RateLimited",
        "Uncertain",
    }
    assert Misconfigured.__subclasses__() == [AuthorizationLost]


def test_their_words_are_cut_at_two_thousand_characters() -> None:
    assert Rejected("refused", detail="x" * 5000).detail == "x" * 2000


def test_outcomes_carry_what_the_engine_decides_by() -> None:
    assert Misconfigured("c", field="host").field == "host"
    assert AuthorizationLost(field="token").field == "token"
    assert Unavailable("c").scope is Scope.CONNECTION
    assert Unavailable("c", scope=Scope.DOCUMENT).scope is Scope.DOCUMENT
    assert RateLimited(until=UNTIL).until == UNTIL


def test_rate_limit_without_a_time_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="aware time"):
        RateLimited(until=UNTIL.replace(tzinfo=None))


def test_response_reads_text_and_json() -> None:
    assert Response(status=200, body=b'{"id": 1}').json() == {"id": 1}
    assert Response(status=200, body=b"caf\xc3\xa9 \xff").text() == "café \ufffd"


def test_response_that_is_no_json_says_so() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        Response(status=200, body=b"<html>").json()


def test_what_a_connector_does_not_offer_is_not_implemented() -> None:
    ledger = Ledger()
    context = LedgerPackage().context({})
    prepared = Prepared(key="k", payload=b"", media_type="text/plain")

    with pytest.raises(NotImplementedError):
        ledger.choices(context, "journal")
    with pytest.raises(NotImplementedError):
        ledger.status(context, Receipt(remote_id="D1"))
    with pytest.raises(NotImplementedError):
        Connector.find(ledger, context, prepared)


def test_bytes_of_a_document_do_not_show_in_a_log() -> None:
    prepared = Prepared(key="k", payload=b"secret invoice", media_type="text/plain")

    assert "secret invoice" not in repr(prepared)


def test_receipt_needs_only_the_remote_id() -> None:
    assert Receipt(remote_id="D1") == Receipt(remote_id="D1", url="", duplicate_of="", evidence={})


def test_operators_relay_is_no_relay_of_the_firm() -> None:
    assert relay_of(validate(RELAY_FIELDS, {})) is None


def test_own_relay_is_read_from_the_settings() -> None:
    settings = validate(
        RELAY_FIELDS,
        {
            "relay": "own",
            "relay_host": "smtp.example.org",
            "relay_username": "posthorn",
            "relay_password": PASSWORD,
            "relay_from": "Uit@example.org",
        },
    )

    assert relay_of(settings) == Relay(
        host="smtp.example.org",
        port=587,
        security=Security.STARTTLS,
        username="posthorn",
        password=PASSWORD,
        sender="Uit@example.org",
    )


def test_relays_password_does_not_show_in_a_log() -> None:
    relay = Relay(
        host="h", port=465, security=Security.TLS, username="u", password=PASSWORD, sender="s"
    )

    assert PASSWORD not in repr(relay)


def test_error_texts_are_read_in_four_languages() -> None:
    source = """
    [no_line]
    sentence = { nl = "Geen lijn.", fr = "Pas de ligne.", en = "No line.", de = "Keine Leitung." }
    advice = { nl = "Wacht.", fr = "Attendez.", en = "Wait.", de = "Warten Sie." }
    """

    assert read_error_texts(source) == {
        "no_line": ErrorText(
            sentence=words(nl="Geen lijn.", fr="Pas de ligne.", en="No line.", de="Keine Leitung."),
            advice=words(nl="Wacht.", fr="Attendez.", en="Wait.", de="Warten Sie."),
        )
    }


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("[a", "Expected ']'"),
        ("a = 1", "[a] needs a table 'sentence'"),
        ("[a]\nsentence = 'x'", "[a] needs a table 'sentence'"),
        ("[a]\nsentence = {nl = 1}", "[a] needs a table 'sentence'"),
        ("[a]\nsentence = {nl = 'x', en = ' ', de = 'x'}", "[a.sentence] lacks fr, en"),
    ],
)
def test_incomplete_error_texts_name_what_they_lack(source: str, problem: str) -> None:
    with pytest.raises(TextsError) as caught:
        read_error_texts(source)

    assert problem in str(caught.value)


def test_package_without_error_texts_says_so() -> None:
    with pytest.raises(TextsError, match=r"posthorn\.sdk has no errors\.toml"):
        error_texts("posthorn.sdk")


def test_everything_exported_exists() -> None:
    assert [name for name in sdk.__all__ if not hasattr(sdk, name)] == []
    assert list(sdk.__all__) == sorted(sdk.__all__, key=_isort)


def _isort(name: str) -> tuple[int, str]:
    is_constant, is_class = name.isupper(), name[0].isupper()
    return (0 if is_constant else 1 if is_class else 2, name)
