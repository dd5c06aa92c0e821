"""Every address of the site; of the sign-in package only the pages that we show."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path

from posthorn.web.languages import set_language
from posthorn.web.views import deliveries, design, documents, home, overview
from posthorn.web.views.health import health

_ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
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

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("health", health, name="health"),
    path("design/", design.design, name="design"),
    path("language/", set_language, name="language"),
    path("accounts/", include(_ACCOUNT)),
    path("firms/<uuid:firm>/", include((_FIRM, "firm"))),
    path("clients/<uuid:client>/", include((_BOTH, "client"))),
]
