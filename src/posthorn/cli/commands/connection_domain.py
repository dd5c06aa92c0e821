"""`connection domain`: the domain a package's mail comes from, and the key that signs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from posthorn.cli.command import group, in_firm
from posthorn.cli.desk import FirmDesk
from posthorn.cli.errors import CommandError
from posthorn.cli.lookups import connection_of
from posthorn.cli.prompts import confirm

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.connections.domains.check import DomainReport

noun = group("domain", "The domain a package's mail comes from: Check my domain.")

Name = Annotated[str, typer.Argument(help="Name or id of the accounting package.")]
_COLUMNS = ("subject", "standing", "sentence", "detail", "publish")


@in_firm(noun, "show")
def show(desk: FirmDesk, name: Name) -> None:
    """Show what the last check found, with the lines to publish in DNS."""
    from posthorn.connections.domains.check import report_of  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    connection = _connection(desk, name)
    with acting(desk.firm):
        report = report_of(desk.firm, connection)
    _tell(desk, report)


@in_firm(noun, "check")
def check(desk: FirmDesk, name: Name) -> None:
    """Ask DNS and the mail server, for ten seconds at most; makes the key the first time."""
    from posthorn.connections.domains.check import check_domain  # noqa: PLC0415  # needs Django

    _tell(desk, check_domain(desk.firm, _connection(desk, name), actor=desk.actor))


@in_firm(noun, "forget")
def forget(
    desk: FirmDesk,
    name: Name,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without being asked.")] = False,
) -> None:
    """Stop signing for the package's domain and forget its key; the next check makes another."""
    from posthorn.connections.domains.check import report_of  # noqa: PLC0415  # needs Django
    from posthorn.connections.domains.keeping import forget_domain  # noqa: PLC0415
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    connection = _connection(desk, name)
    with acting(desk.firm):
        domain = report_of(desk.firm, connection).domain
    confirm(f"Forget the key of {domain}?", is_agreed=yes)
    with acting(desk.firm):
        forget_domain(desk.firm, domain, actor=desk.actor)
    desk.output.done(f"The key of {domain} is forgotten.", {"domain": domain})


def _connection(desk: FirmDesk, name: str) -> UUID:
    from posthorn.connections.domains.check import sends_mail  # noqa: PLC0415  # needs Django
    from posthorn.tenancy.scope import acting  # noqa: PLC0415

    with acting(desk.firm):
        row = connection_of(desk.firm, name)
    if not sends_mail(row.connector):
        raise CommandError(f"{row.name} sends no mail: it has no domain to check.")
    found: UUID = row.id
    return found


def _tell(desk: FirmDesk, report: DomainReport) -> None:
    from posthorn.connections.domains.findings import zone_line  # noqa: PLC0415
    from posthorn.connections.texts import sentence  # noqa: PLC0415

    rows = [
        {
            "domain": report.domain,
            "is_signed": report.is_signed,
            "subject": finding.subject,
            "standing": finding.standing,
            "code": finding.code,
            "sentence": sentence(finding.code, "en"),
            "detail": finding.detail,
            "publish": zone_line(finding) if finding.value else "",
        }
        for finding in report.findings
    ]
    if not rows:
        desk.output.note(f"{report.domain or 'No domain'}: not checked yet.")
    desk.output.rows(rows, _COLUMNS)
