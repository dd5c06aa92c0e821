"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from posthorn.web import account_urls, client_urls, document_urls, package_urls
from posthorn.web.languages import set_language
from posthorn.web.views import (
    accept,
    activity,
    design,
    download,
    home,
    invitations,
    overview,
    people,
    settings,
)
from posthorn.web.views.health import health

_FIRM = [
    path("", overview.overview, name="overview"),
    *document_urls.FIRM,
]
_PEOPLE = [
    path("users/", people.listed, name="people"),
    path("users/invite/", invitations.invite, name="invite"),
    path("users/<uuid:membership>/", people.member, name="member"),
    path("users/<uuid:membership>/remove/", people.remove, name="remove_member"),
    path("invitations/<uuid:invitation>/resend/", invitations.resend, name="resend_invitation"),
    path("invitations/<uuid:invitation>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("activity/", activity.listed, name="activity"),
    path("activity/proof/", activity.proof, name="proof"),
    path("settings/", settings.settings, name="settings"),
]
_OFFICE = [*client_urls.FIRM, *_PEOPLE, *package_urls.FIRM]
_BUSINESS = [*client_urls.BUSINESS, *document_urls.BOTH]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("health", health, name="health"),
    path("design/", design.design, name="design"),
    path("language/", set_language, name="language"),
    path("accounts/", include(account_urls)),
    path("d/<str:token>/", download.download, name="download"),
    path("invitations/<str:token>/", accept.accept, name="invitation"),
    *package_urls.EVERYBODY,
    path("firms/<uuid:firm>/", include(([*_FIRM, *_OFFICE], "firm"))),
    path("clients/<uuid:client>/", include((_BUSINESS, "client"))),
]
