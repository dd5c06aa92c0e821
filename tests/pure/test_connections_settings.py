"""What a person typed, parted into plain settings and secrets."""

from __future__ import annotations

import pytest

from posthorn.connections.errors import SettingsError
from posthorn.connections.settings import Before, changes, check_settings, secret_fields_shown
from posthorn.sdk import RELAY_FIELDS, Secret, Text, same_words

OWN_RELAY = {
    "relay": "own",
    "relay_host": "mail.firm.example",
    "relay_port": "587",
    "relay_security": "starttls",
    "relay_username": "an",
    "relay_from": "an@firm.example",
}
CANARY = "canary-secret"


def test_secrets_are_kept_apart() -> None:
    checked = check_settings(RELAY_FIELDS, {**OWN_RELAY, "relay_password": CANARY})

    assert checked.plain == OWN_RELAY
    assert checked.secrets == {"relay_password": CANARY}
    assert checked.wanted_secrets == {"relay_password"}
    assert CANARY not in repr(checked)


def test_an_empty_secret_keeps_the_stored_one() -> None:
    before = Before(plain=OWN_RELAY, secrets={"relay_password"})

    checked = check_settings(RELAY_FIELDS, OWN_RELAY, before=before)

    assert checked.secrets == {}
    assert checked.wanted_secrets == {"relay_password"}


def test_a_secret_nobody_asks_for_any_more_is_not_wanted() -> None:
    before = Before(plain=OWN_RELAY, secrets={"relay_password"})

    checked = check_settings(RELAY_FIELDS, {"relay": "operator"}, before=before)

    assert checked.plain == {"relay": "operator"}
    assert checked.wanted_secrets == frozenset()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("relay_host", "mail.thief.example"),
        ("relay_port", "2525"),
        ("relay_security", "tls"),
        ("relay_username", "eve"),
    ],
)
def test_a_stored_password_is_not_sent_to_another_server(field: str, value: str) -> None:
    before = Before(plain=OWN_RELAY, secrets={"relay_password"})

    with pytest.raises(SettingsError) as raised:
        check_settings(RELAY_FIELDS, {**OWN_RELAY, field: value}, before=before)

    assert raised.value.codes == {"relay_password": "type_again"}
    assert raised.value.fields == {
        "relay_password": "The server was changed, so the stored password is not sent to it."
        " Type the password again."
    }


def test_another_server_with_its_password_is_fine() -> None:
    before = Before(plain=OWN_RELAY, secrets={"relay_password"})
    given = {**OWN_RELAY, "relay_host": "mail.other.example", "relay_password": CANARY}

    assert check_settings(RELAY_FIELDS, given, before=before).secrets == {"relay_password": CANARY}


def test_another_sender_needs_no_password() -> None:
    before = Before(plain=OWN_RELAY, secrets={"relay_password"})

    checked = check_settings(
        RELAY_FIELDS, {**OWN_RELAY, "relay_from": "els@firm.example"}, before=before
    )

    assert checked.plain["relay_from"] == "els@firm.example"


def test_a_required_secret_that_was_never_given_is_missing() -> None:
    fields = (Secret(id="key", label=same_words("Key"), required=True),)

    with pytest.raises(SettingsError) as raised:
        check_settings(fields, {"key": ""})

    assert raised.value.codes == {"key": "required"}
    assert check_settings(fields, {}, before=Before(secrets={"key"})).wanted_secrets == {"key"}


def test_every_wrong_field_is_named_in_its_language() -> None:
    with pytest.raises(SettingsError) as raised:
        check_settings(RELAY_FIELDS, {"relay": "own", "relay_port": "x", "nonsense": "1"})

    assert raised.value.codes == {
        "nonsense": "unknown_setting",
        "relay_host": "required",
        "relay_port": "not_a_number",
        "relay_from": "required",
    }
    assert raised.value.sentences("nl")["relay_host"] == "Dit veld is leeg. Vul het in."


def test_the_trail_names_secrets_and_never_shows_them() -> None:
    checked = check_settings(RELAY_FIELDS, {**OWN_RELAY, "relay_password": CANARY})

    said = changes({"relay": "operator", "relay_host": "mail.firm.example"}, checked)

    assert said == {
        "changed": {
            "relay": ["operator", "own"],
            "relay_from": ["", "an@firm.example"],
            "relay_port": ["", "587"],
            "relay_security": ["", "starttls"],
            "relay_username": ["", "an"],
        },
        "secrets": ["relay_password"],
    }


def test_a_hidden_secret_does_not_count() -> None:
    fields = (*RELAY_FIELDS, Text(id="note", label=same_words("Note")))

    assert secret_fields_shown(fields, {"relay": "operator"}) == frozenset()
    assert secret_fields_shown(fields, {"relay": "own"}) == {"relay_password"}
