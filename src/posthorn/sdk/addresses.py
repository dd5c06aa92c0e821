"""One e-mail address as accounting packages hand them out: ASCII local part, kept as typed."""

from __future__ import annotations

import re

# RFC 5321 section 4.5.3.1: 64 octets before the @; 254 in all follows from the path limit of 256.
LOCAL_MAX_CHARS = 64
ADDRESS_MAX_CHARS = 254

# RFC 5322 dot-atom. Quoted local parts are legal, but no import mailbox hands them out and they
# are the classic way to smuggle a second recipient.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class AddressError(ValueError):
    """Show the sentence of `code` beside the address."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def clean_address(text: str) -> str:
    """Return the address to use: local part as typed, an international domain in its ASCII form.

    Raises AddressError with the code not_an_address, several_addresses or non_ascii_address.
    """
    if text.count("@") > 1 or re.search(r"[,;\s]", text):
        raise AddressError("several_addresses" if text.count("@") > 1 else "not_an_address")
    local, _, domain = text.partition("@")
    if not local.isascii():
        raise AddressError("non_ascii_address")
    address = f"{local}@{_ascii_domain(domain)}"
    if not _LOCAL.fullmatch(local) or len(local) > LOCAL_MAX_CHARS:
        raise AddressError("not_an_address")
    if len(address) > ADDRESS_MAX_CHARS:
        raise AddressError("not_an_address")
    return address


def _ascii_domain(domain: str) -> str:
    try:
        ascii_form = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise AddressError("not_an_address") from error
    labels = ascii_form.split(".")
    if len(labels) == 1 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressError("not_an_address")
    return ascii_form
