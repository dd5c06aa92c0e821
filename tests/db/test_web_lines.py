"""Lines of lists: what is written for a template to place, and how it gets at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest
from django.template import Context, Template
from django.utils import translation

from posthorn.delivery.queries.causes import Cause
from posthorn.delivery.queries.clients import ClientRow, ClientStatus, Volume
from posthorn.delivery.queries.documents import DocumentRow
from posthorn.delivery.queries.standing import Stand, Standing
from posthorn.delivery.states import Button, State
from posthorn.tenancy.access import Viewer
from posthorn.tenancy.entrances import Entrances
from posthorn.tenancy.roles import Role
from posthorn.web.access import Side, Space
from posthorn.web.cause_lines import lines_of_causes
from posthorn.web.client_lines import lines_of_clients
from posthorn.web.document_lines import lines_of_documents
from posthorn.web.lines import Line
from posthorn.web.menu import Item

FIRM, ONE = UUID(int=1), UUID(int=2)
AT = dt.datetime(2026, 5, 31, 8, 5, tzinfo=dt.UTC)
SPACE = Space(
    side=Side.FIRM,
    id=FIRM,
    name="Kantoor",
    firm=FIRM,
    viewer=Viewer(role=Role.ADMINISTRATOR),
    actor="",
    entrances=Entrances(firms=(), companies=()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Line):
    name: str


def test_a_template_finds_a_fact_by_its_name_and_writes_nothing_for_an_unknown_one() -> None:
    line = Named(name="A & B")

    assert line["name"] == "A & B"
    assert Template("{{ line.name }}|{{ line.other }}").render(Context({"line": line})) == (
        "A &amp; B|"
    )


def client(people: tuple[str, ...], packages: tuple[str, ...], volume: Volume | None) -> ClientRow:
    return ClientRow(
        id=ONE,
        dossier_number="10\u202e",
        name="Peeters",
        status=ClientStatus.ACTIVE,
        is_shared=True,
        packages=packages,
        people=people,
        volume=volume,
    )


def test_of_many_people_four_are_drawn_and_the_others_counted() -> None:
    rows = [client(tuple("abcdef"), ("One", "Two", "Three"), None), client(tuple("abcd"), (), None)]

    many, few = lines_of_clients(SPACE, rows)

    assert (many.people, many.more_people) == (("a", "b", "c", "d"), "2")
    assert (few.people, few.more_people) == (("a", "b", "c", "d"), "")
    assert (many.package, many.other_packages) == ("One", ("Two", "Three"))
    assert (few.package, few.other_packages) == ("", ())
    assert (many.dossier_number, many.url) == ("10[U+202E]", f"/firms/{FIRM}/clients/{ONE}/")


def test_counts_of_nothing_are_empty_but_today_beside_a_week() -> None:
    volume = Volume(last_at=AT, today=0, week=1_200, waiting=0, on_its_way=3, attention=2)
    with translation.override("de"):
        read, closed = lines_of_clients(SPACE, [client((), (), volume), client((), (), None)])

    assert (read.last_at, read.today, read.week) == (AT, "0", "1.200")
    assert (read.waiting, read.attention) == ("", "2")
    assert (closed.last_at, closed.week, closed.waiting, closed.attention) == (None, "", "", "")


def document(standing: Standing, day: dt.date | None, destinations: tuple[str, ...]) -> DocumentRow:
    return DocumentRow(
        id=ONE,
        arrived_at=AT,
        issue_date=day,
        client=None,
        client_name="",
        dossier_number="",
        category="credit_note",
        direction="sales",
        counterparty="Garage",
        number="",
        file_name="a.xml",
        total=Decimal("1234.5"),
        currency="EUR",
        standing=standing,
        destinations=destinations,
    )


def test_a_document_is_written_with_what_the_addresses_keep() -> None:
    rows = [
        document(Standing(where=Stand.UNREADABLE), None, ("One", "Two")),
        document(Standing(where=Stand.TO_APPROVE), dt.date(2026, 5, 1), ()),
    ]
    with translation.override("nl"):
        bad, fine = lines_of_documents(SPACE, rows, "?q=a&b=1")

    assert bad.url == f"/firms/{FIRM}/documents/{ONE}/?q=a&b=1"
    assert bad.preview == f"/firms/{FIRM}/documents/{ONE}/preview/?q=a&b=1"
    assert (bad.name, bad.kind, bad.amount) == ("a.xml", "Verkoopcreditnota", "1.234,50 EUR")
    assert (bad.arrived_on, fine.arrived_on) == ("31/05/2026", "")
    assert (bad.destination, bad.other_destinations) == ("One", ("Two",))
    assert (bad.has_client, bad.why, fine.why) == (False, bad.words.why, "")
    assert bad.why


def cause(number: int) -> Cause:
    return Cause(
        connection=ONE,
        connection_name="Octopus",
        connector_id="mail",
        state=State.REFUSED,
        reason="",
        code="mail.a&b c/d",
        deliveries=number,
        clients=number,
        since=AT,
        button=Button.RESEND,
    )


@pytest.mark.parametrize(
    ("number", "in_list", "in_sentence"),
    [
        (1, ("1 klant", "1 verzending"), ("1 klant,", "1 verzending")),
        (1_500, ("1.500 klanten", "1.500 verzendingen"), ("1.500 klanten,", "1.500 verzendingen")),
    ],
)
def test_a_cause_counts_in_the_words_of_its_place(
    number: int, in_list: tuple[str, str], in_sentence: tuple[str, str]
) -> None:
    with translation.override("nl"):
        (listed,) = lines_of_causes(SPACE, [cause(number)])
        (told,) = lines_of_causes(SPACE, [cause(number)], is_sentence=True)

    assert (listed.clients, listed.deliveries) == in_list
    assert (told.clients, told.deliveries) == in_sentence


def test_a_cause_leads_to_its_deliveries_and_offers_what_helps() -> None:
    with translation.override("en"):
        (line,) = lines_of_causes(SPACE, [cause(3)])

    assert line.url == (
        f"/firms/{FIRM}/deliveries/?state=refused&connection={ONE}&reason=&code=mail.a%26b%20c/d"
    )
    assert (line.has_deed, line.help_word, line.help_url) == (True, "Resend all", "")
    assert (line.helps_twice, line.since_full) == (False, "31 May 2026 08:05")


@pytest.mark.parametrize(("code", "said"), [("en", "Go to A &amp; B"), ("fr", "Aller à")])
def test_keys_name_the_places_of_the_menu_that_have_one(code: str, said: str) -> None:
    menu = [
        Item(here="a", url="/a", label="A & B", icon="x", key="a"),
        Item(here="b", url="/b", label="Elsewhere", icon="x"),
    ]
    with translation.override(code):
        drawn = Template("{% load posthorn %}{% keys menu %}").render(Context({"menu": menu}))

    assert said in drawn
    assert '<kbd translate="no">a</kbd>' in drawn
    assert "Elsewhere" not in drawn


def test_people_are_drawn_one_after_another() -> None:
    drawn = Template("{% load posthorn %}{% avatars names %}").render(
        Context({"names": ("An Peeters", "<b>")})
    )

    assert drawn.count('class="avatar"') == 2
    assert ">AP</span>" in drawn
    assert 'title="&lt;b&gt;"' in drawn
