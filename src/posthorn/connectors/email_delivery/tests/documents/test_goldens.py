"""What each package is sent is what somebody looked at."""

from __future__ import annotations

import pytest

from posthorn.connectors.email_delivery.presets import presets
from posthorn.connectors.email_delivery.tests.documents.goldens import FOLDER, golden_of


@pytest.mark.parametrize("name", presets())
def test_mails_to_a_package_are_the_reviewed_ones(name: str) -> None:
    golden = FOLDER / f"{name}.txt"

    assert golden_of(presets()[name]) == golden.read_text("utf-8")


def test_every_golden_belongs_to_a_preset() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(presets())
