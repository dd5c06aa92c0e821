"""Texts are found where they stand, kept as written, and refused where a translation lost one."""

from __future__ import annotations

import gettext
import io
import json
from pathlib import Path

import pytest

from tools.messages.__main__ import fill, todo
from tools.messages.catalogues import compiled, merged, read, written
from tools.messages.extraction import (
    ExtractionError,
    Text,
    built_texts,
    texts_of_python,
    texts_of_template,
)
from tools.messages.faults import faults_of, tidied
from tools.messages.plain import plain_in
from tools.messages.unmarked import unmarked_in

SAVE = Text(singular="Save")
DOCUMENTS = Text(singular="%(n)s document", plural="%(n)s documents")
MAY = Text(singular="May", context="month")
PYTHON = """
from django.utils.translation import gettext_noop as _, ngettext, pgettext
A = _("Save")
B = ngettext("%(n)s document", "%(n)s documents", 2)
C = pgettext("month", "May")
D = gettext(A)
"""
TEMPLATE = """{% load i18n %}
  <p title="it's # a">{% translate "Save" %} don't
    {% blocktranslate trimmed count n=rows|length %}
      {{ n }} document
    {% plural %}
      {{ n }} documents
    {% endblocktranslate %}
      {% translate "May" context "month" as when %}{{ when|default:_("None") }} ((( [
  {% include "x.html" with label=_("Send it") %}</p>"""


def test_texts_are_found_in_python_with_plural_and_context() -> None:
    assert list(texts_of_python(PYTHON)) == [SAVE, DOCUMENTS, MAY]


def test_a_file_without_gettext_has_no_texts() -> None:
    assert list(texts_of_python('_ = print\n_("Save")')) == []


def test_texts_are_found_in_templates_whatever_stands_around_them() -> None:
    others = [Text(singular="None"), Text(singular="Send it")]
    assert list(texts_of_template(TEMPLATE, "page.html")) == [SAVE, DOCUMENTS, MAY, *others]


def test_a_tag_inside_a_translated_block_is_refused_by_name() -> None:
    source = "{% blocktranslate %}a{% if b %}c{% endif %}{% endblocktranslate %}"
    with pytest.raises(ExtractionError, match=r"page\.html"):
        list(texts_of_template(source, "page.html"))


@pytest.mark.parametrize("call", ['_(f"It is {name}")', '_("It is " + name)', '_("{}".format(1))'])
def test_a_text_put_together_before_it_is_looked_up_is_found(call: str) -> None:
    assert list(built_texts(f"x = 1\n{call}\n")) == [2]
    assert list(built_texts('_("It is %(name)s") % {"name": name}\n_(words[name])')) == []


FORMS = {SAVE: ("Opslaan",), DOCUMENTS: ("%(n)s document", "%(n)s documenten"), MAY: ("mei",)}
FILES = {SAVE: ["src/a.py", "src/b.html"], DOCUMENTS: ["src/b.html"], MAY: ["src/b.html"]}


def test_a_catalogue_is_read_as_it_was_written() -> None:
    kept = read(written("nl", FORMS, FILES, frozenset({MAY})), "nl")

    assert kept.forms == FORMS
    assert kept.fuzzy == {MAY}


def test_a_catalogue_names_files_without_lines_and_no_dates() -> None:
    source = written("fr", FORMS, FILES, frozenset())

    assert "#: src/a.py src/b.html\n" in source
    assert "Date" not in source
    assert "Generated" not in source
    assert source == written("fr", FORMS, FILES, frozenset())


def test_texts_that_are_gone_are_dropped_and_new_ones_wait() -> None:
    kept = read(written("nl", FORMS, FILES, frozenset()), "nl")
    new = Text(singular="Archive", plural="Archives")

    forms = merged([SAVE, new], kept)

    assert forms == {new: ("", ""), SAVE: ("Opslaan",)}
    assert list(forms) == [new, SAVE]


def test_a_compiled_catalogue_is_read_by_python_and_leaves_out_what_is_half_done() -> None:
    half = Text(singular="%(n)s page", plural="%(n)s pages")
    translations = gettext.GNUTranslations(
        io.BytesIO(compiled("fr", {**FORMS, half: ("%(n)s page", "")}))
    )

    assert translations.gettext("Save") == "Opslaan"
    assert translations.pgettext("month", "May") == "mei"
    assert translations.gettext("May") == "May"
    # French counts none as one.
    said = [translations.ngettext(DOCUMENTS.singular, DOCUMENTS.plural, n) for n in (0, 1, 2)]
    assert said == ["%(n)s document", "%(n)s document", "%(n)s documenten"]
    assert translations.ngettext(half.singular, half.plural, 2) == "%(n)s pages"
    assert translations.charset() == "utf-8"


@pytest.mark.parametrize(
    ("original", "said", "fault"),
    [
        ("%(n)s of %(max)s", "%(n)s van %(maximum)s", "placeholders"),
        ("%s and {name}", "%s en {naam}", "placeholders"),
        ("%d files", "bestanden", "placeholders"),
        ("Press <kbd>?</kbd> now", "Druk nu op een toets", "tags"),
        ("Press <b>here</b>", "Druk <i>hier</i>", "tags"),
        (" and", "en", "space at its ends"),
        ("It is sent.", "Het is verzonden", "ends with ''"),
        ("Search…", "Zoeken.", "ends with '.'"),
        ("Search", "Search", "same as in English"),
    ],
)
def test_what_a_translation_lost_is_told(original: str, said: str, fault: str) -> None:
    (found,) = faults_of("nl", Text(singular=original), (said,))

    assert fault in found


@pytest.mark.parametrize(
    ("original", "said"),
    [
        ("%(n)s of %(max)s", "%(max)s, daarvan %(n)s"),
        ("100%% sure.", "100%% zeker."),
        ("PDF", "PDF"),
        ("%(n)s / %(max)s", "%(n)s / %(max)s"),
        ("Anything", ""),
    ],
)
def test_a_translation_that_keeps_all_has_no_fault(original: str, said: str) -> None:
    assert list(faults_of("nl", Text(singular=original), (said,), same={"PDF"})) == []


def test_one_may_be_said_without_its_figure_and_many_may_not() -> None:
    one = ("Eén document", "%(n)s documenten")
    many = ("%(n)s document", "Veel documenten")

    assert list(faults_of("nl", DOCUMENTS, one)) == []
    (found,) = faults_of("nl", DOCUMENTS, many)
    assert "placeholders" in found
    assert list(faults_of("nl", DOCUMENTS, ("%(n)s document", ""))) == ["one of its forms is empty"]


def test_french_signs_keep_to_their_word() -> None:
    assert tidied("fr", "Non envoyé : doublon ; à 14:20 ?") == (
        "Non envoyé\u00a0: doublon\u00a0; à 14:20\u00a0?"
    )
    assert tidied("nl", "Niet : zo") == "Niet : zo"
    (found,) = faults_of("fr", Text(singular="Why?"), ("Pourquoi ?",))
    assert "U+00A0" in found
    assert list(faults_of("fr", Text(singular="Why?"), ("Pourquoi\u00a0?",))) == []


def words(source: str, *, is_html: bool = True) -> list[tuple[int, str]]:
    return unmarked_in(source, is_html=is_html)


def test_words_outside_translations_are_found_with_their_lines() -> None:
    page = (
        '<h1 class="big">{% translate "Clients" %}</h1>\n'
        '<p title="Gone" aria-label="{% translate "Menu" %}">\n'
        "  {{ count }} left <b>now</b>\n"
        '<input type="submit" value="Save"><input type="text" value="Any">\n'
        '<a hx-confirm="Sure?">{# a remark #}·</a></p>\n'
    )
    assert words(page) == [
        (2, 'title="Gone"'),
        (3, "left"),
        (3, "now"),
        (4, 'value="Save"'),
        (5, 'hx-confirm="Sure?"'),
    ]


def test_words_in_blocks_scripts_comments_and_names_are_no_findings() -> None:
    page = (
        "{% blocktranslate trimmed with a=b %}Hello <b>{{ a }}</b>{% endblocktranslate %}"
        "{% comment %}Why this is so{% endcomment %}<script>let a = 1</script>"
        "<style>body { color: red }</style><title>{{ title }} · Posthorn</title>"
        '<kbd translate="no">Ctrl</kbd><br>&nbsp;&times; 12'
        '{% if state == "Open" %}{% endif %}{{ at|date:"j Fr Y" }}'
        "{% include 'a.html' with icon='clock' label=_('Save') %}"
    )
    assert words(page) == []


def test_after_a_name_words_are_looked_at_again() -> None:
    assert words('<p><span translate="no">Exact</span> is here</p>') == [(1, "is here")]


def test_words_given_to_tags_and_filters_are_found() -> None:
    page = "\n{% include 'a.html' with label='Save' %}\n{{ name|default:\"Nobody yet\" }}"
    assert words(page) == [(2, "Save"), (3, "Nobody yet")]


def test_every_line_of_a_mail_counts() -> None:
    mail = '{% translate "Hello" %}\n\nDear {{ name }}\n<b>'
    assert words(mail, is_html=False) == [(3, "Dear \ufffc"), (4, "<b>")]


def test_sentences_in_views_are_found_and_names_are_not() -> None:
    view = '''
"""Says what a view does."""
def view(request):
    """Answer in full."""
    messages.success(request, "It is sent.")
    messages.success(request, _("It is sent."))
    response["Cache-Control"] = "no-store"
    field = CharField(label="Name", initial="Name")
    return f"Sent to {name}", "client", "A"
'''
    assert plain_in(view) == [(5, "It is sent."), (8, "Name"), (9, "Sent to ")]


def test_every_language_has_its_catalogue_beside_the_code() -> None:
    locale = Path(__file__).parents[2] / "src" / "posthorn" / "locale"
    found = sorted(str(path.relative_to(locale)) for path in locale.rglob("django.*"))
    assert found == [
        f"{language}/LC_MESSAGES/django.{kind}"
        for language in ("de", "fr", "nl")
        for kind in ("mo", "po")
    ]


def test_what_is_asked_for_is_filled_in_and_what_lost_something_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    todo("nl", tmp_path)
    asked = json.loads(capsys.readouterr().out)
    assert asked["Queued"] == asked["It was rejected before."] == asked["mail\x04To"] == ""
    answers = tmp_path / "nl.json"
    said = {"Queued": "In wachtrij", "It was rejected before.": "Afgekeurd", "Nowhere": "Nergens"}
    answers.write_text(json.dumps({**said, "mail\x04To": "Aan", "Sending": ""}), "utf-8")

    code = fill("nl", answers, tmp_path, is_same_meant=False)

    assert code == 1
    assert capsys.readouterr().out.splitlines() == [
        "no such text: 'Nowhere'",
        "'It was rejected before.': ends with '', not '.'",
        f"nl: 2 taken, 2 refused, {len(asked) - 2} to translate",
    ]
    with (tmp_path / "nl" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Queued") == "In wachtrij"
    assert translations.pgettext("mail", "To") == "Aan"
    assert translations.gettext("It was rejected before.") == "It was rejected before."
