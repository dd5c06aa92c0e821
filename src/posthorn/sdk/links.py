"""The download addresses a connector may put into what it prepares, instead of the file itself."""

from __future__ import annotations

from typing import NoReturn, Protocol

from posthorn.sdk.errors import Misconfigured


class Linkable(Protocol):
    """What can be fetched: a Document."""

    @property
    def sha256(self) -> str:
        """Return the lower-case hex of its bytes."""
        ...


class Links(Protocol):
    """Gives one document of one delivery an address of its own; asks no network."""

    def address(self, document: Linkable, *, key: str) -> str:
        """Return where the document's very bytes can be fetched: `https://…/d/<43 letters>/`.

        The same document and key give the same address. It ends after a time and can be taken
        back. Leave it whole, on a line of its own and outside base64, and keep it out of the
        summary: only so is it known by its hash alone here. Raises Misconfigured.
        """
        ...


class NoLinks:
    """Stands where nothing can be fetched."""

    def address(self, document: Linkable, *, key: str) -> NoReturn:
        """Raise Misconfigured."""
        del document, key
        raise Misconfigured("links_not_available")
