from __future__ import annotations

import pytest

from posthorn.archive.errors import ArchiveError
from posthorn.archive.rules import Refused
from posthorn.archive.storage import StorageError
from posthorn.cli.exit_codes import MEANINGS, ExitCode
from posthorn.cli.failures import failure_of
from posthorn.cli.releases import _WHY
from posthorn.connections.errors import ConnectionsError, SettingsError
from posthorn.delivery.actions import DeliveryError
from posthorn.sdk.errors import (
    AuthorizationLost,
    Misconfigured,
    Outcome,
    Rejected,
    Unavailable,
    Uncertain,
)
from posthorn.tenancy.errors import TenancyError

# What no other input and no other moment makes good: somebody must repair something.
PLAIN_ERRORS = {
    "archive_bomb",
    "archive_refused",
    "connector_missing",
    "connections_error",
    "delivery_error",
    "empty",
    "file_damaged",
    "file_missing",
    "refused",
    "storage",
    "storage_full",
    "storage_not_writable",
    "too_large",
    "xml.doctype",
}


def below(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(below(one) for one in kind.__subclasses__()))


def coded(kind: type[Exception]) -> Exception:
    """Make an error without its arguments: only its class decides."""
    error = kind.__new__(kind)
    error.args = ("One line.",)
    return error


def test_every_exit_code_is_explained() -> None:
    assert set(MEANINGS) == set(ExitCode)


def test_every_reason_against_a_release_is_explained() -> None:
    assert set(_WHY) == set(Refused)


@pytest.mark.parametrize(
    "root", [ArchiveError, ConnectionsError, DeliveryError, StorageError, TenancyError]
)
def test_every_error_of_the_layers_has_a_code_of_its_own_or_is_listed(
    root: type[Exception],
) -> None:
    plain = set()
    for kind in below(root):
        if not kind.__module__.startswith("posthorn."):
            continue
        failure = failure_of(coded(kind))
        assert failure is not None
        if failure.exit_code is ExitCode.ERROR:
            plain.add(getattr(kind, "code", ""))

    assert plain - PLAIN_ERRORS == set()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AuthorizationLost("consent_lost"), ExitCode.NOT_ALLOWED),
        (Misconfigured("wrong_password", field="relay_password"), ExitCode.ERROR),
        (Rejected("too_large"), ExitCode.ERROR),
        (Unavailable("relay_unreachable"), ExitCode.TRY_LATER),
        (Uncertain("lost_answer"), ExitCode.TRY_LATER),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Outcome) else "",
)
def test_an_answer_of_a_package_says_whether_to_try_again(error: Outcome, code: ExitCode) -> None:
    failure = failure_of(error)

    assert failure is not None
    assert (failure.exit_code, "\n" in failure.sentence) == (code, False)


def test_a_wrong_setting_is_a_wrong_command() -> None:
    failure = failure_of(SettingsError({"attach_pdfs": "not_a_flag"}))

    assert failure is not None
    assert failure.exit_code is ExitCode.USAGE


def test_a_bug_is_nobodys_failure() -> None:
    assert failure_of(ZeroDivisionError()) is None
