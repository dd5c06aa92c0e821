"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from posthorn.web import account_urls, client_urls, package_urls
from posthorn.web.languages import set_language
from posthorn.web.views import (
    accept,
    activity,
    deliveries,
    design,
    documents,
    home,
    invitations,
    overview,
    people,
    settings,
)
from posthorn.web.views.health import health

_BOTH = [
    path("documents/", documents.listed, name="documents"),
    path("documents/<uuid:document_id>/", documents.shown, name="document"),
    path("documents/<uuid:document_id>/file/", documents.file, name="file"),
    path("documents/<uuid:document_id>/approve/", documents.approve, name="approve"),
    path("documents/<uuid:document_id>/send/", documents.send, name="send"),
    path("documents/<uuid:document_id>/send-anyway/", documents.send_anyway, name="send_anyway"),
    path("documents/<uuid:document_id>/reject/", documents.reject, name="reject"),
    path("deliveries/", deliveries.listed, name="deliveries"),
    path("deliveries/<uuid:delivery_id>/", deliveries.shown, name="delivery"),
]
_FIRM = [
    path("", overview.overview, name="overview"),
    *_BOTH,
    path("deliveries/<uuid:delivery_id>/hold/", deliveries.hold, name="hold"),
    path("deliveries/<uuid:delivery_id>/release/", deliveries.release, name="release"),
    path("deliveries/<uuid:delivery_id>/cancel/", deliveries.cancel, name="cancel"),
    path("deliveries/<uuid:delivery_id>/resend/", deliveries.resend, name="resend"),
    path("deliveries/<uuid:delivery_id>/process/", deliveries.process, name="process"),
    path("deliveries/<uuid:delivery_id>/unprocess/", deliveries.unprocess, name="unprocess"),
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

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("health", health, name="health"),
    path("design/", design.design, name="design"),
    path("language/", set_language, name="language"),
    path("accounts/", include(account_urls)),
    path("invitations/<str:token>/", accept.accept, name="invitation"),
    *package_urls.EVERYBODY,
    path("firms/<uuid:firm>/", include(([*_FIRM, *_OFFICE], "firm"))),
    path("clients/<uuid:client>/", include(([*client_urls.BUSINESS, *_BOTH], "client"))),
]
