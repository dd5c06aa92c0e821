"""Shows every piece of the design system on one page, with made-up content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from posthorn.web.charts import Column, stacked
from posthorn.web.wording import Tone

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_COLOURS = """
    ground surface sunken raised ink muted line edge brand accent accent-soft focus danger
    good good-soft busy busy-soft wait wait-soft bad bad-soft idle idle-soft
    chart-good chart-wait chart-bad
""".split()  # noqa: SIM905  # a list of them is a page long
_LEGEND = (("good", "Delivered"), ("wait", "Waiting"), ("bad", "Refused or stopped"))
_CHART = stacked(
    [
        Column(
            told=f"Day {day}",
            numbers={"good": 40 + day * 7 % 23, "wait": day % 5, "bad": int(day % 9 == 0)},
        )
        for day in range(1, 31)
    ]
)


class _Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As it stands on the invoices.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    language = forms.ChoiceField(
        label="Language", choices=[("nl", "Nederlands"), ("fr", "Français")]
    )
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
    shown = {
        "colours": _COLOURS,
        "tones": list(Tone),
        "form": _Sample(),
        "wrong": wrong,
        "chart": _CHART,
        "legend": _LEGEND,
    }
    return render(request, "design/design.html", shown)
