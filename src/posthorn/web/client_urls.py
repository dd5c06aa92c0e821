"""Addresses of the clients of a firm, and of a client's own Business Space."""

from __future__ import annotations

from django.urls import path

from posthorn.web.client_picker import suggest
from posthorn.web.views import (
    business,
    client,
    client_bulk,
    client_deeds,
    client_details,
    client_people,
    clients,
)

_ONE = "clients/<uuid:client_id>/"
_INVITATION = f"{_ONE}invitations/<uuid:client_invitation>/"

FIRM = [
    path("clients/", clients.listed, name="clients"),
    path("clients/add/", client_deeds.add, name="client_add"),
    path("clients/suggest/", suggest, name="client_suggestions"),
    path("clients/assign/", client_bulk.assign, name="clients_assign"),
    path("clients/pause/", client_bulk.pause, name="clients_pause"),
    path("clients/release/", client_bulk.release, name="clients_release"),
    path("clients/archive/", client_bulk.archive, name="clients_archive"),
    path(_ONE, client.shown, name="client"),
    path(f"{_ONE}timeline/", client.timeline, name="client_timeline"),
    path(f"{_ONE}details/", client_details.details, name="client_details"),
    path(f"{_ONE}edit/", client_deeds.edit, name="client_edit"),
    path(f"{_ONE}pause/", client_deeds.pause, name="client_pause"),
    path(f"{_ONE}release/", client_deeds.release, name="client_release"),
    path(f"{_ONE}archive/", client_deeds.archive, name="client_archive"),
    path(f"{_ONE}take-back/", client_deeds.take_back, name="client_take_back"),
    path(f"{_ONE}assign/", client_deeds.assign, name="client_assign"),
    path(f"{_ONE}numbers/add/", client_details.add_number, name="client_number_add"),
    path(f"{_ONE}numbers/remove/", client_details.remove_number, name="client_number_remove"),
    path(f"{_ONE}approval/", client_details.set_approval, name="client_approval"),
    path(f"{_ONE}suppliers/trust/", client_details.trust, name="client_trust"),
    path(f"{_ONE}suppliers/untrust/", client_details.untrust, name="client_untrust"),
    path(f"{_ONE}people/invite/", client_people.invite, name="client_invite"),
    path(
        f"{_ONE}people/<uuid:person_id>/remove/",
        client_people.remove,
        name="client_person_remove",
    ),
    path(f"{_INVITATION}resend/", client_people.resend, name="client_invitation_resend"),
    path(f"{_INVITATION}revoke/", client_people.revoke, name="client_invitation_revoke"),
]
BUSINESS = [
    path("", business.overview, name="overview"),
    path("shared/", business.shared, name="shared"),
    path("company/", business.company, name="company"),
    path("company/end/", business.end, name="end_link"),
]
