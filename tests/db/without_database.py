"""Asks pages while no database answers; prints status, Retry-After and heading, as JSON."""

from __future__ import annotations

import json
import logging
import re
import sys

import django

PAGES = ("/", "/health", "/accounts/2fa/", "/firms/01a1fb67-1ead-7118-9317-117e79f8eb8b/")


def main() -> None:
    """Ask as somebody whose browser was signed in."""
    django.setup()
    from django.conf import settings  # noqa: PLC0415  # after the set-up
    from django.test import Client  # noqa: PLC0415

    logging.disable()
    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    answers = {}
    for page in PAGES:
        response = browser.get(page)
        said = response.content.decode()
        heading = re.search(r"<h1>(.*?)</h1>", said)
        words = heading[1] if heading else said.strip()
        answers[page] = [response.status_code, response.get("Retry-After", ""), words]
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
