"""*Check my domain*: asks DNS and the relay, within ten seconds, and keeps what they said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from posthorn.connections import runtime
from posthorn.connections.consultation import within_limit
from posthorn.connections.context import operators_terms, way_of
from posthorn.connections.domains import keeping
from posthorn.connections.domains.findings import Finding, Standing, Subject, from_kept
from posthorn.connections.domains.names import ServerNames
from posthorn.connections.domains.records import Sending, check_records
from posthorn.connections.errors import NotFoundError
from posthorn.connections.mail import RelayMailer, Switchboard
from posthorn.connections.queries import package_of
from posthorn.connections.relays import LineSecurity
from posthorn.connections.return_path import bounce_domain
from posthorn.connections.services import loaded_connector
from posthorn.connections.smtp import Times
from posthorn.sdk.errors import Misconfigured, Outcome
from posthorn.tenancy.scope import acting

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from posthorn.connections.models import SendingDomain
    from posthorn.connections.relays import Endpoint

DNS_S = 5.0
RELAY_S = 4.0
LIMIT_S = 9.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a connection's mail leaves: its sender, and the relay."""

    sender: str
    endpoint: Endpoint | None
    is_platforms: bool  # the sender is the operator's: the firm has no DNS to change

    @property
    def domain(self) -> str:
        """The domain of the sender, in lower case; empty without a sender."""
        return self.sender.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainReport:
    """What is known of a connection's sending domain."""

    sender: str
    domain: str
    is_platforms: bool
    selector: str = ""
    is_signed: bool = False
    checked_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


def sends_mail(connector_id: str) -> bool:
    """Tell whether a connector's mail goes through a relay that a firm may choose."""
    fields = loaded_connector(connector_id).spec.firm_settings
    return any(one.id == "relay_from" for one in fields)


def report_of(firm: UUID, connection_id: UUID) -> DomainReport:
    """Return what was found last; reads only, needs the firm's scope. Raises NotFoundError."""
    way = _way(firm, connection_id)
    row = keeping.domain_of(firm, way.domain)
    return _report(way, row)


def check_domain(firm: UUID, connection_id: UUID, *, actor: str) -> DomainReport:
    """Check a connection's sending domain; makes its key the first time.

    Call it outside any transaction: it asks the network for at most ten seconds. Raises
    NotFoundError, Unavailable when the time is over.
    """
    with acting(firm):
        way = _way(firm, connection_id)
        if not way.domain:
            raise NotFoundError("The accounting package has no sender address yet.")
        row = None
        if not way.is_platforms:
            row = keeping.ensure_domain(firm, way.domain, actor=actor)
    findings = within_limit(lambda: _look(way, row), LIMIT_S)
    if row is None:
        return replace(_report(way, None), findings=tuple(findings))
    is_ours = _is_ours(findings)
    with acting(firm):
        keeping.keep_findings(row, findings, is_ours=is_ours, actor=actor)
        return _report(way, keeping.domain_of(firm, way.domain))


def _is_ours(findings: list[Finding]) -> bool | None:
    """Say whether the domain publishes our key; None when nobody answered."""
    for finding in findings:
        if finding.subject is Subject.DKIM:
            return {Standing.GOOD: True, Standing.BAD: False}.get(finding.standing)
    return None


def _way(firm: UUID, connection_id: UUID) -> Way:
    connection = package_of(firm, connection_id)
    loaded = loaded_connector(connection.connector_id)
    settings = runtime.runtime_settings(loaded, connection)
    sender, endpoint = way_of(settings)
    is_platforms = sender == django_settings.POSTHORN.mail_from
    return Way(sender=sender, endpoint=endpoint, is_platforms=is_platforms)


def _report(way: Way, row: SendingDomain | None) -> DomainReport:
    report = DomainReport(sender=way.sender, domain=way.domain, is_platforms=way.is_platforms)
    if row is None:
        return report
    return replace(
        report,
        selector=row.selector,
        is_signed=row.proven_at is not None,
        checked_at=row.checked_at,
        findings=tuple(from_kept(kept) for kept in row.findings),
    )


def _look(way: Way, row: SendingDomain | None) -> list[Finding]:
    env = django_settings.POSTHORN
    is_operators = way.endpoint is None or way.endpoint.is_operators
    sending = Sending(
        sender=way.sender,
        relay_host=way.endpoint.host if way.endpoint else "",
        terms=env.mail_addresses if is_operators else (),
        selector=row.selector if row else "",
        public=row.public if row else "",
        bounces_to=_bounces_to(way) if is_operators else "",
    )
    found = check_records(ServerNames(env.dns, DNS_S), sending)
    if row is None:
        found = [finding for finding in found if finding.subject is not Subject.DKIM]
    return [*found, _tls(way)]


def _bounces_to(way: Way) -> str:
    domain = bounce_domain()
    return "" if domain == way.domain else domain


def _tls(way: Way) -> Finding:
    """Say how the line to the relay is protected; connects and leaves."""
    if way.endpoint is None:
        return Finding(subject=Subject.TLS, standing=Standing.BAD, code="no_relay")
    terms = operators_terms()
    hasty = Times(connect_s=RELAY_S / 2, reply_s=RELAY_S / 2, accept_s=RELAY_S / 2)
    board = Switchboard(replace(terms, times=hasty, concurrency=1))
    try:
        reply = RelayMailer(switchboard=board, endpoint=way.endpoint, sender=way.sender).check()
    except Outcome as wrong:
        standing = Standing.BAD if isinstance(wrong, Misconfigured) else Standing.UNKNOWN
        return Finding(subject=Subject.TLS, standing=standing, code=wrong.code, detail=wrong.detail)
    if way.endpoint.security is LineSecurity.NONE:
        return Finding(
            subject=Subject.TLS, standing=Standing.GOOD, code="tls_not_needed", detail=reply.server
        )
    return Finding(
        subject=Subject.TLS, standing=Standing.GOOD, code="tls_protected", detail=reply.tls
    )
