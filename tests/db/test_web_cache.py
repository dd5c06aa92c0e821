"""The cache on which sign-in limits and used codes stand."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from posthorn.web.cache import SharedCache

pytestmark = pytest.mark.django_db


def test_the_cache_of_sign_in_limits_never_drops_a_live_key() -> None:
    shared = SharedCache("posthorn_cache", {})
    for number in range(350):
        shared.set(f"key-{number}", number, timeout=60)

    assert [shared.get(f"key-{number}") for number in range(350)] == list(range(350))
    assert shared.add("key-0", "other", timeout=60) is False
    assert shared.touch("key-0", timeout=60) is True
    assert shared.touch("nobody", timeout=60) is False


def test_a_key_past_its_time_can_be_taken_and_is_cleaned_away() -> None:
    shared = SharedCache("posthorn_cache", {})
    shared.set("past", "old", timeout=-1)
    shared.set("other", "old", timeout=-1)

    assert shared.get("past") is None
    assert shared.add("past", "new", timeout=60) is True
    assert shared.get("past") == "new"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM posthorn_cache WHERE cache_key LIKE %s", ["%other"])
        assert cursor.fetchone() == (0,)


def test_the_product_uses_that_cache() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "posthorn.web.cache.SharedCache"
