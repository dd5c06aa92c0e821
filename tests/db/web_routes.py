"""Every route of the web, and what each person is answered there: the tenant matrix's table."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, kw_only=True)
class Row:
    """One route: its method, and the status each person gets for ids that exist in their firm."""

    method: str
    anonymous: int
    stranger: int  # the administrator of another firm
    manager: int  # client manager
    unassigned: int  # accountant of other clients
    assigned: int  # accountant of this client
    administrator: int
    own: int  # a person of this client
    neighbour: int  # a person of another client of the firm


def firm(method: str, *, manager: int = 404, others: int = 404, done: int = 200) -> Row:
    return Row(
        method=method,
        anonymous=302,
        stranger=404,
        manager=manager,
        unassigned=others,
        assigned=done,
        administrator=done,
        own=404,
        neighbour=404,
    )


def administrators(method: str, *, manager: int = 404, done: int = 200) -> Row:
    """What no accountant does; client managers where it is about clients."""
    return replace(firm(method, manager=manager, done=done), assigned=404)


def client(method: str, *, done: int = 200) -> Row:
    return Row(
        method=method,
        anonymous=302,
        stranger=404,
        manager=404,
        unassigned=404,
        assigned=404,
        administrator=404,
        own=done,
        neighbour=404,
    )


def same(method: str, anonymous: int, signed_in: int) -> Row:
    others = {field.name: signed_in for field in fields(Row) if field.type == "int"}
    return Row(method=method, **{**others, "anonymous": anonymous})


# 200: a page or file. 302: done and sent on; for nobody, to the sign-in. 404: not there.
TABLE: dict[str, Row] = {
    "home": same("get", 302, 302),
    "health": same("get", 200, 200),
    "design": same("get", 302, 200),
    "invitation": same("get", 404, 404),
    "download": same("get", 404, 404),  # nobody has a right to it: an address gives one document
    "language": same("post", 302, 302),
    "account_login": same("get", 200, 302),
    "account_logout": same("get", 302, 200),
    "account_inactive": same("get", 200, 200),
    "account_change_password": same("get", 302, 200),
    "account_reset_password": same("get", 200, 200),
    "account_reset_password_done": same("get", 200, 200),
    "account_reset_password_from_key": same("get", 200, 200),
    "account_reset_password_from_key_done": same("get", 200, 200),
    "own_settings": same("get", 302, 200),
    "own_notices": same("get", 302, 200),
    "own_sessions": same("get", 302, 200),
    "account_reauthenticate": same("get", 302, 200),
    "mfa_index": same("get", 302, 200),
    "mfa_authenticate": same("get", 302, 302),
    "mfa_login_webauthn": same("get", 302, 302),
    "mfa_reauthenticate_webauthn": same("get", 302, 302),
    "mfa_list_webauthn": same("get", 302, 200),
    "mfa_add_webauthn": same("get", 302, 302),
    "mfa_edit_webauthn": same("get", 302, 302),
    "mfa_remove_webauthn": same("get", 302, 302),
    "mfa_reauthenticate": same("get", 302, 302),
    "mfa_activate_totp": same("get", 302, 302),
    "mfa_deactivate_totp": same("get", 302, 404),
    "mfa_view_recovery_codes": same("get", 302, 404),
    "mfa_generate_recovery_codes": same("get", 302, 302),
    "mfa_download_recovery_codes": same("get", 302, 404),
    "firm:overview": firm("get", manager=200, others=200),
    "firm:documents": firm("get", others=200),
    "firm:document": firm("get"),
    "firm:file": firm("get"),
    "firm:unassigned": replace(firm("get"), assigned=404),
    "firm:client_suggestions": firm("get", manager=200, others=200),
    "firm:upload": firm("get", others=200),
    "firm:take": firm("post", others=302, done=302),
    "firm:preview": firm("get"),
    "firm:rendering": firm("get"),
    "firm:pdf": firm("get"),
    "firm:inside": firm("get", done=404),  # it holds no other file
    "firm:take_back": firm("post", done=302),
    "firm:read_again": firm("post", done=302),
    "firm:approve_many": firm("post", others=302, done=302),
    "firm:send_many": firm("post", others=302, done=302),
    "firm:reject_many": firm("post", others=302, done=302),
    "firm:take_back_many": firm("post", others=302, done=302),
    "firm:assign_many": firm("post", others=302, done=302),
    "firm:act_on_cause": firm("post", others=302, done=302),
    "firm:approve": firm("post", done=302),
    "firm:send": firm("post", done=302),
    "firm:send_anyway": firm("post", done=302),
    "firm:reject": firm("post", done=302),
    "firm:deliveries": firm("get", others=200),
    "firm:delivery": firm("get"),
    "firm:hold": firm("post", done=302),
    "firm:release": firm("post", done=302),
    "firm:cancel": firm("post", done=302),
    "firm:resend": firm("post", done=302),
    "firm:process": firm("post", done=302),
    "firm:unprocess": firm("post", done=302),
    "firm:revoke_link": firm("post", done=302),
    "firm:people": administrators("get"),
    "firm:invite": administrators("get"),
    "firm:member": administrators("get"),
    "firm:remove_member": administrators("get"),
    "firm:resend_invitation": administrators("post", done=200),
    "firm:revoke_invitation": administrators("post", done=302),
    "firm:activity": firm("get", manager=200, others=200),
    "firm:changes_seen": administrators("post", done=302),
    "firm:change": administrators("get", manager=200),
    "firm:proof": administrators("get"),
    "firm:settings": administrators("get"),
    "firm:clients": firm("get", manager=200, others=200),
    "firm:client_add": administrators("get", manager=200),
    "firm:clients_assign": administrators("post", done=302),
    "firm:clients_pause": administrators("post", manager=302, done=302),
    "firm:clients_release": administrators("post", manager=302, done=302),
    "firm:clients_archive": administrators("post", manager=302, done=302),
    "firm:client": firm("get", manager=200),
    "firm:client_timeline": firm("get", manager=200),
    "firm:client_details": firm("get", manager=200),
    "firm:client_edit": administrators("get", manager=200),
    "firm:client_pause": administrators("post", manager=302, done=302),
    "firm:client_release": administrators("post", manager=302, done=302),
    "firm:client_archive": administrators("get", manager=200),
    "firm:client_take_back": administrators("post", manager=302, done=302),
    "firm:client_assign": administrators("get"),
    "firm:client_number_add": administrators("post", manager=200),
    "firm:client_number_remove": administrators("post", manager=302, done=302),
    "firm:client_approval": administrators("post", manager=200),
    "firm:client_trust": administrators("post", manager=200),
    "firm:client_untrust": administrators("post", manager=302, done=302),
    "firm:client_invite": administrators("post"),
    "firm:client_person_remove": administrators("get"),
    "firm:client_invitation_resend": administrators("post"),
    "firm:client_invitation_revoke": administrators("post", done=302),
    "firm:packages": administrators("get"),
    "firm:package_channels": administrators("get"),
    "firm:package_add": administrators("get"),
    "firm:package": administrators("get"),
    "firm:package_edit": administrators("get"),
    "firm:package_check": administrators("post", done=302),
    "firm:package_checked": administrators("get"),
    "firm:package_domain": administrators("get"),
    "firm:package_domain_check": administrators("post", done=302),
    "firm:package_sign_in": administrators("get", done=404),  # nobody signs in to mail
    "firm:extension_sign_in": administrators("get", done=404),
    "firm:sign_in": administrators("get", done=404),  # nobody has begun one
    "signing_in": same("get", 302, 302),
    "signing_in_again": same("post", 302, 404),
    "firm:package_bind_ask": administrators("post", done=404),  # mail looks nothing up
    "firm:package_bind": administrators("get", done=404),
    "firm:package_bound": administrators("get", done=404),
    "firm:package_rename": administrators("get"),
    "firm:package_pause": administrators("get"),
    "firm:package_release": administrators("post", done=302),
    "firm:package_unknown": administrators("post", done=302),
    "firm:package_switch": administrators("post", done=302),
    "firm:package_on": administrators("get"),
    "firm:package_off": administrators("get"),
    "firm:package_remove": administrators("get"),
    "firm:extensions": firm("get", manager=200, others=200),
    "firm:extension": firm("get", manager=200, others=200),
    "firm:extension_install": administrators("get"),
    "logo": same("get", 302, 200),
    "firm:connection": firm("get", manager=200),
    "firm:integrations": firm("get", manager=200),
    "firm:integration_choose": administrators("get", manager=200),
    "firm:integration_add": administrators("get", manager=200),
    "firm:integration_edit": administrators("get", manager=200),
    "firm:choices": administrators("get", done=404),  # mail gives no lists
    "firm:integration_place": firm("get", manager=302, done=302),
    "firm:integration_choose_place": administrators("post", manager=302, done=302),
    "firm:integration_verify": administrators("post", manager=302, done=302),
    "firm:integration_pause": administrators("get", manager=200),
    "firm:integration_release": administrators("post", manager=302, done=302),
    "firm:integration_remove": administrators("get", manager=200),
    "firm:integration_trials": firm("get", manager=200),
    "firm:integration_trial_ask": administrators("post", manager=302, done=302),
    "firm:integration_trial_close": administrators("post", manager=302, done=302),
    "firm:integration_trial_answer": firm("post", manager=302, done=302),
    "client:overview": client("get"),
    "client:shared": client("get"),
    "client:company": client("get"),
    "client:end_link": client("get"),
    "client:documents": client("get"),
    "client:document": client("get"),
    "client:file": client("get"),
    "client:upload": client("get"),
    "client:take": client("post", done=302),
    "client:preview": client("get"),
    "client:rendering": client("get"),
    "client:pdf": client("get"),
    "client:inside": client("get", done=404),  # it holds no other file
    "client:take_back": client("post", done=302),
    "client:approve_many": client("post", done=302),
    "client:send_many": client("post", done=302),
    "client:reject_many": client("post", done=302),
    "client:take_back_many": client("post", done=302),
    "client:approve": client("post", done=302),
    "client:send": client("post", done=302),
    "client:send_anyway": client("post", done=302),
    "client:reject": client("post", done=302),
    "client:deliveries": client("get"),
    "client:delivery": client("get"),
}
PEOPLE = [field.name for field in fields(Row) if field.name != "method"]


def routes(patterns: Iterable[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}", pattern


ROUTES = dict(routes(get_resolver().url_patterns))


def parameters(name: str) -> set[str]:
    space = {"firm", "client"} & {name.partition(":")[0]}
    return space | set(ROUTES[name].pattern.regex.groupindex)
