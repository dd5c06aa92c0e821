"""A program that uses the library `exact-online-sdk` as its author meant it; prints what it got.

Its argument is the first line of the stand-in.
"""

from __future__ import annotations

import base64
import json
import sys
from urllib.parse import parse_qs, urlsplit

import httpx
from exact_online_sdk import ExactOnlineClient, Settings
from exact_online_sdk.api import DocumentAttachmentsAPI, DocumentsAPI
from exact_online_sdk.api.endpoints import MeAPI, SystemDivisionsAPI
from exact_online_sdk.auth import ExactOnlineAuth

DIVISION = 3400123


def main() -> None:
    """Sign in, list the administrations, file a document and read it back."""
    said = json.loads(sys.argv[1])
    settings = Settings(
        client_id=said["client_id"],
        client_secret=said["client_secret"],
        redirect_uri=said["redirect_uri"],
        base_url=said["base"],
        auth_url=f"{said['base']}/api/oauth2/auth",
        token_url=f"{said['base']}/api/oauth2/token",
        division=DIVISION,
    )
    auth = ExactOnlineAuth(settings)
    answer = httpx.get(auth.get_authorization_url("state-1"))
    returned = parse_qs(urlsplit(answer.headers["location"]).query)
    token = auth.exchange_code_for_token(returned["code"][0])
    with ExactOnlineClient(settings, auth=auth) as client:
        me = MeAPI(client).list(select=["UserName", "CurrentDivision"])
        divisions = SystemDivisionsAPI(client).list(select=["Code", "Description", "VATNumber"])
        documents, attachments = DocumentsAPI(client), DocumentAttachmentsAPI(client)
        made = documents.create({"Subject": "Acme's invoice", "Type": 20}, raw=True)
        content = base64.b64encode(b"<Invoice/>").decode()
        attached = attachments.create(
            {"Document": made["ID"], "FileName": "a.xml", "Attachment": content}
        )
        found = documents.list(
            filters={"Subject": "Acme's invoice"}, select=["ID", "HID"], raw=True
        )
        bytes_back = httpx.get(
            attached.url, headers={"Authorization": f"Bearer {auth.get_access_token()}"}
        )
        for number in range(64):
            documents.create({"Subject": f"Page {number}", "Type": 10}, raw=True)
        pages = documents.iter_pages(select=["ID"], page_size=None, raw=True)
        told = {
            "state": returned["state"],
            "token_type": token.token_type,
            "me": [(one.user_name, one.current_division) for one in me],
            "divisions": [(one.code, one.description, one.vat_number) for one in divisions],
            "attached": (str(attached.document), attached.file_name, attached.file_size),
            "document": made["ID"],
            "found": [(one["ID"], one["HID"]) for one in found],
            "bytes": bytes_back.text,
            "pages": [len(page) for page in pages],
        }
        documents.delete(made["ID"])
        told["left"] = len(documents.list(filters={"Type": 20}, raw=True))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
