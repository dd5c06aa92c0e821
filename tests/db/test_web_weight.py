"""What a browser loads before the first page stands: styles and scripts, as they are sent."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.db.web_desk import Desk

pytestmark = pytest.mark.django_db
MOST_BYTES = 150_000


def test_styles_and_scripts_of_every_page_stay_small() -> None:
    page = Desk().read("")
    names = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page)

    found = {name: finders.find(name) for name in names}
    assert [name for name, path in found.items() if path is None] == []
    sizes = {name: len(gzip.compress(Path(str(path)).read_bytes())) for name, path in found.items()}
    assert {name.split("/")[-1] for name in sizes} >= {"tokens.css", "posthorn.js", "htmx-2.min.js"}
    assert sum(sizes.values()) < MOST_BYTES, sizes
