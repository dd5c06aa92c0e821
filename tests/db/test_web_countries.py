from __future__ import annotations

import pytest
from django.utils import translation

from posthorn.tenancy.models import Client
from posthorn.tenancy.scope import acting
from posthorn.web.countries import countries, country_name
from tests.db.web_desk import Desk


@pytest.mark.parametrize(
    ("code", "nearby"),
    [
        ("en", ["Belgium", "Netherlands", "Luxembourg", "France", "Germany"]),
        ("nl", ["België", "Nederland", "Luxemburg", "Frankrijk", "Duitsland"]),
        ("fr", ["Belgique", "Pays-Bas", "Luxembourg", "France", "Allemagne"]),
        ("de", ["Belgien", "Niederlande", "Luxemburg", "Frankreich", "Deutschland"]),
    ],
)
def test_countries_nearby_come_first(code: str, nearby: list[str]) -> None:
    with translation.override(code):
        offered = countries()

    assert [name for _, name in offered][:5] == nearby
    assert len(dict(offered)) == len(offered) == 249


def test_the_others_come_by_name_whatever_their_accents() -> None:
    with translation.override("de"):
        names = [name for _, name in countries()]

    assert names.index("Oman") < names.index("Österreich") < names.index("Pakistan")


def test_letters_of_no_country_stand_for_themselves() -> None:
    with translation.override("nl"):
        assert [country_name(code) for code in ("CZ", "XI", "")] == ["Tsjechië", "XI", ""]


@pytest.mark.django_db
def test_a_country_that_no_list_has_stays_until_another_is_chosen() -> None:
    desk = Desk()
    edit = f"clients/{desk.client.pk}/edit/"
    with acting(desk.firm.pk):
        Client.objects.update(country="XI")  # Northern Ireland, in numbers for VAT
    offered = desk.read(edit)
    known = {"name": "Bakker", "dossier_number": "12", "language": "nl"}

    desk.post(edit, **known, country="XI")

    assert '<option value="XI" selected>XI</option>' in offered
    with acting(desk.firm.pk):
        assert Client.objects.get().country == "XI"
    desk.post(edit, **known, country="GB")
    assert '<option value="XI"' not in desk.read(edit)
