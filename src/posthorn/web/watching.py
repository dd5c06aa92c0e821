"""Tells people by mail when their second factors change, in the transaction that changes them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db import transaction

from posthorn.tenancy.notice_kinds import NoticeKind
from posthorn.tenancy.notices import Fact, tell_person
from posthorn.web.access import person_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

_TOTP, _PASSKEY = Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value
_CODES = Authenticator.Type.RECOVERY_CODES.value
_ADDED = {_TOTP: NoticeKind.APP_ADDED, _PASSKEY: NoticeKind.PASSKEY_ADDED}
_REMOVED = {_TOTP: NoticeKind.APP_REMOVED, _PASSKEY: NoticeKind.PASSKEY_REMOVED}


def watched(view: View) -> View:
    """Compare a person's second factors before and after a view that may change them.

    What allauth itself would send leaves after the commit: a process that ends between the two
    would tell nobody.
    """

    @wraps(view)
    def routed(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST" or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        person = person_of(request).pk
        with transaction.atomic():
            before = _factors(person)
            response = view(request, *args, **kwargs)
            for fact in facts_between(before, _factors(person)):
                tell_person(person, fact)
        return response

    return routed


def facts_between(before: Mapping[int, str], after: Mapping[int, str]) -> Iterator[Fact]:
    """Say what changed between two sets of second factors, given as number → kind.

    The first recovery codes come with the first factor, of which the person hears anyway.
    """
    added = {key: kind for key, kind in after.items() if key not in before}
    is_first = any(kind in _ADDED for kind in added.values())
    for key, kind in added.items():
        if kind in _ADDED:
            yield Fact(kind=_ADDED[kind], key=str(key))
        elif kind == _CODES and not is_first:
            yield Fact(kind=NoticeKind.CODES_MADE, key=str(key))
    for key, kind in before.items():
        if key not in after and kind in _REMOVED:
            yield Fact(kind=_REMOVED[kind], key=str(key))


def _factors(person: UUID) -> dict[int, str]:
    return dict(Authenticator.objects.filter(user_id=person).values_list("pk", "type"))
