"""A program that uses the library `exactonline` as its authors meant it; prints what it got.

Its argument is the first line of the stand-in; the authority to trust comes by SSL_CERT_FILE.
"""

from __future__ import annotations

import base64
import json
import sys
from http.client import HTTPSConnection
from urllib.parse import parse_qs, quote, urlsplit

from exactonline.api import ExactApi
from exactonline.resource import DELETE, GET, POST, PUT
from exactonline.storage.base import ExactOnlineConfig, MissingSetting


class Kept(ExactOnlineConfig):  # type: ignore[misc]  # the library has no types
    """Keeps the library's settings in memory."""

    def __init__(self, values: dict[tuple[str, str], str]) -> None:
        self._values = values

    def get(self, section: str, option: str) -> str:
        """Return a setting."""
        try:
            return self._values[section, option]
        except KeyError as missing:
            raise MissingSetting(section, option) from missing

    def set(self, section: str, option: str, value: str) -> None:
        """Keep a setting."""
        self._values[section, option] = value


def kept(said: dict[str, str]) -> Kept:
    """Return the settings of the stand-in."""
    api = f"{said['base']}/api"
    return Kept(
        {
            ("server", "auth_url"): f"{api}/oauth2/auth",
            ("server", "rest_url"): api,
            ("server", "token_url"): f"{api}/oauth2/token",
            ("application", "base_url"): said["redirect_uri"],
            ("application", "client_id"): said["client_id"],
            ("application", "client_secret"): said["client_secret"],
        }
    )


def code_from(address: str) -> str:
    """Go where a browser would be sent, and read the code off the redirect."""
    parts = urlsplit(address)
    line = HTTPSConnection(parts.netloc, timeout=10)
    line.request("GET", f"{parts.path}?{parts.query}")
    location = line.getresponse().getheader("Location") or ""
    line.close()
    return parse_qs(urlsplit(location).query)["code"][0]


def main() -> None:
    """Sign in, choose the administration, file a document and read it back."""
    said = json.loads(sys.argv[1])
    api = ExactApi(storage=kept(said))
    api.request_token(code_from(api.create_auth_request_url()))
    choices, current = api.get_divisions()
    api.set_division(3400123)
    values = {"Subject": "Acme's invoice", "Type": 20}
    document = api.restv1(POST("documents/Documents", values))
    content = base64.b64encode(b"<Invoice/>").decode()
    values = {"Document": document["ID"], "FileName": "a.xml", "Attachment": content}
    attached = api.restv1(POST("documents/DocumentAttachments", values))
    condition = quote(f"Document eq guid'{document['ID']}'")
    found = api.restv1(GET(f"documents/DocumentAttachments?$filter={condition}"))
    place = f"documents/Documents(guid'{document['ID']}')"
    api.restv1(PUT(place, {"Subject": "Changed"}))
    for number in range(70):
        api.relations.create({"Name": f"Relation {number}"})
    changed = api.restv1(GET("documents/Documents?$select=Subject,HID"))
    api.restv1(DELETE(place))
    told = {
        "choices": choices,
        "current": current,
        "document": document["HID"],
        "attached": attached["FileSize"],
        "found": [(one["FileName"], one["FileSize"]) for one in found],
        "changed": [one["Subject"] for one in changed],
        "relations": len(api.relations.filter(select="Name")),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
