"""Finds what is wrong with a declaration, so that the registry can list it with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from posthorn.sdk.connector import Connector
from posthorn.sdk.effect_problems import effect_problems
from posthorn.sdk.fields import (
    Choice,
    Field,
    FieldError,
    Flag,
    RemoteChoice,
    Resolved,
    Secret,
)
from posthorn.sdk.kinds import Kind
from posthorn.sdk.languages import Words, languages_missing
from posthorn.sdk.spec import (
    CONTRACT,
    ApiKey,
    Capability,
    ConnectorSpec,
    Idempotency,
    OAuth2,
    OnUnknown,
)

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){1,2}([a-z0-9.+-]*)")
_HOST = re.compile(r"[a-z0-9.-]+|[a-z0-9.{}_-]+")
_SITE = re.compile(r"https://[a-z0-9.-]+")
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")


def problems(connector: Connector) -> list[str]:
    """Return every problem of the declaration, one sentence each; empty when it can be loaded."""
    spec = connector.spec
    found = [*_identity(spec), *_settings(spec), *_auth(spec), *_limits(spec)]
    return [*found, *_variants(spec), *_abilities(connector)]


def _identity(spec: ConnectorSpec) -> Iterator[str]:
    if spec.contract != CONTRACT:
        yield f"it was written for contract {spec.contract}; this is contract {CONTRACT}"
    if not _NAME.fullmatch(spec.id):
        yield f"id {spec.id!r} is not lower_snake"
    if not spec.name.strip():
        yield "it has no name"
    if not _VERSION.fullmatch(spec.version):
        yield f"version {spec.version!r} is not of the form 1.2.3"
    if not spec.docs_url.startswith(("https://", "/")):
        yield f"docs_url {spec.docs_url!r} is neither https:// nor a page of this site"
    if spec.arrived:
        yield from _words("what it says of a delivered document", spec.arrived)
    yield from (f"country {c!r} is not two capitals" for c in _wrong(_COUNTRY, spec.countries))
    yield from (f"host {host!r} is not a bare host name" for host in _wrong(_HOST, spec.hosts))


def _wrong(pattern: re.Pattern[str], values: frozenset[str]) -> list[str]:
    return sorted(value for value in values if not pattern.fullmatch(value))


def _settings(spec: ConnectorSpec) -> Iterator[str]:
    firm_ids = {one.id for one in spec.firm_settings}
    seen: set[str] = set()
    for one in (*spec.firm_settings, *spec.client_settings):
        if one.id in seen:
            yield f"setting {one.id!r} is declared twice; firm and client settings share one space"
        seen.add(one.id)
    for fields in (spec.firm_settings, spec.client_settings):
        for place, one in enumerate(fields):
            yield from _field(one, fields[:place])
            yield from _references(one, fields, firm_ids)
    yield from _destinations(spec.client_settings)
    yield from effect_problems(spec)
    if any(one.destination_of for one in spec.firm_settings):
        yield "a firm setting says where a kind goes; only a client's can"


def _destinations(fields: Sequence[Field]) -> Iterator[str]:
    for narrowed, what in ((False, ""), (True, "credit notes of ")):
        kinds = [one.destination_of for one in fields if one.is_for_credit_notes is narrowed]
        yield from (f"two settings say where {what}{k} goes" for k in Kind if kinds.count(k) > 1)
    main = {one.destination_of for one in fields if not one.is_for_credit_notes} - {None}
    for one in fields:
        if one.is_for_credit_notes and one.destination_of not in main:
            yield f"setting {one.id!r} takes credit notes of a kind that goes nowhere"


def _field(one: Field, earlier: Sequence[Field]) -> Iterator[str]:
    if not _NAME.fullmatch(one.id):
        yield f"setting {one.id!r} is not lower_snake"
    yield from _words(f"the label of {one.id!r}", one.label)
    if one.help:
        yield from _words(f"the help of {one.id!r}", one.help)
    if isinstance(one, Choice):
        yield from _options(one)
    if isinstance(one, Resolved) and not _NAME.fullmatch(one.none_code):
        yield f"setting {one.id!r} does not say what to tell when nothing matches"
    if one.default:
        yield from _default(one)
    if one.shown_when:
        yield from _condition(one, one.shown_when, earlier)


def _words(what: str, text: Words) -> Iterator[str]:
    yield from (f"{what} is missing in {language}" for language in languages_missing(text))


def _options(one: Choice) -> Iterator[str]:
    values = [value for value, _ in one.options]
    if len(set(values)) != len(values) or not all(values):
        yield f"setting {one.id!r} has an empty or a repeated option"
    for value, label in one.options:
        yield from _words(f"the label of {one.id!r} = {value!r}", label)


def _default(one: Field) -> Iterator[str]:
    if isinstance(one, Secret | Resolved):
        yield f"{one.id!r} has a default, which it cannot have"
    try:
        one.clean(one.default)
    except FieldError as error:
        yield f"the default of {one.id!r} is not valid: {error.code}"


def _condition(one: Field, condition: tuple[str, str], earlier: Sequence[Field]) -> Iterator[str]:
    name, value = condition
    controls = next((other for other in earlier if other.id == name), None)
    if not isinstance(controls, Choice | Flag):
        yield f"setting {one.id!r} is shown when {name!r}, which is no earlier choice or toggle"
        return
    try:
        controls.clean(value)
    except FieldError:
        yield f"setting {one.id!r} is shown when {name!r} is {value!r}, which it never is"


def _references(one: Field, fields: Sequence[Field], firm_ids: set[str]) -> Iterator[str]:
    ids = {other.id for other in fields}
    if one.default_from and one.default_from not in firm_ids - ids:
        yield f"setting {one.id!r} starts with {one.default_from!r}, which is no firm setting"
    if isinstance(one, Choice) and one.inherits and one.inherits not in firm_ids - ids:
        yield f"setting {one.id!r} inherits {one.inherits!r}, which is no firm setting"
    if one.when_hidden and one.when_hidden not in ids - {one.id}:
        yield f"setting {one.id!r} names {one.when_hidden!r}, which is no setting beside it"
    if isinstance(one, RemoteChoice | Resolved):
        unknown = sorted(set(one.depends_on) - ids - firm_ids)
        yield from (f"setting {one.id!r} depends on unknown {name!r}" for name in unknown)


def _auth(spec: ConnectorSpec) -> Iterator[str]:
    firm_ids = {one.id for one in spec.firm_settings}
    if isinstance(spec.auth, ApiKey):
        name = spec.auth.field
        if not any(isinstance(one, Secret) and one.id == name for one in spec.firm_settings):
            yield f"the key {name!r} is not a secret of the firm"
    if isinstance(spec.auth, OAuth2):
        yield from _sites(spec.auth, spec)
        yield from _sign_in(spec.auth, firm_ids | ({"site"} if spec.auth.sites else set()))


def _sign_in(auth: OAuth2, known: set[str]) -> Iterator[str]:
    for number, text in enumerate(auth.permissions, 1):
        yield from _words(f"permission {number}", text)
    if auth.revoke_help:
        yield from _words("revoke_help", auth.revoke_help)
    urls = (auth.authorize_url, auth.token_url, auth.revoke_url or auth.token_url)
    for url in dict.fromkeys(urls):
        yield from _url(url, known)


def _sites(auth: OAuth2, spec: ConnectorSpec) -> Iterator[str]:
    for site, address in sorted(auth.sites.items()):
        if not _SITE.fullmatch(address):
            yield f"the address of site {site!r} is not https:// and a host, without a path"
    chooser = next((one for one in spec.firm_settings if one.id == auth.site_field), None)
    offered = {value for value, _ in chooser.options} if isinstance(chooser, Choice) else set()
    if auth.sites and (offered != set(auth.sites) or not isinstance(chooser, Choice)):
        yield f"{auth.site_field!r} is no choice of the firm between exactly its sites"


def _url(url: str, firm_ids: set[str]) -> Iterator[str]:
    if not url.startswith(("https://", "{")):
        yield f"{url!r} does not start with https://"
    unknown = [name for name in _PLACEHOLDER.findall(url) if name not in firm_ids]
    yield from (f"{url!r} holds {{{name}}}, which is no firm setting" for name in unknown)


def _limits(spec: ConnectorSpec) -> Iterator[str]:
    for name in ("per_minute", "per_day", "concurrency", "refusals_per_hour"):
        value = getattr(spec.limits, name)
        if value is not None and value < 1:
            yield f"limit {name} is {value}"
    ids = {one.id for one in (*spec.firm_settings, *spec.client_settings)}
    if spec.limits.per_setting not in ids | {""}:
        yield f"limits are per {spec.limits.per_setting!r}, which is no setting"


def variants_of(spec: ConnectorSpec) -> tuple[Mapping[str, str], ...]:
    """Return the settings whose capabilities differ; one empty mapping when none are declared."""
    return spec.variants or ({},)


def _variants(spec: ConnectorSpec) -> Iterator[str]:
    known = {one.id for one in (*spec.firm_settings, *spec.client_settings)}
    for variant in spec.variants:
        yield from (f"a variant sets unknown {name!r}" for name in sorted(set(variant) - known))


def _abilities(connector: Connector) -> Iterator[str]:
    yield from _methods(connector)
    for variant in variants_of(connector.spec):
        capabilities = connector.capabilities(variant)
        if not capabilities:
            yield f"with settings {dict(variant)} it takes nothing"
        for kind, capability in capabilities.items():
            yield from _capability(connector, kind, capability)


def _methods(connector: Connector) -> Iterator[str]:
    spec = connector.spec
    remote = [*spec.firm_settings, *spec.client_settings]
    if any(isinstance(one, RemoteChoice) for one in remote) and not _does(connector, "choices"):
        yield "it has a remote choice but no `choices`"
    if any(isinstance(one, Resolved) for one in remote) and not _does(connector, "matches"):
        yield "it has a setting to be looked up but no `matches`"
    if isinstance(spec.auth, OAuth2) and not _does(connector, "account"):
        yield "people sign in to it, but there is no `account`"


def _capability(connector: Connector, kind: Kind, capability: Capability) -> Iterator[str]:
    if not capability.formats:
        yield f"{kind} has no format"
    if capability.max_bytes < 1:
        yield f"{kind} takes at most {capability.max_bytes} bytes"
    is_lookup = capability.idempotency is Idempotency.LOOKUP
    if is_lookup and not _does(connector, "find"):
        yield f"{kind} is looked up after a lost answer, but there is no `find`"
    if is_lookup and not capability.looks:
        yield f"{kind} is looked up after a lost answer, but never"
    is_none = capability.idempotency is Idempotency.NONE
    if capability.on_unknown is OnUnknown.RESEND and not is_none:
        yield f"{kind} resends after a lost answer although its idempotency says better"
    if capability.reports_status and not _does(connector, "status"):
        yield f"{kind} reports status, but there is no `status`"


def _does(connector: Connector, method: str) -> bool:
    return getattr(type(connector), method) is not getattr(Connector, method)
