"""Shows what was done in the firm and by whom, and proves that nothing of it was changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import BadRequest
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from posthorn.tenancy import audit
from posthorn.tenancy.activity import ActivityFilter, activity
from posthorn.tenancy.directory import names_of_colleagues
from posthorn.tenancy.pages import BadCursorError
from posthorn.tenancy.roles import Permission
from posthorn.web.access import opens
from posthorn.web.client_picker import ClientField
from posthorn.web.shell import next_page, page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from posthorn.web.access import Space

# The first part of an action's code, and what it is about.
GROUPS: Mapping[str, _StrPromise] = {
    "client": _("Clients"),
    "document": _("Documents"),
    "delivery": _("Deliveries"),
    "connection": _("Accounting packages"),
    "extension": _("Extensions"),
    "integration": _("Integrations"),
    "member": _("Users"),
    "invitation": _("Invitations"),
    "firm": _("The firm"),
    "trial": _("Test mails"),
    "sending_domain": _("Sending domains"),
}


ALL = "all"
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


def _day(label: _StrPromise) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        validators=[MinValueValidator(_FIRST), MaxValueValidator(_LAST)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ActivityForm(forms.Form):
    """Looks for what was done; a value that is no choice of ours counts as not given."""

    actor = forms.ChoiceField(label=_("Who"), required=False)
    about = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[
            ("", _("What people did")),
            *GROUPS.items(),
            (ALL, _("Everything, also what Posthorn did by itself")),
        ],
    )
    since = _day(_("From"))
    until = _day(_("Until"))

    def __init__(self, data: object, space: Space) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a request's QueryDict
        self.fields["client"] = ClientField(space)
        self.order_fields(["actor", "client"])
        people = names_of_colleagues(space.firm) if space.may(Permission.MANAGE_PEOPLE) else ()
        choices = [("", _("Everybody")), *people]
        self.fields["actor"].choices = choices  # type: ignore[attr-defined]
        if not people:
            del self.fields["actor"]
        self.is_valid()

    def wanted(self) -> ActivityFilter:
        """Give what is looked for; days are those of the page's time zone."""
        given = self.cleaned_data
        until = given.get("until")
        about = given.get("about")
        return ActivityFilter(
            actor=given.get("actor", ""),
            by_people=not about,
            client=given.get("client"),
            action=f"{about}." if about in GROUPS else "",
            since=_midnight(given.get("since")),
            until=_midnight(until + timedelta(days=1)) if until else None,
        )


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


@opens()
@require_safe
def listed(request: HttpRequest, space: Space) -> HttpResponse:
    """Show one page of what this person may know of the firm's activity."""
    form = ActivityForm(request.GET, space)
    after = request.GET.get("after", "")
    try:
        found = activity(space.firm, space.viewer, form.wanted(), after=after)
    except BadCursorError as error:
        raise BadRequest from error
    may_prove = space.may(Permission.MANAGE_PEOPLE)
    return page(
        request,
        space,
        "activity/list.html",
        here="activity",
        form=form,
        rows=found.rows,
        sealed=audit.sealed(space.firm) if may_prove else None,
        is_filtered=any(form.cleaned_data.values()),
        is_later=bool(after),
        next=next_page(request, found.after),
    )


@opens(Permission.MANAGE_PEOPLE)
@require_safe
def proof(request: HttpRequest, space: Space) -> HttpResponse:
    """Compute the chain of the firm's whole trail again and say whether it holds."""
    verdict = audit.verify(firm=space.firm)
    return page(
        request,
        space,
        "activity/proof.html",
        here="activity",
        verdict=verdict,
        head=verdict.heads.get(str(space.firm), ""),
    )
