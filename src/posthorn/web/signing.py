"""Forms and words of signing in to accounting packages that several screens share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.utils.translation import gettext

from posthorn.connections import calling, revocations, sign_in_queries
from posthorn.connections.signing import Visitor
from posthorn.connections.stages import Revocation
from posthorn.sdk.fields import Choice
from posthorn.sdk.spec import OAuth2
from posthorn.web.access import person_of
from posthorn.web.declared import Given, groups_of
from posthorn.web.extensions import connector_name
from posthorn.web.form_rows import PREFIX
from posthorn.web.languages import language
from posthorn.web.wording import explanation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from posthorn.connections.registry import Loaded
    from posthorn.connections.sign_in_queries import SignedIn
    from posthorn.sdk.spec import ConnectorSpec
    from posthorn.web.form_rows import Group, Option, Row
    from posthorn.web.rows import Package

# What signing in again mends: of the tokens themselves, and of calls that were not let in.
_MENDED = frozenset({"authorization_lost", "not_signed_in"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """A choice that is made already: the field as it is posted, and as people read it."""

    name: str
    value: str
    label: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is asked before somebody is sent to a package's login page."""

    package: str
    groups: tuple[Group, ...]
    keeps_newest: bool
    is_offered: bool  # the operator did her part
    only: Only | None = None  # the one site there is to choose
    is_narrowed: bool = False  # the operator is not registered at some of the sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who is signed in to a package; `why` says in a person's words what is wrong with it."""

    signed_in: SignedIn | None
    is_needed: bool  # nothing leaves before somebody signs in
    why: str


def asked_first(
    loaded: Loaded,
    values: Mapping[str, str] | None = None,
    codes: Mapping[str, str] | None = None,
) -> Form:
    """Give the form with what was typed or is kept."""
    spec, typed = loaded.spec, values or {}
    only = _only(spec, typed)
    fields = [one for one in spec.firm_settings if only is None or PREFIX + one.id != only.name]
    groups = groups_of(fields, Given(values=typed, codes=codes or {}), language())
    narrowed = _narrowed(spec, groups)
    return Form(
        package=spec.name,
        groups=narrowed,
        keeps_newest=isinstance(spec.auth, OAuth2) and spec.auth.newest_only,
        is_offered=bool(calling.places_to_sign_in(spec))
        and bool(django_settings.POSTHORN.public_url),
        only=only,
        is_narrowed=narrowed != groups,
    )


def _narrowed(spec: ConnectorSpec, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Close the sites of a package at which the operator is not registered, with the reason."""
    if not isinstance(spec.auth, OAuth2):
        return groups
    field, registered = spec.auth.site_field, calling.registered_sites(spec)
    why = gettext("not registered by the operator")

    def narrowed(option: Option) -> Option:
        if option.value in registered or not option.value:
            return option
        return replace(option, label=f"{option.label} ({why})", is_closed=True)

    def row_of(row: Row) -> Row:
        return replace(row, options=tuple(map(narrowed, row.options))) if row.id == field else row

    return tuple(replace(one, rows=tuple(map(row_of, one.rows))) for one in groups)


def _only(spec: ConnectorSpec, typed: Mapping[str, str]) -> Only | None:
    """Give the one site that can be chosen; none where another was chosen before."""
    registered = calling.registered_sites(spec)
    if not isinstance(spec.auth, OAuth2) or len(registered) != 1:
        return None
    (site,) = registered
    chooser = next(one for one in spec.firm_settings if one.id == spec.auth.site_field)
    if typed.get(chooser.id, site) not in {site, ""} or not isinstance(chooser, Choice):
        return None
    said = dict(chooser.options)[site][language()]
    return Only(name=PREFIX + chooser.id, value=site, label=chooser.label[language()], said=said)


def login_of(firm: UUID, package: Package, loaded: Loaded | None) -> Login | None:
    """Give who is signed in; None for a package nobody signs in to."""
    if loaded is None or not isinstance(loaded.spec.auth, OAuth2):
        return None
    found = sign_in_queries.sign_in_of(firm, package.id)
    is_over = found is None or found.ended_at is not None
    code = found.ended_code if found else "not_signed_in"
    is_needed = is_over or package.attention in _MENDED
    why = explanation(package.connector_id, code if is_over else package.attention)
    return Login(signed_in=found, is_needed=is_needed, why=why if is_needed else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What becomes of a sign-in at the package; `help` says how people end it there themselves."""

    account: str
    package: str
    revocation: str
    help: str = ""


def leaving_of(firm: UUID, package: Package) -> Leaving | None:
    """Give what removing a package would do to its sign-in; None where nobody is signed in."""
    found = sign_in_queries.sign_in_of(firm, package.id)
    if found is None or found.ended_at is not None:
        return None
    is_revocable = revocations.is_revocable(package.connector_id, package.settings)
    revocation = Revocation.DUE if is_revocable else Revocation.BY_HAND
    return _leaving(found, revocation, package.connector_id)


def left_behind(firm: UUID, connector_id: str) -> Leaving | None:
    """Give how far the sign-in of the package that was removed last is; None once it has ended."""
    found = sign_in_queries.last_given_up(firm, connector_id)
    if found is None or found.revocation == Revocation.DONE:
        return None
    return _leaving(found, found.revocation, connector_id)


def _leaving(found: SignedIn, revocation: str, connector_id: str) -> Leaving:
    helps = revocations.help_of(connector_id)
    return Leaving(
        account=found.account,
        package=connector_name(connector_id),
        revocation=revocation,
        help=helps.get(language(), ""),
    )


def may_add_account() -> bool:
    """Tell whether a firm may sign in to a package as several users."""
    return bool(django_settings.POSTHORN.several_accounts)


def may_leave(response: HttpResponse, loaded: Loaded) -> HttpResponse:
    """Let the page's form lead to the package's login page: browsers check where it is sent on."""
    places = list(calling.places_to_sign_in(loaded.spec))
    response._csp_update = {"form-action": places}  # type: ignore[attr-defined]  # noqa: SLF001  django-csp's own way
    return response


def visitor_of(request: HttpRequest) -> Visitor:
    """Give who sits at the browser."""
    person = person_of(request)
    return Visitor(person=person.pk, session=request.session.session_key or "", actor=person.email)
