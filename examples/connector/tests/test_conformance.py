"""The connector keeps the promises of the contract, and names what the package answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from posthorn.sdk import Context, Kind, Outcome, Prepared
from posthorn.sdk.testing import Conformance, sample

from .. import connector as example_package  # noqa: TID252  so that the folder works anywhere
from .fake import FakePackage  # noqa: TID252  so that the folder works anywhere

SETTINGS = {"api_key": "a-key-of-the-firm", "administration": "42"}


class TestExamplePackage(Conformance):
    connector = example_package
    fake = FakePackage
    settings: ClassVar[Mapping[str, str]] = SETTINGS


def prepared(ctx: Context) -> Prepared:
    return example_package().prepare(ctx, sample(Kind.SALES, "ubl_invoice"), key="k1")


@pytest.mark.parametrize(
    ("status", "name", "code"),
    [
        (401, "AuthorizationLost", "key_refused"),
        (429, "RateLimited", "rate_limited"),
        (503, "Unavailable", "package_unavailable"),
        (404, "Rejected", "refused_by_package"),
        (500, "Uncertain", "package_failed"),
        (201, "Uncertain", "unreadable_answer"),
    ],
)
def test_each_answer_is_one_outcome(status: int, name: str, code: str) -> None:
    package = FakePackage()
    package.answer(status, "no object")
    ctx = package.context(SETTINGS)

    with pytest.raises(Outcome) as caught:
        example_package().deliver(ctx, prepared(ctx))

    assert (type(caught.value).__name__, caught.value.code) == (name, code)
    assert package.stored() == []


def test_refused_key_shows_when_checking() -> None:
    package = FakePackage()
    package.answer(401, {})

    with pytest.raises(Outcome) as caught:
        example_package().check(package.context(SETTINGS))

    assert caught.value.code == "key_refused"


def test_client_without_an_administration_is_named() -> None:
    with pytest.raises(Outcome) as caught:
        prepared(FakePackage().context({"api_key": "a-key-of-the-firm"}))

    assert caught.value.code == "missing_administration"


def test_administrations_are_offered_but_at_most_five_hundred() -> None:
    options = example_package().choices(FakePackage().context(SETTINGS), "administration")

    assert options[:2] == [("0", "Client 0"), ("1", "Client 1")]
    assert len(options) == 500
