"""Turns an error of any layer into one line and an exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthorn.cli.errors import CommandError
from posthorn.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_CODE = {
    "invitation_unknown": ExitCode.NOT_FOUND,
    "not_found": ExitCode.NOT_FOUND,
    "unknown_client": ExitCode.NOT_FOUND,
    "delivery_not_found": ExitCode.NOT_FOUND,
    "bad_country": ExitCode.USAGE,
    "bad_cursor": ExitCode.USAGE,
    "bad_email": ExitCode.USAGE,
    "bad_language": ExitCode.USAGE,
    "bad_name": ExitCode.USAGE,
    "bad_number": ExitCode.USAGE,
    "empty_name": ExitCode.USAGE,
    "empty_reason": ExitCode.USAGE,
    "settings_invalid": ExitCode.USAGE,
    "too_long": ExitCode.USAGE,
    "weak_password": ExitCode.USAGE,
    "access_changed": ExitCode.CONFLICT,
    "access_not_confirmed": ExitCode.CONFLICT,
    "address_in_use": ExitCode.CONFLICT,
    "already_member": ExitCode.CONFLICT,
    "already_released": ExitCode.CONFLICT,
    "both_needed": ExitCode.CONFLICT,
    "place_changed": ExitCode.CONFLICT,
    "place_taken": ExitCode.CONFLICT,
    "resume_needed": ExitCode.CONFLICT,
    "change_decided": ExitCode.CONFLICT,
    "client_over": ExitCode.CONFLICT,
    "cut": ExitCode.CONFLICT,
    "dossier_number_taken": ExitCode.CONFLICT,
    "email_taken": ExitCode.CONFLICT,
    "illegal_life_move": ExitCode.CONFLICT,
    "integration_exists": ExitCode.CONFLICT,
    "invitation_expired": ExitCode.CONFLICT,
    "invitation_revoked": ExitCode.CONFLICT,
    "invitation_used": ExitCode.CONFLICT,
    "last_administrator": ExitCode.CONFLICT,
    "link_ended": ExitCode.CONFLICT,
    "link_not_found": ExitCode.NOT_FOUND,
    "name_taken": ExitCode.CONFLICT,
    "no_second_person": ExitCode.CONFLICT,
    "not_a_duplicate": ExitCode.CONFLICT,
    "not_an_accountant": ExitCode.CONFLICT,
    "not_possible_now": ExitCode.CONFLICT,
    "number_taken": ExitCode.CONFLICT,
    "sign_in_not_offered": ExitCode.CONFLICT,
    "sign_in_over": ExitCode.CONFLICT,
    "sign_in_refused": ExitCode.CONFLICT,
    "several_clients": ExitCode.CONFLICT,
    "source_id_reused": ExitCode.CONFLICT,
    "same_person": ExitCode.NOT_ALLOWED,
    "too_many_fetches": ExitCode.TRY_LATER,
    "wrong_person": ExitCode.NOT_ALLOWED,
}
# PostgreSQL's class 28: the login itself was refused.
_LOGIN_REFUSED = ("password authentication failed", "no pg_hba.conf entry", "does not exist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One line for a person, and the code with which the program ends."""

    sentence: str
    exit_code: ExitCode


def failure_of(
    error: Exception, own: Mapping[type[Exception], ExitCode] | None = None
) -> Failure | None:
    """Explain an error that somebody foresaw; None for a bug. `own` are those of the program."""
    if isinstance(error, CommandError):
        return Failure(sentence=str(error), exit_code=error.exit_code)
    for kind, code in (own or {}).items():
        if isinstance(error, kind):
            return Failure(sentence=str(error), exit_code=code)
    return _of_layer(error) or _of_database(error) or _of_machine(error)


def _of_layer(error: Exception) -> Failure | None:
    from posthorn.documents import DocumentError  # noqa: PLC0415  # the help page must not wait
    from posthorn.postgres.errors import (  # noqa: PLC0415
        AlreadyServingError,
        BusyError,
        PostgresError,
    )
    from posthorn.sdk.errors import Outcome  # noqa: PLC0415

    if isinstance(error, AlreadyServingError | BusyError):
        return Failure(sentence=str(error), exit_code=ExitCode.CONFLICT)
    if isinstance(error, PostgresError | DocumentError):
        return Failure(sentence=str(error), exit_code=ExitCode.ERROR)
    if isinstance(error, Outcome):
        return _of_outcome(error)
    if isinstance(error, _typed()):
        code = _BY_CODE.get(getattr(error, "code", ""), ExitCode.ERROR)
        return Failure(sentence=str(error), exit_code=code)
    return None


def _typed() -> tuple[type[Exception], ...]:
    """Give the roots of what the layers raise; none before Django is set up."""
    from django.apps import apps  # noqa: PLC0415

    if not apps.ready:
        return ()
    from posthorn.archive.errors import ArchiveError  # noqa: PLC0415
    from posthorn.archive.storage import StorageError  # noqa: PLC0415
    from posthorn.connections.errors import ConnectionsError  # noqa: PLC0415
    from posthorn.connections.keyring import KeyringError  # noqa: PLC0415
    from posthorn.connections.relays import RelayAddressError  # noqa: PLC0415
    from posthorn.delivery.actions import DeliveryError  # noqa: PLC0415
    from posthorn.delivery.bounces.doors import DoorError  # noqa: PLC0415
    from posthorn.delivery.bounces.keeping import InboxFullError  # noqa: PLC0415
    from posthorn.delivery.bounces.serving import NoDoorError  # noqa: PLC0415
    from posthorn.delivery.queries.pages import CursorError  # noqa: PLC0415
    from posthorn.tenancy.errors import TenancyError  # noqa: PLC0415

    return (
        ArchiveError,
        ConnectionsError,
        CursorError,
        DeliveryError,
        DoorError,
        InboxFullError,
        KeyringError,
        NoDoorError,
        RelayAddressError,
        StorageError,
        TenancyError,
    )


def _of_outcome(error: Exception) -> Failure:
    """Explain what an accounting package answered, in its connector's words where it has any."""
    from posthorn.connections.texts import sentence  # noqa: PLC0415
    from posthorn.sdk.errors import (  # noqa: PLC0415
        AuthorizationLost,
        Misconfigured,
        Rejected,
    )

    word = getattr(error, "code", "")
    detail = getattr(error, "detail", "")
    said = sentence(word, "en")
    text = f"{said} ({detail})" if detail and detail not in said else said
    if isinstance(error, AuthorizationLost):
        return Failure(sentence=text, exit_code=ExitCode.NOT_ALLOWED)
    is_lasting = isinstance(error, Misconfigured | Rejected)
    return Failure(sentence=text, exit_code=ExitCode.ERROR if is_lasting else ExitCode.TRY_LATER)


def _of_database(error: Exception) -> Failure | None:
    from django.db import Error, InterfaceError, OperationalError  # noqa: PLC0415
    from psycopg import OperationalError as DriverError  # noqa: PLC0415

    if not isinstance(error, OperationalError | InterfaceError | DriverError):
        if isinstance(error, Error):
            text = f"The database refused this: {_first_line(error)}"
            return Failure(sentence=text, exit_code=ExitCode.ERROR)
        return None
    said = _first_line(error)
    if any(words in said for words in _LOGIN_REFUSED):
        text = f"The database refused the login: {said} Check POSTHORN_DATABASE_URL."
        return Failure(sentence=text, exit_code=ExitCode.NOT_ALLOWED)
    text = f"The database does not answer: {said} Check POSTHORN_DATABASE_URL and the server."
    return Failure(sentence=text, exit_code=ExitCode.TRY_LATER)


def _first_line(error: Exception) -> str:
    from posthorn.kernel.redact import redact  # noqa: PLC0415

    return redact(" ".join(str(error).split()), max_chars=300).rstrip(".") + "."


def _of_machine(error: Exception) -> Failure | None:
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        text = f"{error.strerror or error}{place}."
        return Failure(sentence=text, exit_code=ExitCode.ERROR)
    return None
