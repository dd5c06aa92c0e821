"""Names everything that the audit trail records, and says each in a sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from posthorn.tenancy.wording import APPROVALS, ROLES, STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

# A sentence names what stands in the entry's detail. Codes that are no longer written stay here:
# the trail keeps them for ever.
SENTENCES: Mapping[str, Promise] = {
    "client.approval_set": _("Approval method chosen: %(approval)s."),
    "client.assigned": _("Client assigned to %(person)s."),
    "client.created": _("Client added with dossier number %(dossier_number)s."),
    "client.edited": _("Client changed: %(changes)s."),
    "client.link_ended": _("Link between client and firm ended by the client."),
    "client.link_restored": _("Link between client and firm taken up again by the client."),
    "client.number_added": _("Number added to the client: %(value)s."),
    "client.number_removed": _("Number removed from the client: %(value)s."),
    "client.paused": _("Client paused: nothing is sent for it."),
    "client.person_added": _("%(person)s let into the Business Space."),
    "client.person_removed": _("%(person)s taken out of the Business Space."),
    "client.released": _("Pause of the client ended."),
    "client.sharing_off": _("“Share documents with accountant” switched off."),
    "client.sharing_on": _("“Share documents with accountant” switched on."),
    "client.state_changed": _("Client moved from “%(before)s” to “%(after)s”."),
    "client.supplier_trusted": _("Supplier %(number)s trusted."),
    "client.supplier_untrusted": _("Supplier %(number)s no longer trusted."),
    "client.unassigned": _("Client no longer assigned to %(person)s."),
    "connection.account_replaced": _(
        "Accounting package now signed in as %(account)s instead of %(before)s."
    ),
    "connection.activated": _("Accounting package switched on."),
    "connection.asks_on_unknown": _("Accounting package asks a person when an answer is lost."),
    "connection.backing_off": _("Accounting package does not answer; it is tried again later."),
    "connection.checked": _("Accounting package checked."),
    "connection.created": _("Accounting package “%(name)s” set up."),
    "connection.deactivated": _("Accounting package switched off."),
    "connection.needs_attention": _("Accounting package needs attention."),
    "connection.paused": _("Accounting package paused."),
    "connection.recovered": _("Accounting package answers again."),
    "connection.released": _("Pause of the accounting package ended."),
    "connection.removed": _("Accounting package “%(name)s” removed."),
    "connection.renamed": _("Accounting package renamed: %(name)s."),
    "connection.resends_on_unknown": _(
        "Accounting package sends again by itself when an answer is lost."
    ),
    "connection.saved": _("Settings of the accounting package saved."),
    "connection.sign_in_not_revoked": _(
        "The package did not end the sign-in as %(account)s; it must be ended there."
    ),
    "connection.sign_in_revoked": _("The package ended the sign-in as %(account)s."),
    "connection.signed_in": _("Signed in to the accounting package as %(account)s."),
    "delivery.accepted": _("Delivery handed to the mail server of the accounting package."),
    "delivery.bounced": _("Delivery came back."),
    "delivery.cancelled": _("Delivery cancelled."),
    "delivery.delivered": _("Delivery arrived in the accounting package."),
    "delivery.expired": _("Delivery given up after days of trying."),
    "delivery.held": _("Delivery put on hold."),
    "delivery.link_revoked": _("Download link of the delivery closed."),
    "delivery.planned": _("Delivery planned."),
    "delivery.processed": _("Delivery marked as processed."),
    "delivery.queued": _("Delivery waits for its turn."),
    "delivery.read_back": _("The accounting package said what became of the delivery."),
    "delivery.refused": _("Delivery refused by the accounting package."),
    "delivery.rejected_by_package": _("Delivery rejected later by the accounting package."),
    "delivery.resent": _("Delivery sent again."),
    "delivery.retrying": _("Delivery failed for now; it is tried again."),
    "delivery.returned": _("Mail about the delivery came back."),
    "delivery.sending": _("Delivery is being sent."),
    "delivery.take_out": _("Delivery to be taken out of the other client's books."),
    "delivery.unknown": _("Delivery sent without an answer: nobody knows yet whether it arrived."),
    "delivery.unprocessed": _("Mark “processed” removed from the delivery."),
    "document.arrived": _("Document arrived."),
    "document.assigned": _("Document assigned to %(client)s."),
    "document.cut": _("File cut into %(parts)s documents."),
    "document.moved": _("Document moved to %(client)s."),
    "document.pending": _("Document waits for reading."),
    "document.quarantined": _("Document put in quarantine."),
    "document.read": _("Document read."),
    "document.read_again": _("Document to be read again."),
    "document.rejected": _("Document rejected: %(reason)s"),
    "document.rejection_taken_back": _("Rejection of the document taken back."),
    "document.released": _("Document released for sending."),
    "document.unreadable": _("Document could not be read."),
    "extension.confirmed": _("Access permissions of %(connector)s %(version)s confirmed."),
    "extension.withdrawn": _("Access permissions of %(connector)s withdrawn."),
    "firm.created": _("Firm “%(name)s” created."),
    "firm.saved": _("Firm changed: %(changes)s."),
    "firm.second_person_off": _("Changed import addresses need no second person any more."),
    "firm.second_person_on": _("Changed import addresses need a second person from now on."),
    "instance.held": _("Sending of this installation stopped."),
    "instance.released": _("Sending of this installation started."),
    "integration.address_changed": _("Import address of %(client)s changed: %(addresses)s."),
    "integration.address_confirmed": _(
        "Changed import address of %(client)s confirmed by a second person: %(addresses)s."
    ),
    "integration.address_proposed": _(
        "Import address of %(client)s to be changed, a second person must confirm: %(addresses)s."
    ),
    "integration.address_refused": _(
        "Changed import address of %(client)s refused: %(addresses)s. %(reason)s"
    ),
    "integration.address_shared": _(
        "Import address %(addresses)s of %(client)s is another client's too. Why: %(reason)s"
    ),
    "integration.address_withdrawn": _(
        "Changed import address of %(client)s withdrawn: %(addresses)s."
    ),
    "integration.created": _("Integration added for %(client)s."),
    "integration.place_asked": _("Where %(client)s goes in the package is looked up again."),
    "integration.place_confirmed": _("%(client)s goes to “%(place)s”: somebody confirmed it."),
    "integration.place_lost": _("“%(place)s”, where %(client)s goes, is not there any more."),
    "integration.place_refused": _("“%(typed)s”, where %(client)s is to go, was not found."),
    "integration.place_undecided": _("Where %(client)s goes is for somebody to choose."),
    "integration.place_verified": _("%(client)s goes to “%(place)s”: the package confirms it."),
    "integration.paused": _("Integration of %(client)s paused."),
    "integration.released": _("Pause of the integration of %(client)s ended."),
    "integration.removed": _("Integration of %(client)s removed."),
    "integration.saved": _("Integration of %(client)s saved."),
    "invitation.accepted": _("Invitation of %(email)s accepted."),
    "invitation.revoked": _("Invitation of %(email)s taken back."),
    "invitation.sent": _("%(email)s invited."),
    "member.added": _("%(person)s became a member of the firm: %(role)s."),
    "member.removed": _("%(person)s left the firm."),
    "member.role_changed": _("Role of %(person)s changed: %(role)s."),
    "person.added": _("%(email)s added as a person."),
    "person.saved": _("%(email)s changed own settings."),
    "trial.accepted": _("Test mail to %(recipient)s handed to the mail server."),
    "trial.arrived": _("Test mail to %(recipient)s seen in the package."),
    "trial.asked": _("Test mail to %(recipient)s asked for."),
    "trial.failed": _("Test mail to %(recipient)s could not be sent."),
    "trial.link_revoked": _("Download link in the test mail to %(recipient)s closed."),
    "trial.missing": _("Test mail to %(recipient)s not found in the package."),
    "trial.returned": _("Mail about the test mail came back."),
    "trial.unknown": _("Test mail to %(recipient)s sent without an answer."),
    "sending_domain.created": _("Signing key for %(domain)s made."),
    "sending_domain.lost": _("Signing key for %(domain)s is no longer in DNS."),
    "sending_domain.proven": _("Signing key for %(domain)s found in DNS: its mail is signed."),
    "sending_domain.removed": _("Signing key for %(domain)s forgotten."),
}
_FIELDS: Mapping[str, Promise] = {
    "country": pgettext_lazy("changed", "country"),
    "dossier_number": pgettext_lazy("changed", "dossier number"),
    "language": pgettext_lazy("changed", "language"),
    "name": pgettext_lazy("changed", "name"),
}
_WORDS: Mapping[str, Mapping[str, Promise]] = {
    "after": {state.value: words for state, words in STATES.items()},
    "approval": {mode.value: words for mode, words in APPROVALS.items()},
    "before": {state.value: words for state, words in STATES.items()},
    "role": {role.value: words for role, words in ROLES.items()},
}
_NOTHING = "…"
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MOST_CHARS = 300


def sentence(action: str, detail: Mapping[str, object], names: Mapping[str, str]) -> str:
    """Say an entry in the language of the reader, as plain text that a page must escape.

    `names` gives what ids in the detail stand for. A code from a later version says itself.
    """
    template = SENTENCES.get(action)
    if template is None:
        return action
    values: dict[str, str] = defaultdict(lambda: _NOTHING)
    values.update({key: _shown(key, value, names) for key, value in detail.items()})
    values["changes"] = _changes(detail)
    values.setdefault("person", values["membership"])  # all that older entries name
    return str(template) % values


def starting_with(beginning: str) -> tuple[str, ...]:
    """Give every code that begins so, such as `delivery.`; a whole code gives itself too."""
    return tuple(code for code in SENTENCES if code.startswith(beginning))


def _shown(key: str, value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, list | tuple):
        return " → ".join(_shown(key, one, names) for one in value)
    text = str(value)
    if words := _WORDS.get(key, {}).get(text):
        return str(words)
    unnamed = _NOTHING if is_id(text) else text
    return names.get(text, unnamed)[:_MOST_CHARS] or _NOTHING


def is_id(value: object) -> bool:
    """Tell an id, as details hold it, from other text."""
    return isinstance(value, str) and re.fullmatch(_ID, value) is not None


def _changes(detail: Mapping[str, object]) -> str:
    told = [
        f"{_FIELDS[field]} {_shown(field, pair, {})}"
        for field, pair in detail.items()
        if field in _FIELDS
    ]
    return "; ".join(told) or _NOTHING
