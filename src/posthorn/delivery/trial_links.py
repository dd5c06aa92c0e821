"""Opens the download address in a test mail, serves its sample, and closes it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from posthorn.connections.links import hash_of
from posthorn.delivery.actions import DeliveryNotFoundError
from posthorn.delivery.trial_desk import note
from posthorn.delivery.trials import TrialLink
from posthorn.kernel.clock import now
from posthorn.tenancy import audit
from posthorn.tenancy.clients import is_live
from posthorn.tenancy.scope import system

if TYPE_CHECKING:
    from uuid import UUID

    from posthorn.delivery.trials import Trial
    from posthorn.sdk import Document

_KEPT_FOR = timedelta(days=30)


def open_sample(trial: Trial, token: str, document: Document) -> None:
    """Open the address that a test mail carries, before the mail leaves; in the firm's scope."""
    TrialLink.objects.create(
        firm_id=trial.firm_id,
        trial=trial,
        token_sha256=hash_of(token),
        file_name=document.file_name,
        content=document.content,
        expires_at=now() + timedelta(days=settings.POSTHORN.link_days),
    )


def find_sample(token: str) -> TrialLink | None:
    """Find an address that gives its sample now; in the system's scope.

    A sample holds nothing of the client but its name: it is given before documents are shared.
    """
    rows = TrialLink.objects.select_related("trial__client", "trial__integration")
    link = rows.filter(token_sha256=hash_of(token)).first()
    return link if link is not None and is_open(link) else None


def is_open(link: TrialLink) -> bool:
    """Tell whether an address gives its sample; asked anew at each use."""
    return (
        link.revoked_at is None
        and link.expires_at > now()
        and link.trial.integration.removed_at is None
        and is_live(link.trial.client)
    )


def note_fetch(link: TrialLink) -> None:
    """Keep that somebody fetched the sample; in the system's scope."""
    TrialLink.objects.filter(pk=link.pk).update(times=F("times") + 1, fetched_at=now())


def revoke_sample(firm: UUID, client: UUID, trial_id: UUID, *, actor: str) -> None:
    """Close the address of a test mail for ever; twice is harmless.

    Raises DeliveryNotFoundError.
    """
    rows = TrialLink.objects.select_related("trial").select_for_update(of=("self",))
    link = rows.filter(firm_id=firm, trial__client_id=client, trial_id=trial_id).first()
    if link is None:
        raise DeliveryNotFoundError(_("The test mail has no download link."))
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now(), actor[:200]
        link.save(update_fields=["revoked_at", "revoked_by"])
        audit.record([note(link.trial, actor, "trial.link_revoked")])


def clear_samples() -> int:
    """Forget samples whose address ended 30 days ago; gives how many."""
    with system("clear samples"):
        return TrialLink.objects.filter(expires_at__lt=now() - _KEPT_FOR).delete()[0]
