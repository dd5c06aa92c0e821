"""The kit runs by itself and calls a finding what a strange connector raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from posthorn.sdk import NoAuth
from posthorn.sdk.testing import MemoryLog, NoHttp, NoMail
from posthorn.sdk.testing.__main__ import main
from posthorn.sdk.testing.cases import cases_of
from posthorn.sdk.testing.seams import NetworkUsedError
from posthorn.sdk.testing.trials import Result, Verdict, run
from tests.kit.case import DaybookCase
from tests.kit.daybook import SPEC, Daybook


def test_unexpected_error_of_a_connector_fails_the_test_that_met_it() -> None:
    class Case(DaybookCase):
        settings: ClassVar[Mapping[str, str]] = {"book": "2026"}

    failed = {one.test: one.why for one in run(Case) if one.verdict is Verdict.FAILED}

    assert len(failed) == 28
    assert failed["test_prepare_is_pure_and_deterministic"] == "FieldErrors: api_key: required"
    said = "give the kit a longer value for ['api_key']"
    assert failed["test_no_secret_leaks"] == said


def test_connector_without_secrets_skips_that_test_and_says_so() -> None:
    class Open(Daybook):
        spec = replace(SPEC, auth=NoAuth(), firm_settings=SPEC.firm_settings[1:])

    class Case(DaybookCase):
        connector = Open
        settings: ClassVar[Mapping[str, str]] = {"book": "2026"}

    results = [result for result in run(Case) if result.verdict is not Verdict.PASSED]

    assert results == [
        Result(
            test="test_no_secret_leaks",
            verdict=Verdict.SKIPPED,
            why="the connector declares no secret",
        ),
        Result(
            test="test_account_names_one_and_the_same",
            verdict=Verdict.SKIPPED,
            why="nobody signs in to this package",
        ),
    ]


def test_seams_that_refuse_remember_the_call() -> None:
    http, mail = NoHttp(), NoMail()
    calls: tuple[Callable[[], object], ...] = (
        lambda: http.read("https://a.example"),
        lambda: http.write("PUT", "https://b.example"),
        mail.check,
        lambda: mail.send(b"1234"),
    )
    for call in calls:
        with pytest.raises(NetworkUsedError):
            call()

    assert http.calls == ["GET https://a.example", "PUT https://b.example"]
    assert mail.calls == ["mail check", "mail of 4 bytes"]


def test_log_keeps_every_note_as_it_was_given() -> None:
    log = MemoryLog()

    log.info("sent", key="k1")
    log.warning("slow", seconds="9")

    assert log.notes == [("info", "sent", {"key": "k1"}), ("warning", "slow", {"seconds": "9"})]


def test_module_an_author_forgot_is_named_and_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "posthorn_forgetful"
    package.mkdir()
    (package / "__init__.py").write_text("import a_module_nobody_installed\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError, match="a_module_nobody_installed"):
        cases_of(package.name)


def test_command_without_a_package_writes_how_it_is_used(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    usage = "usage: python -m posthorn.sdk.testing PACKAGE [--keep] [--no-types]\n"
    assert capsys.readouterr().err == usage
