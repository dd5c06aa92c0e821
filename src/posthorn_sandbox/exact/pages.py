"""The pages people see: sign-in, consent, errors, a document, and what arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from posthorn_sandbox.exact.odata.schema import Row
from posthorn_sandbox.exact.world import Division

STYLE = """\
:root { color-scheme: light dark; --edge: #d3d8de; --soft: #f3f5f8; --quiet: #566270;
  --link: #0b57a4; --ink: #1d2733; --wrong: #a3231b }
@media (prefers-color-scheme: dark) {
  :root { --edge: #3a4450; --soft: #1f2730; --quiet: #a9b4bf; --link: #8cc2ff; --ink: #e4e9ee;
    --wrong: #ff9d94 }
  body { background: #151b21 }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); margin: 0 }
header, main { max-width: 64rem; margin: 0 auto; padding: 1rem }
main.narrow { max-width: 30rem }
header p { margin: 0; padding: .6rem .9rem; background: var(--soft);
  border-left: 4px solid #b07400 }
h1 { font-size: 1.4rem; margin: 1rem 0 .5rem }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -99rem }
.skip:focus { left: 1rem; top: .5rem; background: Canvas; padding: .3rem .6rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: var(--quiet); padding-bottom: .3rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-bottom: 1px solid var(--edge); overflow-wrap: break-word; min-width: 4rem }
th { white-space: nowrap }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
label.over { display: block; margin-top: .8rem; font-weight: 600 }
input[type=text], input[type=password] { font: inherit; width: 100%; box-sizing: border-box;
  padding: .45rem .6rem }
fieldset { border: 1px solid var(--edge); margin: 1rem 0 }
fieldset label { display: block; padding: .3rem 0 }
button { font: inherit; padding: .5rem 1.1rem; margin: .8rem .5rem 0 0; cursor: pointer }
.wrong { color: var(--wrong); font-weight: 600 }
.quiet { color: var(--quiet) }
"""


def login(names: Sequence[str], return_to: str, complaint: str = "") -> str:
    """Return the page to sign in on."""
    options = "".join(f'<option value="{_safe(name)}"></option>' for name in names)
    wrong = f'<p class="wrong" role="alert">{_safe(complaint)}</p>' if complaint else ""
    body = (
        f'{wrong}<form method="post" action="/docs/Login.aspx">'
        f'<input type="hidden" name="ReturnUrl" value="{_safe(return_to)}">'
        '<label class="over" for="user">User name</label>'
        '<input type="text" id="user" name="user" list="users" autocomplete="username" required>'
        f'<datalist id="users">{options}</datalist>'
        '<label class="over" for="password">Password</label>'
        '<input type="password" id="password" name="password" autocomplete="current-password" '
        'required><button type="submit">Sign in</button></form>'
        f'<p class="quiet">Known here: {_safe(", ".join(names))}. Their passwords are in the first '
        "line that the sandbox printed.</p>"
    )
    return _page("Sign in", body, is_narrow=True)


def consent(app: str, full_name: str, divisions: Sequence[Division], action: str) -> str:
    """Return the page on which a user lets an app in."""
    ticks = "".join(
        f'<label><input type="checkbox" name="division" value="{one.code}" checked> '
        f"{one.hid} · {_safe(one.description)}</label>"
        for one in divisions
    )
    body = (
        f"<p><strong>{_safe(app)}</strong> asks for access to the data of {_safe(full_name)}.</p>"
        f'<form method="post" action="{_safe(action)}"><fieldset><legend>Administrations</legend>'
        '<label><input type="radio" name="scope" value="all" checked> Current and future '
        'administrations</label><label><input type="radio" name="scope" value="chosen"> Only these:'
        f"</label>{ticks}</fieldset>"
        '<button type="submit" name="decision" value="allow">Allow</button>'
        '<button type="submit" name="decision" value="deny">Deny</button></form>'
    )
    return _page("Allow access", body, is_narrow=True)


def error(title: str, text: str) -> str:
    """Return a page that says what went wrong."""
    return _page(title, f'<p class="wrong" role="alert">{_safe(text)}</p>', is_narrow=True)


def home(admin: str) -> str:
    """Return the front page of the stand-in itself."""
    link = f'<a href="{_safe(admin)}">what has arrived</a>'
    return _page("Exact Online, the sandbox's", f"<p>See {link}.</p>", is_narrow=True)


def document(row: Row, attachments: Sequence[Row]) -> str:
    """Return the page of one document."""
    names = ("HID", "Subject", "TypeDescription", "AccountName", "CreatorFullName")
    rows = "".join(_pair(name, row.get(name)) for name in names)
    links = "".join(
        f'<li><a href="{_safe(str(one["Url"]))}">{_safe(str(one["FileName"]))}</a></li>'
        for one in attachments
    )
    listed = f"<ul>{links}</ul>" if links else "<p>None.</p>"
    table = f'<div class="wide"><table><tbody>{rows}</tbody></table></div>'
    return _page(f"Document {row['HID']}", f"{table}<h2>Attachments</h2>{listed}")


def arrivals(
    divisions: Sequence[Division],
    arrived: Mapping[int, Sequence[Row]],
    counts: Mapping[str, object],
) -> str:
    """Return the page that lists what arrived in each administration, newest first.

    Administrations in which nothing has arrived stand at the end, in one list.
    """
    parts = "".join(_division(one, rows) for one in divisions if (rows := arrived.get(one.code)))
    parts += _empty([one for one in divisions if not arrived.get(one.code)])
    count = (
        f"<p>Documents: {counts['documents']}, without a file: "
        f"{counts['documents_without_attachment']}. Messages: {counts['messages']}, without a "
        f"file: {counts['messages_without_attachment']}.</p>"
    )
    return _page("Arrived in Exact Online", count + parts)


def _division(one: Division, rows: Sequence[Row]) -> str:
    lines = "".join(_arrived(row) for row in rows)
    return (
        f"<section><h2>{_named(one)}</h2>"
        '<div class="wide" tabindex="0"><table>'
        f"<caption>The newest {len(rows)}</caption>"
        "<thead><tr>"
        '<th scope="col">No.</th><th scope="col">Arrived</th><th scope="col">Kind</th>'
        '<th scope="col">Subject</th><th scope="col">Files</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></div></section>"
    )


def _empty(divisions: Sequence[Division]) -> str:
    if not divisions:
        return ""
    items = "".join(f"<li>{_named(one)}</li>" for one in divisions)
    return f'<section><h2>Nothing yet</h2><ul class="quiet">{items}</ul></section>'


def _named(one: Division) -> str:
    return f"{one.hid} · {_safe(one.description)} ({one.code})"


def _arrived(row: Row) -> str:
    files = row["files"]
    listed = files if isinstance(files, list) else []
    links = "<br>".join(
        f'<a href="/attachments/{_safe(str(one["id"]))}">{_safe(str(one["file_name"]))}</a> '
        f"({one['size']:,} bytes)"
        for one in listed
    )
    cells = "".join(
        f"<td>{_safe(str(row[name]))}</td>" for name in ("number", "arrived", "kind", "subject")
    )
    return f"<tr>{cells}<td>{links or 'none'}</td></tr>\n"


def _pair(name: str, value: object) -> str:
    shown = "" if value is None else str(value)
    return f'<tr><th scope="row">{name}</th><td>{_safe(shown)}</td></tr>'


def _page(title: str, body: str, *, is_narrow: bool = False) -> str:
    width = ' class="narrow"' if is_narrow else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(title)} · Posthorn sandbox</title>\n"
        '<link rel="stylesheet" href="/style.css">\n</head>\n<body>\n'
        '<a class="skip" href="#content">Skip to the content</a>\n<header>\n'
        "<p>This is the <strong>sandbox's stand-in</strong> for Exact Online. Nothing here has "
        "left this machine.</p>\n"
        f'</header>\n<main id="content"{width}>\n<h1>{_safe(title)}</h1>\n{body}\n</main>\n'
        "</body>\n</html>\n"
    )


def _safe(text: str) -> str:
    return escape(
        text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
