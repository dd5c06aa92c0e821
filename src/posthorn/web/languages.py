"""Chooses the language of a page: the person's own, the one picked here, or the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from posthorn.tenancy.preferences import save_person_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from posthorn.web.access import Person

    Answer = Callable[[HttpRequest], HttpResponse]

LANGUAGES: Final = tuple(code for code, _ in settings.LANGUAGES)


def language() -> str:
    """Give the language in which the page is written, one of LANGUAGES."""
    active = (translation.get_language() or "").partition("-")[0]
    return active if active in LANGUAGES else "en"


def language_middleware(get_response: Answer) -> Answer:
    """Answer each request in the language of whoever asks."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = language_of(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        response.headers.setdefault("Content-Language", chosen)
        return response

    return answer


def language_of(request: HttpRequest) -> str:
    """Give the language of a request: the person's, else the cookie's, else the browser's."""
    return _own_language(request) or translation.get_language_from_request(request)


def _own_language(request: HttpRequest) -> str:
    # Whoever never signed in brings no session, and the database is not asked.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    try:
        person = _signed_in(request)
    except (OperationalError, InterfaceError):
        return ""  # the page itself says that the database does not answer, if it needs it
    own = getattr(person, "language", "")
    return own if own in LANGUAGES else ""


def _signed_in(request: HttpRequest) -> Person | None:
    if SESSION_KEY not in request.session:
        return None
    return cast("Person", request.user) if request.user.is_authenticated else None


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Show the site in another language from now on, on this device and to this person."""
    chosen = request.POST.get("language", "")
    if chosen not in LANGUAGES:
        raise BadRequest
    if request.user.is_authenticated:
        person = cast("Person", request.user)
        save_person_language(person.pk, chosen)
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else "/"
