"""Addresses of accounting packages, extensions and integrations."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from posthorn.web.views import (
    binding,
    changes,
    choices,
    extensions,
    integration_deeds,
    integrations,
    package_deeds,
    package_domain,
    packages,
    places,
    signing,
    trials,
)

_PACKAGES = [
    path("", packages.listed, name="packages"),
    path("add/", packages.channels, name="package_channels"),
    path("add/<slug:connector_id>/", packages.add, name="package_add"),
    path("<uuid:package_id>/", packages.shown, name="package"),
    path("<uuid:package_id>/edit/", packages.edit, name="package_edit"),
    path("<uuid:package_id>/check/", packages.check, name="package_check"),
    path("<uuid:package_id>/check/<slug:ticket>/", packages.checked, name="package_checked"),
    path("<uuid:package_id>/domain/", package_domain.shown, name="package_domain"),
    path("<uuid:package_id>/domain/check/", package_domain.check, name="package_domain_check"),
    path("<uuid:package_id>/sign-in/", signing.again, name="package_sign_in"),
    path("<uuid:package_id>/bind/", binding.ask, name="package_bind_ask"),
    path("<uuid:package_id>/bind/<uuid:errand_id>/", binding.shown, name="package_bind"),
    path("<uuid:package_id>/bound/<uuid:errand_id>/", binding.result, name="package_bound"),
    path("<uuid:package_id>/rename/", package_deeds.rename, name="package_rename"),
    path("<uuid:package_id>/pause/", package_deeds.pause, name="package_pause"),
    path("<uuid:package_id>/release/", package_deeds.release, name="package_release"),
    path("<uuid:package_id>/unknown/", package_deeds.on_unknown, name="package_unknown"),
    path("<uuid:package_id>/switch/", package_deeds.switch, name="package_switch"),
    path("<uuid:package_id>/on/", package_deeds.switch_on, name="package_on"),
    path("<uuid:package_id>/off/", package_deeds.switch_off, name="package_off"),
    path("<uuid:package_id>/remove/", package_deeds.remove, name="package_remove"),
]
_EXTENSIONS = [
    path("", extensions.store, name="extensions"),
    path("<slug:connector_id>/", extensions.shown, name="extension"),
    path("<slug:connector_id>/install/", extensions.install, name="extension_install"),
    path("<slug:connector_id>/sign-in/", signing.first, name="extension_sign_in"),
]
_OF_CLIENT = "clients/<uuid:client_id>/"
_INTEGRATION = f"{_OF_CLIENT}integrations/<uuid:integration_id>/"
_CONNECTED = [
    path(f"{_OF_CLIENT}connection/", integrations.connection, name="connection"),
    path(f"{_OF_CLIENT}integrations/", integrations.listed, name="integrations"),
    path(f"{_OF_CLIENT}integrations/add/", integrations.choose, name="integration_choose"),
    path(
        f"{_OF_CLIENT}integrations/add/<uuid:package_id>/", integrations.add, name="integration_add"
    ),
    path(_INTEGRATION, integrations.edit, name="integration_edit"),
    path(
        f"{_OF_CLIENT}packages/<uuid:package_id>/choices/<slug:field>/",
        choices.listed,
        name="choices",
    ),
    path(f"{_INTEGRATION}place/", places.shown, name="integration_place"),
    path(f"{_INTEGRATION}place/choose/", places.choose, name="integration_choose_place"),
    path(f"{_INTEGRATION}verify/", places.ask_again, name="integration_verify"),
    path(f"{_INTEGRATION}pause/", integration_deeds.pause, name="integration_pause"),
    path(f"{_INTEGRATION}release/", integration_deeds.release, name="integration_release"),
    path(f"{_OF_CLIENT}changes/<uuid:change_id>/", changes.change, name="change"),
    path("changes/seen/", changes.seen, name="changes_seen"),
    path(f"{_INTEGRATION}remove/", integration_deeds.remove, name="integration_remove"),
    path(f"{_INTEGRATION}test-mails/", trials.listed, name="integration_trials"),
    path(f"{_INTEGRATION}test-mails/send/", trials.ask, name="integration_trial_ask"),
    path(
        f"{_INTEGRATION}test-mails/<uuid:trial_id>/close/",
        trials.close,
        name="integration_trial_close",
    ),
    path(
        f"{_INTEGRATION}test-mails/<uuid:trial_id>/",
        trials.answer,
        name="integration_trial_answer",
    ),
]
FIRM: list[URLPattern | URLResolver] = [
    path("packages/", include(_PACKAGES)),
    path("extensions/", include(_EXTENSIONS)),
    path("sign-ins/<uuid:sign_in_id>/", signing.waiting, name="sign_in"),
    *_CONNECTED,
]
EVERYBODY = [
    path("extensions/<slug:connector_id>/logo.svg", extensions.logo, name="logo"),
    # Registered with packages to the letter: posthorn.connections.signing.PATH.
    path("signing-in/", signing.returned, name="signing_in"),
    path("signing-in/<uuid:sign_in_id>/", signing.identified, name="signing_in_again"),
]
