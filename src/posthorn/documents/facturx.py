"""Takes the XML of an e-invoice out of a PDF: Factur-X, ZUGFeRD, XRechnung, Order-X.

Only the list of embedded files and one of them is read: no page is, nothing in the file is run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from itertools import islice
from typing import Final

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject

from posthorn.documents.errors import TooComplexError, TooLargeError, UnreadableError
from posthorn.documents.formats import INVOICE_ROOTS
from posthorn.documents.heads import head_of
from posthorn.documents.limits import LIMITS, Limits

# It would write words of the file into the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# Factur-X 1.08, 6.2.2, and ZUGFeRD 1.0; compared in lower case. Order-X 1.0, 7.1.
_INVOICES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_ORDERS: Final = ("order-x.xml",)
_ORDER_ROOT: Final = "}SCRDMCCBDACIOMessageStructure"
_END: Final = b"%%EOF"
_MAX_FILES: Final = 256  # embedded files looked at by name
_MAX_LOOKS: Final = 8  # files of other names that are looked into
_MAX_NODES: Final = 256  # of the tree of names
_MAX_MENDED: Final = 2_000_000  # bytes of a PDF with faults in its structure
_MAX_RECOVERY: Final = 100_000  # bytes of broken compression that are tried one by one
_MAX_READS: Final = 300_000  # by the library, mostly of single bytes; a usual PDF takes 1,000


class PdfEncryptedError(UnreadableError):
    """The PDF opens with a password only: ask the sender for one without."""

    code = "pdf.encrypted"


class PdfBrokenError(UnreadableError):
    """The PDF is broken or cut off: ask the sender to send the complete file again."""

    code = "pdf.broken"


class PdfTooComplexError(TooComplexError):
    """The PDF unpacks to far more than any real document: ask the sender for a new file."""

    code = "pdf.too_complex"


class Kind(StrEnum):
    """What an embedded XML file is."""

    INVOICE = "invoice"
    ORDER = "order"  # Order-X: nothing to pay, and nothing to book


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """An XML file that was embedded in a PDF."""

    name: str  # as the PDF says; hostile text
    data: bytes = field(repr=False)
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    name: str
    stream: StreamObject


class _Bounded(BytesIO):
    """Bytes that are read so many times and no more: broken brackets are read over and over."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = _MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise LimitReachedError("reads")
        return super().read(size)


def embedded_xml(pdf: bytes, limits: Limits = LIMITS) -> Embedded | None:
    """Return the e-invoice in a PDF, else the order in it; None for a PDF without.

    Raises PdfEncryptedError, PdfBrokenError, PdfTooComplexError and TooLargeError. What a hostile
    file costs is bounded here, but not to the second: call it where time and memory are limited.
    """
    if len(pdf) > limits.max_bytes:
        raise TooLargeError(f"{len(pdf)} bytes, at most {limits.max_bytes}")
    with apply_configuration(
        zlib_maximum_output_length=limits.max_bytes,
        lzw_maximum_output_length=limits.max_bytes,
        run_length_maximum_output_length=limits.max_bytes,
        zlib_maximum_recovery_input_length=_MAX_RECOVERY,
        stream_filters_maximum_length=4,
        stream_decoding_work_maximum_length=2 * limits.max_bytes,
    ):
        try:
            return _found(_reader(_whole(pdf)))
        except (FileNotDecryptedError, DependencyError) as error:
            raise PdfEncryptedError from error
        except (LimitReachedError, RecursionError, MemoryError) as error:
            raise PdfTooComplexError(type(error).__name__) from error
        except PdfBrokenError:
            raise
        except Exception as error:
            # A hostile file makes the library fail in any way.
            raise PdfBrokenError(type(error).__name__) from error


def _whole(pdf: bytes) -> bytes:
    """Return the PDF up to its last end mark, which the library would look for line by line."""
    end = pdf.rfind(_END)
    if end < 0:
        raise PdfBrokenError("no %%EOF")
    return pdf[: end + len(_END)]


def _reader(pdf: bytes) -> PdfReader:
    try:
        return PdfReader(_Bounded(pdf), strict=True)
    except Exception:
        # Mending a broken table of contents takes seconds for each megabyte of a hostile file.
        if len(pdf) > _MAX_MENDED:
            raise
        return PdfReader(_Bounded(pdf), root_object_recovery_limit=_MAX_NODES)


def _found(reader: PdfReader) -> Embedded | None:
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise FileNotDecryptedError
    files = list(islice(_files(reader), _MAX_FILES))
    named = _named(files, _INVOICES, Kind.INVOICE)
    return named or _told(files) or _named(files, _ORDERS, Kind.ORDER)


def _named(files: list[_File], names: tuple[str, ...], kind: Kind) -> Embedded | None:
    for name in names:
        for file in files:
            if file.name.lower() == name:
                return Embedded(name=file.name, data=file.stream.get_data(), kind=kind)
    return None


def _told(files: list[_File]) -> Embedded | None:
    """Return the first XML file that says it is an invoice, else one that says it is an order."""
    order: Embedded | None = None
    for file in islice((file for file in files if file.name.lower().endswith(".xml")), _MAX_LOOKS):
        data = file.stream.get_data()
        root = head_of(data).root or ""
        if root in INVOICE_ROOTS:
            return Embedded(name=file.name, data=data, kind=Kind.INVOICE)
        if root.endswith(_ORDER_ROOT):
            order = order or Embedded(name=file.name, data=data, kind=Kind.ORDER)
    return order


def _files(reader: PdfReader) -> Iterator[_File]:
    """Yield the embedded files: those in the tree of names, then the associated ones."""
    catalog = _dictionary(reader.trailer.get("/Root"))
    names = _dictionary(catalog.get("/Names"))
    for specification in _specifications(_dictionary(names.get("/EmbeddedFiles"))):
        yield from _file(_dictionary(specification))
    for specification in _array(catalog.get("/AF")):
        yield from _file(_dictionary(specification))


def _specifications(root: DictionaryObject) -> Iterator[PdfObject]:
    """Yield what a tree of names leads to (ISO 32000-2, 7.9.6); a tree may lead into itself."""
    waiting = [root]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        yield from _array(node.get("/Names"))[1::2]
        waiting.extend(_dictionary(kid) for kid in _array(node.get("/Kids"))[:_MAX_NODES])


def _file(specification: DictionaryObject) -> Iterator[_File]:
    content = _dictionary(specification.get("/EF"))
    for key in ("/UF", "/F"):
        stream = content.get(key)
        found = None if stream is None else stream.get_object()
        if isinstance(found, StreamObject):
            yield _File(name=_name(specification), stream=found)
            return


def _name(specification: DictionaryObject) -> str:
    names = (specification.get(key) for key in ("/UF", "/F"))
    return next((str(name.get_object()) for name in names if name is not None), "")


def _dictionary(value: PdfObject | None) -> DictionaryObject:
    found = None if value is None else value.get_object()
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(value: PdfObject | None) -> list[PdfObject]:
    found = None if value is None else value.get_object()
    return list(found) if isinstance(found, ArrayObject) else []
