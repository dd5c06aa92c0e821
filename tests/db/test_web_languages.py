"""Who reads a page in which language, and how dates, amounts and codes are written in it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Template
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime, override

from posthorn.archive.rules import Refused
from posthorn.delivery.queries.standing import Stand, Standing
from posthorn.delivery.states import STATES, Hold, State
from posthorn.tenancy.models import Person
from posthorn.web import wording
from posthorn.web.labels import label
from posthorn.web.languages import language
from posthorn.web.refusals import refusal
from posthorn.web.templatetags.posthorn import amount, took
from tests.db.web_desk import Desk

LOGIN = "/accounts/login/"
CHOOSE = "/language/"


def language_of(page: Any) -> str:  # noqa: ANN401  # a response of the test client
    said: str = page["Content-Language"]
    assert f'<html lang="{said}"' in " ".join(page.content.decode().split())
    return said


@pytest.fixture
def desk(db: None) -> Desk:  # noqa: ARG001  # opens the database
    return Desk()


def speak(person: Person, code: str) -> None:
    Person.objects.filter(pk=person.pk).update(language=code)


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("fr-FR", "fr"),
        ("de-AT,fr;q=0.4", "de"),
        ("it,es;q=0.5", "en"),
        ("", "en"),
        ("x" * 5000, "en"),
    ],
)
@pytest.mark.django_db
def test_a_browser_that_never_signed_in_is_answered_in_its_own_language(
    accepted: str, said: str
) -> None:
    page = Browser().get(LOGIN, headers={"accept-language": accepted})

    assert language_of(page) == said
    assert {"Accept-Language", "Cookie"} <= set(page["Vary"].split(", "))


@pytest.mark.django_db
def test_the_language_picked_on_the_sign_in_page_goes_before_the_browsers() -> None:
    browser = Browser(headers={"accept-language": "nl"})

    answer = browser.post(CHOOSE, {"language": "fr", "next": LOGIN})

    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("fr", True, "Lax")
    assert language_of(browser.get(LOGIN)) == "fr"


def test_a_persons_own_language_goes_before_all_others(desk: Desk) -> None:
    speak(desk.person, "de")
    desk.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"

    page = desk.browser.get(f"{desk.base}/deliveries/", headers={"accept-language": "nl"})

    assert language_of(page) == "de"


def test_choosing_a_language_is_kept_with_the_person(desk: Desk) -> None:
    answer = desk.browser.post(CHOOSE, {"language": "nl", "next": f"{desk.base}/deliveries/"})

    assert answer["Location"] == f"{desk.base}/deliveries/"
    assert Person.objects.get(pk=desk.person.pk).language == "nl"
    assert language_of(desk.browser.get(f"{desk.base}/deliveries/")) == "nl"


@pytest.mark.parametrize("chosen", ["it", "", "nl-BE", "../nl", "NL"])
def test_a_language_we_do_not_speak_is_refused_and_changes_nothing(desk: Desk, chosen: str) -> None:
    speak(desk.person, "fr")

    answer = desk.browser.post(CHOOSE, {"language": chosen})

    assert answer.status_code == 400
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert Person.objects.get(pk=desk.person.pk).language == "fr"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
@pytest.mark.django_db
def test_choosing_a_language_leads_to_no_other_site(away: str) -> None:
    assert Browser().post(CHOOSE, {"language": "nl", "next": away})["Location"] == "/"


@pytest.mark.django_db
def test_a_language_is_chosen_by_a_form_of_ours_alone() -> None:
    strict = Browser(enforce_csrf_checks=True)

    assert strict.post(CHOOSE, {"language": "nl"}).status_code == 403
    assert strict.get(CHOOSE).status_code == 405


@pytest.mark.django_db
def test_whoever_never_signed_in_costs_no_query() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        Browser().get(LOGIN, headers={"accept-language": "nl"})

    assert [one["sql"] for one in asked if "person" in one["sql"] or "session" in one["sql"]] == []


def test_whoever_is_signed_in_is_looked_up_once(desk: Desk) -> None:
    with CaptureQueriesContext(connection) as asked:
        desk.browser.get(f"{desk.base}/deliveries/")

    people = [one["sql"] for one in asked if 'FROM "tenancy_person"' in one["sql"]]
    assert len(people) == 1


def test_the_language_of_one_request_does_not_stay_for_the_next(desk: Desk) -> None:
    speak(desk.person, "de")
    desk.browser.get(f"{desk.base}/deliveries/")

    assert language() == "en"
    assert language_of(Browser().get(LOGIN)) == "en"


def test_a_page_that_does_not_exist_speaks_the_readers_language(desk: Desk) -> None:
    speak(desk.person, "fr")

    assert desk.browser.get("/nowhere/")["Content-Language"] == "fr"


HELD = {
    "nl": "De klant heeft geen adres voor dit soort document.",
    "fr": "Le client n'a pas d'adresse pour ce type de document.",
    "de": "Der Mandant hat keine Adresse für diese Art von Dokument.",
    "en": "The client has no address for this kind of document.",
}


@pytest.mark.parametrize("code", HELD)
def test_a_hold_is_told_in_the_language_of_the_page(code: str) -> None:
    with translation.override(code):
        told = wording.words_of_state(State.HELD, Hold.MISSING_ADDRESS)

    assert told.why == HELD[code]


# The words that design has agreed with accountants, code by code.
VOCABULARY = {
    State.HELD: ("In de wacht", "En attente d'action", "Angehalten"),
    State.QUEUED: ("In wachtrij", "En file d'attente", "In Warteschlange"),
    State.SENDING: ("Wordt verzonden", "Envoi en cours", "Wird gesendet"),
    State.RETRYING: ("Nieuwe poging", "Nouvel essai", "Neuer Versuch"),
    State.ACCEPTED: (
        "Aanvaard door mailserver",
        "Accepté par le serveur",
        "Vom Mailserver angenommen",
    ),
    State.UNKNOWN: ("Wordt nagegaan", "Vérification", "Wird geprüft"),
    State.BOUNCED: ("Teruggestuurd", "Retourné", "Zurückgewiesen"),
    State.REFUSED: ("Geweigerd", "Refusé", "Abgelehnt"),
    State.CANCELLED: ("Geannuleerd", "Annulé", "Abgebrochen"),
    State.EXPIRED: ("Gestopt na 5 dagen", "Abandonné après 5 jours", "Nach 5 Tagen beendet"),
}


@pytest.mark.parametrize("state", VOCABULARY)
def test_states_have_the_agreed_words(state: State) -> None:
    told = []
    for code in ("nl", "fr", "de"):
        with translation.override(code):
            told.append(wording.state_word(state))

    assert tuple(told) == VOCABULARY[state]


@pytest.mark.parametrize("code", ["nl", "fr", "de"])
def test_no_two_states_share_a_word_in_any_language(code: str) -> None:
    with translation.override(code):
        told = [wording.state_word(state) for state in State]
        told += [wording.words_of_standing(Standing(where=stand)).word for stand in Stand]

    assert sorted(told) == sorted(set(told))


def test_tables_stay_english_for_commands_whatever_the_page_speaks() -> None:
    with translation.override("nl"):
        assert STATES[State.HELD].word == "On hold"
        assert wording.state_word(State.HELD) == "In de wacht"


def test_refusals_kinds_fields_and_codes_are_told_in_the_language() -> None:
    with translation.override("nl"):
        assert refusal(Refused.REJECTED) == "Het werd eerder afgekeurd."
        assert wording.kind_word("invoice", "purchase") == "Aankoopfactuur"
        assert [label("to"), label("tls"), label("subject")] == ["Aan", "TLS", "Onderwerp"]
        assert wording.explanation("email_delivery", "relay_unreachable").startswith(
            "De mailserver"
        )
        assert wording.words_of_check("valid").word == "Geldig"
    assert wording.kind_word("invoice", "purchase") == "Purchase invoice"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "1,234,567.50 EUR"),
        ("nl", "1.234.567,50 EUR"),
        ("fr", "1.234.567,50 EUR"),
        ("de", "1.234.567,50 EUR"),
    ],
)
def test_amounts_are_written_as_in_belgium_with_their_currency(code: str, written: str) -> None:
    with translation.override(code):
        assert amount(Decimal("1234567.5"), "EUR") == written


def test_durations_round_and_use_the_comma_of_the_language() -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with translation.override("nl"):
        assert took(start + dt.timedelta(seconds=1.96), start) == "2,0 s"
        assert took(start + dt.timedelta(seconds=0.25), start) == "250 ms"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "3 Mar 2026 14:05|9 Nov|03/03/2026|12,345"),
        ("nl", "3 mrt 2026 14:05|9 nov|03/03/2026|12.345"),
        ("fr", "3 mars 2026 14:05|9 nov.|03/03/2026|12.345"),
        ("de", "3. März 2026 14:05|9. Nov.|03/03/2026|12.345"),
    ],
)
def test_dates_and_counts_are_written_as_in_belgium(code: str, written: str) -> None:
    template = Template(
        '{{ at|date:"DATETIME_FORMAT" }}|{{ later|date:"MONTH_DAY_FORMAT" }}'
        '|{{ at|date:"SHORT_DATE_FORMAT" }}|{{ n }}'
    )
    at = dt.datetime(2026, 3, 3, 14, 5, tzinfo=dt.UTC)
    with translation.override(code):
        told = template.render(Context({"at": at, "later": dt.date(2026, 11, 9), "n": 12345}))

    assert told == written


@pytest.mark.parametrize("code", ["en", "nl", "fr", "de"])
def test_days_and_moments_are_drawn_as_the_formats_of_the_language_say(code: str) -> None:
    at = dt.datetime(2026, 3, 1, 23, 5, 7, tzinfo=dt.UTC)
    zone = dt.timezone(dt.timedelta(hours=1))
    with translation.override(code), override(zone):
        local = localtime(at)
        short, full = (
            date_format(local, form) for form in ("SHORT_DATETIME_FORMAT", "DATETIME_FORMAT")
        )
        drawn = Template(
            "{% load times %}{% moment at %}\n{% moment at 'full' class=named %}\n"
            "{% moment at 'day' %}\n{% day local.date %}"
        ).render(Context({"at": at, "local": local, "named": "a&b"}))

    assert drawn.split("\n") == [
        f'<time datetime="2026-03-02T00:05:07+01:00">{short}</time>',
        f'<time class="a&amp;b" datetime="2026-03-02T00:05:07+01:00">{full}</time>',
        f'<time datetime="2026-03-02T00:05:07+01:00" title="{full}">02/03/2026</time>',
        '<time datetime="2026-03-02">02/03/2026</time>',
    ]
