"""Everything a bookkeeper reads about this connector exists, in her language."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from posthorn.connectors.email_delivery import connector as email_delivery
from posthorn.sdk import LANGUAGES, error_texts

PACKAGE = "posthorn.connectors.email_delivery"
FOLDER = resources.files(PACKAGE)


def test_every_raised_code_is_explained_and_no_other() -> None:
    modules = ("connector.py", "contents.py", "drawn.py")
    source = "".join(FOLDER.joinpath(name).read_text("utf-8") for name in modules)
    raised = set(re.findall(r'(?:Rejected|Misconfigured)\(\s*"(\w+)"', source))

    assert set(error_texts(PACKAGE)) == raised
    assert len(raised) == 11


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_has_the_same_headings_in_every_language(language: str) -> None:
    headings = re.findall(
        r"^#+ ", FOLDER.joinpath(f"help.{language}.md").read_text("utf-8"), re.MULTILINE
    )

    assert headings == ["# ", "## ", "## ", "## ", "## ", "## "]


def test_logo_is_a_picture_without_anything_that_runs() -> None:
    logo = FOLDER.joinpath(email_delivery.spec.logo).read_text("utf-8")

    assert logo.startswith("<svg ")
    assert not re.search(r"<script|<foreignObject|\son\w+=|href=|url\(", logo)


def test_labels_are_those_people_know() -> None:
    labels = {
        one.id: one.label["en"]
        for one in (*email_delivery.spec.firm_settings, *email_delivery.spec.client_settings)
    }

    assert labels["same_address"] == "Same email for inbound and outbound documents"
    assert labels["attach_pdfs"] == labels["pdf_alongside"] == "Attach PDFs alongside"
