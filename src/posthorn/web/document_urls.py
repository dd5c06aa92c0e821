"""Addresses of documents and deliveries, in a firm's space and in a client's own."""

from __future__ import annotations

from django.urls import path

from posthorn.web.views import (
    causes,
    decisions,
    deliveries,
    delivery,
    document,
    documents,
    seeing,
    unassigned,
    upload,
)

_ONE = "documents/<uuid:document_id>/"
_GONE = "deliveries/<uuid:delivery_id>/"

BOTH = [
    path("documents/", documents.listed, name="documents"),
    path("documents/upload/", upload.shown, name="upload"),
    path("documents/upload/files/", upload.take, name="take"),
    path("documents/chosen/approve/", decisions.approve_many, name="approve_many"),
    path("documents/chosen/send/", decisions.send_many, name="send_many"),
    path("documents/chosen/reject/", decisions.reject_many, name="reject_many"),
    path("documents/chosen/take-back/", decisions.take_back_many, name="take_back_many"),
    path(_ONE, document.shown, name="document"),
    path(f"{_ONE}preview/", documents.preview, name="preview"),
    path(f"{_ONE}rendering/", seeing.rendering, name="rendering"),
    path(f"{_ONE}file/", seeing.file, name="file"),
    path(f"{_ONE}pdf/", seeing.pdf, name="pdf"),
    path(f"{_ONE}inside/<int:place>/", seeing.inside, name="inside"),
    path(f"{_ONE}approve/", decisions.approve, name="approve"),
    path(f"{_ONE}send/", decisions.send, name="send"),
    path(f"{_ONE}send-anyway/", decisions.send_anyway, name="send_anyway"),
    path(f"{_ONE}reject/", decisions.reject, name="reject"),
    path(f"{_ONE}take-back/", decisions.take_back, name="take_back"),
    path("deliveries/", deliveries.listed, name="deliveries"),
    path(_GONE, delivery.shown, name="delivery"),
]
FIRM = [
    path("documents/unassigned/", unassigned.listed, name="unassigned"),
    path("documents/chosen/assign/", unassigned.assign_many, name="assign_many"),
    *BOTH,
    path(f"{_ONE}read-again/", decisions.read_again, name="read_again"),
    path("deliveries/cause/", causes.act, name="act_on_cause"),
    path(f"{_GONE}hold/", delivery.hold, name="hold"),
    path(f"{_GONE}release/", delivery.release, name="release"),
    path(f"{_GONE}cancel/", delivery.cancel, name="cancel"),
    path(f"{_GONE}resend/", delivery.resend, name="resend"),
    path(f"{_GONE}process/", delivery.process, name="process"),
    path(f"{_GONE}unprocess/", delivery.unprocess, name="unprocess"),
    path(f"{_GONE}revoke-link/", delivery.revoke, name="revoke_link"),
]
