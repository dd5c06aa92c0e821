"""The files a connector ships beside its code: texts of its errors, help and logo."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from posthorn.sdk.languages import LANGUAGES
from posthorn.sdk.texts import error_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posthorn.sdk.spec import ConnectorSpec
    from posthorn.sdk.texts import ErrorText

LOGO_MAX_BYTES = 100_000

# What an SVG could run. It is shown as an image under a strict policy too; this is the first net.
_ACTIVE = re.compile(
    rb"<\s*(script|foreignObject|iframe|embed|object)\b|\bon[a-z]+\s*=|javascript:|<!(ENTITY|DOCTYPE)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """One connector's texts, help and logo, read once."""

    errors: Mapping[str, ErrorText]
    help: Mapping[str, str]  # language → Markdown
    logo: bytes  # SVG; empty when there is none

    @classmethod
    def of(cls, package: str, spec: ConnectorSpec) -> Assets:
        """Read a package's files. Raises TextsError when its error texts are incomplete."""
        folder = resources.files(package)
        logo = folder.joinpath(spec.logo)
        return cls(
            errors=error_texts(package),
            help=MappingProxyType(dict(_help(package))),
            logo=logo.read_bytes() if spec.logo and logo.is_file() else b"",
        )

    def problems(self) -> Iterator[str]:
        """Give what keeps these files from being shown, one sentence each.

        A missing logo or help page is the conformance kit's to find: the connector works without.
        """
        if len(self.logo) > LOGO_MAX_BYTES:
            yield f"its logo is larger than {LOGO_MAX_BYTES} bytes"
        if _ACTIVE.search(self.logo):
            yield "its logo holds something that runs"


def _help(package: str) -> Iterator[tuple[str, str]]:
    folder = resources.files(package)
    for language in LANGUAGES:
        page = folder.joinpath(f"help.{language}.md")
        if page.is_file():
            yield language, page.read_text("utf-8")
