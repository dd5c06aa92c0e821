"""`render`: pictures of files for people, as web pages or PDFs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import plain
from posthorn.cli.commands.files import InLanguage, Language, Paths
from posthorn.cli.desk import Desk
from posthorn.cli.errors import PartlyDoneError, UsageError
from posthorn.cli.files import Targets, files_at, on_each

if TYPE_CHECKING:
    pass

_PAGE, _PAPER = ".html", ".pdf"
_MEDIA_TYPES = {".xml": "text/xml", ".pdf": "application/pdf"}


def register(app: typer.Typer) -> None:
    """Put the command under `posthorn` itself."""
    plain(app, "render")(render)


def render(  # noqa: PLR0913  # one for each option of the command
    desk: Desk,
    paths: Paths,
    *,
    html: Annotated[bool, typer.Option("--html", help="Make a web page of each.")] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Make a PDF/A-3 of each, the original inside.")
    ] = False,
    into: Annotated[
        Path, typer.Option("--into", help="The folder to write to; made when it is not there.")
    ] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    language: InLanguage = Language.EN,
) -> None:
    """Draw e-invoices and bank statements for people to read; the files themselves stay."""
    if html == pdf:
        message = "Choose one of --html and --pdf."
        raise UsageError(message)
    found = files_at(paths)
    targets = Targets(into=into, ending=_PAGE if html else _PAPER).prepared(found, is_forced=force)
    failed = 0
    work = partial(drawn, targets=targets, language=language.value)
    for path, problem in on_each(work, found, desk.output, "rendering"):
        failed += bool(problem)
        if problem:
            desk.output.note(f"{path}: {problem}")
        else:
            written = str(targets.of(path))
            desk.output.done(written, {"file": str(path), "written": written})
    if failed:
        message = f"{failed} of {len(found)} files could not be rendered."
        raise PartlyDoneError(message)


def drawn(path: Path, *, targets: Targets, language: str) -> str:
    """Write the picture of one file; returns why not, empty when it was written."""
    from posthorn.documents import DocumentError  # noqa: PLC0415  # the help page must not wait

    try:
        picture = _picture(path, targets.ending, language)
    except DocumentError as error:
        return str(error)
    if picture is None:
        return "it holds no invoice and no statements"
    targets.of(path).write_bytes(picture)
    return ""


def _picture(path: Path, ending: str, language: str) -> bytes | None:
    from posthorn.documents import render as documents  # noqa: PLC0415  # as above
    from posthorn.documents.opening import open_inside  # noqa: PLC0415
    from posthorn.documents.reader import content_of  # noqa: PLC0415
    from posthorn.kernel.clock import now  # noqa: PLC0415

    data = path.read_bytes()
    content = content_of(open_inside(data))
    if content is None:
        return None
    if ending == _PAGE:
        return documents.html(content, language).encode()
    media_type = _MEDIA_TYPES.get(path.suffix.lower(), "text/plain")
    original = documents.Original(data=data, name=path.name, media_type=media_type)
    return documents.pdf(content, language, original=original, made=now())
