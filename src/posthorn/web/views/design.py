"""Shows every piece of the design system on one page, with made-up content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from posthorn.web.wording import Tone

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_COLOURS = (
    "ground surface sunken raised ink muted line edge brand accent accent-soft focus danger "
    "good good-soft busy busy-soft wait wait-soft bad bad-soft idle idle-soft"
).split()


class _Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As it stands on the invoices.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    language = forms.ChoiceField(label="Language", choices=[("nl", "Nederlands"), ("fr", "Français")])
    shares = forms.BooleanField(label="Share documents with accountant", required=False)
    way = forms.ChoiceField(
        label="How invoices are attached",
        choices=[("attachment", "Attachment"), ("link", "Download link")],
        widget=forms.RadioSelect,
        initial="attachment",
    )


@login_required
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show the tokens and the components."""
    wrong = _Sample({"name": "", "way": "attachment"})
    wrong.is_valid()
    return render(
        request,
        "design/design.html",
        {"colours": _COLOURS, "tones": list(Tone), "form": _Sample(), "wrong": wrong},
    )
