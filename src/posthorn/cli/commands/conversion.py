"""`convert`: Peppol BIS Billing 3.0 out of other e-invoices."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from posthorn.cli.command import plain
from posthorn.cli.commands.files import InLanguage, Language, Paths
from posthorn.cli.desk import Desk
from posthorn.cli.errors import PartlyDoneError, UsageError
from posthorn.cli.files import Targets, files_at, on_each

if TYPE_CHECKING:
    from posthorn.documents.convert import Change, Supplement
    from posthorn.documents.findings import Finding
    from posthorn.documents.invoice import Identifier

_ENDING: Final = ".bis.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How each file is to be converted."""

    targets: Targets
    supplement: Supplement
    embed_pdf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What became of one file."""

    written: str = ""  # empty where it could not be converted
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


def register(app: typer.Typer) -> None:
    """Put the command under `posthorn` itself."""
    plain(app, "convert")(convert)


def convert(  # noqa: PLR0913  # one for each option of the command
    desk: Desk,
    paths: Paths,
    *,
    into: Annotated[
        Path, typer.Option("--into", help="The folder to write to; made when it is not there.")
    ] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    embed_pdf: Annotated[
        bool, typer.Option("--embed-pdf", help="Attach the PDF in which an e-invoice came.")
    ] = False,
    buyer_address: Annotated[
        str,
        typer.Option(help="The buyer's Peppol address where there is none: 0208:0123456789."),
    ] = "",
    seller_address: Annotated[
        str, typer.Option(help="The seller's Peppol address where the file has none.")
    ] = "",
    buyer_reference: Annotated[
        str, typer.Option(help="The buyer's reference where the file has none.")
    ] = "",
    language: InLanguage = Language.EN,
) -> None:
    """Make Peppol BIS 3.0 of e-invoices in CII, in a PDF or in another profile of UBL.

    A file that is valid Peppol BIS comes out with the same bytes. Every change is told, no amount
    is worked out anew, and what cannot be made valid is refused with what is missing.
    """
    supplement = _supplement(seller_address, buyer_address, buyer_reference)
    found = files_at(paths)
    targets = Targets(into=into, ending=_ENDING).prepared(found, is_forced=force)
    wanted = Wanted(targets=targets, supplement=supplement, embed_pdf=embed_pdf)
    failed = 0
    for path, one in on_each(partial(converted, wanted=wanted), found, desk.output, "converting"):
        failed += not one.written
        _tell(desk, path, one, language)
    if failed:
        message = f"{failed} of {len(found)} files could not be converted."
        raise PartlyDoneError(message)


def _supplement(seller: str, buyer: str, reference: str) -> Supplement:
    from posthorn.documents.convert import Supplement  # noqa: PLC0415  # the help must not wait

    return Supplement(
        seller_address=_address(seller),
        buyer_address=_address(buyer),
        buyer_reference=reference or None,
    )


def _address(text: str) -> Identifier | None:
    from posthorn.documents.invoice import Identifier  # noqa: PLC0415  # as above

    if not text:
        return None
    scheme, mark, value = text.partition(":")
    if not (scheme.strip() and mark and value.strip()):
        message = f"A Peppol address is a scheme and a number, 0208:0123456789, not {text}."
        raise UsageError(message)
    return Identifier(value=value.strip(), scheme=scheme.strip())


def converted(path: Path, *, wanted: Wanted) -> Converted:
    """Convert one file and write what it becomes; a refusal is a result as any other."""
    from posthorn.documents import DocumentError, Finding  # noqa: PLC0415  # as above
    from posthorn.documents import convert as conversions  # noqa: PLC0415

    try:
        made = conversions.convert(
            path.read_bytes(), embed_pdf=wanted.embed_pdf, supplement=wanted.supplement
        )
    except conversions.NotConvertibleError as error:
        return Converted(findings=error.findings)
    except DocumentError as error:
        return Converted(findings=(Finding(id=error.code, values={"detail": error.detail}),))
    target = wanted.targets.of(path)
    target.write_bytes(made.data)
    return Converted(written=str(target), changes=made.changes, findings=made.warnings)


def _tell(desk: Desk, path: Path, one: Converted, language: Language) -> None:
    findings = [(each.id, each.message(language)) for each in one.findings]
    changes = [(each.code, each.message(language)) for each in one.changes]
    if desk.output.is_json:
        desk.output.record(
            {
                "file": str(path),
                "written": one.written or None,
                "changes": [{"code": code, "message": text} for code, text in changes],
                "findings": [{"id": code, "message": text} for code, text in findings],
            }
        )
        return
    same = "" if changes else " (the same bytes)"
    desk.output.text(f"✓ {path} → {one.written}{same}" if one.written else f"✗ {path}")
    for code, text in [*changes, *findings]:
        desk.output.text(f"    {code}: {text}")
