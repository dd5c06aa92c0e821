"""`check`, `show`, `convert` and `render`: what can be done with a file, without any database."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import plain
from posthorn.cli.desk import Desk
from posthorn.cli.errors import UsageError
from posthorn.cli.files import files_at, on_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posthorn.documents import Finding

_UNREADABLE = "unreadable"
# What `check` ends with; a script asks for nothing else.
_CODES = {"valid": 0, "invalid": 1, _UNREADABLE: 2}
_PLACES = 5  # lines named for one rule; enough to find them
_SIGNS = {"valid": "✓", "invalid": "✗", _UNREADABLE: "?"}


class Language(StrEnum):
    """The languages of sentences and labels."""

    NL = "nl"
    FR = "fr"
    EN = "en"
    DE = "de"


Paths = Annotated[list[Path], typer.Argument(help="Files, or folders with all that is in them.")]
OnePath = Annotated[Path, typer.Argument(help="The file.", exists=True, dir_okay=False)]
InLanguage = Annotated[
    Language, typer.Option("--language", "-l", help="The language of the sentences.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check of one file came to."""

    format: str
    profile: str
    verdict: str  # valid, invalid or unreadable
    findings: tuple[Finding, ...]


def register(app: typer.Typer) -> None:
    """Put the commands under `posthorn` itself."""
    plain(app, "check")(check)
    plain(app, "show")(show)


def check(
    desk: Desk,
    paths: Paths,
    *,
    language: InLanguage = Language.EN,
    on: Annotated[
        str, typer.Option("--on", help="By the rules in force on this day, 2026-08-17.")
    ] = "",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Leave out warnings and valid files.")
    ] = False,
) -> None:
    """Check e-invoices and bank statements: schema, EN 16931 and Peppol BIS Billing 3.0.

    Ends with 0 when all are valid, 1 when some are invalid, 2 when some cannot be read.
    """
    day = _day(on)
    counted: Counter[str] = Counter()
    work = partial(checked, on=day)
    for path, found in on_each(work, files_at(paths), desk.output, "checking"):
        counted[found.verdict] += 1
        if desk.output.is_json:
            desk.output.record(_record(path, found, language))
        else:
            _tell(desk, path, found, language, is_quiet=quiet)
    if not desk.output.is_json:
        desk.output.note(_summary(counted))
    code = max((_CODES[verdict] for verdict in counted), default=0)
    if code:
        raise typer.Exit(code)


def checked(path: Path, *, on: date | None) -> Checked:
    """Check one file; one that cannot be read is a result as any other."""
    from posthorn.documents import DocumentError, Finding  # noqa: PLC0415  # not for help
    from posthorn.documents.judgement import judge  # noqa: PLC0415
    from posthorn.documents.opening import open_inside  # noqa: PLC0415

    data = path.read_bytes()
    try:
        opened = open_inside(data)
        found = judge(opened, on=on)
    except DocumentError as error:
        from posthorn.documents import sniff  # noqa: PLC0415  # what can be opened is known

        seen = sniff(data)
        finding = Finding(id=error.code, values={"detail": error.detail})
        return _checked(seen.format, seen.profile, _UNREADABLE, (finding,))
    if found.verdict is None:
        nothing = (Finding(id="not-checkable"), *found.findings)
        return _checked(opened.format, opened.profile, _UNREADABLE, nothing)
    return _checked(opened.format, opened.profile, found.verdict, found.findings)


def _checked(
    format_: StrEnum, profile: StrEnum, verdict: str, findings: tuple[Finding, ...]
) -> Checked:
    return Checked(
        format=format_.value, profile=profile.value, verdict=str(verdict), findings=findings
    )


def _record(path: Path, found: Checked, language: Language) -> Mapping[str, object]:
    return {
        "file": str(path),
        "format": found.format,
        "profile": found.profile,
        "verdict": found.verdict,
        "findings": [
            {
                "id": each.id,
                "severity": each.severity.value,
                "xpath": each.xpath,
                "line": each.line,
                "message": each.message(language),
            }
            for each in found.findings
        ],
    }


def _tell(desk: Desk, path: Path, found: Checked, language: Language, *, is_quiet: bool) -> None:
    if is_quiet and found.verdict == "valid":
        return
    agreement = "" if found.profile == "none" else f", {found.profile}"
    desk.output.text(f"{_SIGNS[found.verdict]} {path}: {found.verdict} ({found.format}{agreement})")
    for line in _lines(found, language, is_quiet=is_quiet):
        desk.output.text(f"    {line}")


def _lines(found: Checked, language: Language, *, is_quiet: bool) -> Iterator[str]:
    """Yield a line for each rule that is broken, with the places where it is."""
    places: dict[tuple[str, str], list[str]] = {}
    for each in found.findings:
        if is_quiet and each.severity.value == "warning":
            continue
        word = each.id if each.severity.value == "fatal" else f"{each.id} (warning)"
        where = f"line {each.line}" if each.line else ""
        places.setdefault((word, each.message(language)), []).append(where)
    for (word, sentence), at in places.items():
        shown = ", ".join(filter(None, at[:_PLACES])) + (", …" if len(at) > _PLACES else "")
        yield f"{word}: {sentence}" + (f" [{shown}]" if shown else "")


def _summary(counted: Counter[str]) -> str:
    named = [f"{counted[verdict]} {verdict}" for verdict in _CODES if counted[verdict]]
    return ", ".join(named) or "There is no file."


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        message = f"--on needs a day such as 2026-08-17, not {text}."
        raise UsageError(message) from error


def show(desk: Desk, path: OnePath) -> None:
    """Show what a file says: its kind, numbers, dates, parties and amounts."""
    from posthorn.documents import examine  # noqa: PLC0415  # the help page must not wait for it

    found = examine(path.read_bytes())
    record = asdict(found.facts)
    record["agreement"] = found.profile.value
    record["verdict"] = found.verdict.value if found.verdict else None
    record["findings"] = len(found.findings)
    desk.output.record(_present(record, is_json=desk.output.is_json))


def _present(record: dict[str, object], *, is_json: bool) -> dict[str, object]:
    """Leave out for people what the file does not say."""
    if is_json:
        return record
    return {name: value for name, value in record.items() if value not in (None, (), "")}
