"""Where requests go, and who answers when one fails."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from posthorn.web import errors

urlpatterns: list[URLPattern | URLResolver] = [path("", include("posthorn.web.urls"))]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
