"""Fields are drawn in one piece, with the attributes that Django gives them, in their order."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from posthorn.web.templatetags.widgets import attributes


class Asked(forms.Form):
    state = forms.ChoiceField(
        choices=[("", _("Invoice")), ("a<b", "A & B"), (3, "Three")],
        help_text="Which",
        widget=forms.Select(attrs={"class": "x", "data-a": '"', "hidden": False}),
    )
    kind = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), ("Papers", [("i", "Invoice"), ("c", "Note")]), ("s", "Statement")],
    )
    many = forms.MultipleChoiceField(required=False, choices=[("1", "One"), ("2", "Two")])
    text = forms.CharField(max_length=1200, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def drawn(name: str, **data: object) -> str:
    return re.sub(r"\s*\n\s*", "", str(Asked(data)[name]))


def test_a_select_keeps_its_attributes_and_escapes_what_others_wrote() -> None:
    with translation.override("en"):
        assert drawn("state", state="a<b") == (
            '<select name="state" class="x" data-a="&quot;" required'
            ' aria-describedby="id_state_helptext" id="id_state">'
            '<option value="">Invoice</option>'
            '<option value="a&lt;b" selected>A &amp; B</option>'
            '<option value="3">Three</option></select>'
        )


def test_options_stand_in_their_groups() -> None:
    assert drawn("kind", kind="c") == (
        '<select name="kind" id="id_kind"><option value="">Any</option>'
        '<optgroup label="Papers"><option value="i">Invoice</option>'
        '<option value="c" selected>Note</option></optgroup>'
        '<option value="s">Statement</option></select>'
    )


def test_several_options_may_be_chosen() -> None:
    assert drawn("many", many=["1", "2"]) == (
        '<select name="many" id="id_many" multiple><option value="1" selected>One</option>'
        '<option value="2" selected>Two</option></select>'
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "Invoice"), ("nl", "Factuur"), ("fr", "Facture"), ("de", "Rechnung")],
)
def test_options_are_said_in_the_language_of_the_page(code: str, said: str) -> None:
    with translation.override(code):
        assert f'<option value="">{said}</option>' in drawn("state", state="3")


def test_an_input_keeps_its_value_and_its_numbers_as_they_are() -> None:
    assert drawn("text", text='1200 "x"') == (
        '<input type="text" name="text" value="1200 &quot;x&quot;" autocomplete="off"'
        ' maxlength="1200" required id="id_text">'
    )
    assert " value=" not in drawn("text")


def test_an_attribute_is_left_out_named_or_given_its_value() -> None:
    given = {"a": True, "b": False, "c": 1_234, "d": None, "e": "<&>", "f": ""}

    assert attributes(given) == ' a c="1234" d="None" e="&lt;&amp;&gt;" f=""'
