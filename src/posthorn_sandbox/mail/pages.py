"""The pages people look at: what arrived per mailbox, and one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from posthorn_sandbox.mail.letter import Attachment, Letter
from posthorn_sandbox.mail.spool import Message

STYLE = """\
:root { color-scheme: light dark; --edge: #d3d8de; --soft: #f3f5f8; --quiet: #566270;
  --link: #0b57a4; --ink: #1d2733 }
@media (prefers-color-scheme: dark) {
  :root { --edge: #3a4450; --soft: #1f2730; --quiet: #a9b4bf; --link: #8cc2ff; --ink: #e4e9ee }
  body { background: #151b21 }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); margin: 0 }
header, main { max-width: 64rem; margin: 0 auto; padding: 1rem }
header p, .aside { margin: 0; padding: .6rem .9rem; background: var(--soft);
  border-left: 4px solid #b07400 }
h1 { font-size: 1.4rem; margin: 1rem 0 0 }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere }
a { color: var(--link) }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -99rem }
.skip:focus { left: 1rem; top: .5rem; background: Canvas; padding: .3rem .6rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: var(--quiet); padding-bottom: .3rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
  border-bottom: 1px solid var(--edge); overflow-wrap: anywhere }
th { font-weight: 600; white-space: nowrap }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); padding: .9rem }
"""


def overview(messages: Sequence[Message]) -> str:
    """Return the page that lists what arrived, per mailbox and newest first."""
    boxes: dict[str, list[Message]] = {}
    for message in reversed(messages):
        for recipient in dict.fromkeys(to.lower() for to in message.recipients):
            boxes.setdefault(recipient, []).append(message)
    if not boxes:
        return _page("Mail in the sandbox", "<p>Nothing has arrived yet.</p>")
    count = f"<p>{_counted(len(messages), 'message')} in {_counted(len(boxes), 'mailbox')}.</p>"
    sections = "".join(_mailbox(to, boxes[to]) for to in sorted(boxes))
    return _page("Mail in the sandbox", count + sections)


def mail(message: Message, letter: Letter) -> str:
    """Return the page that shows one message: envelope, headers, text and attachments."""
    envelope = [
        ("Envelope from", message.sender),
        ("Envelope to", ", ".join(message.recipients)),
        ("Received", _time_text(message.received_at)),
        ("Stored", _time_text(message.stored_at)),
        ("Answered", _time_text(message.answered_at) if message.answered_at else "no"),
        ("Encrypted", message.tls or "no"),
        ("Size", f"{message.size:,} bytes"),
        ("SHA-256", message.sha256),
    ]
    body = (
        '<p><a href="/">All mailboxes</a> · '
        f'<a href="/messages/{message.number}">Download the message as it came</a></p>'
        + _rows("What the server noted", envelope)
        + _rows("Headers", letter.headers)
        + _text(letter)
        + _attachments(message, letter.attachments)
    )
    return _page(message.subject or "(no subject)", body)


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(title)} · Posthorn sandbox</title>\n"
        '<link rel="stylesheet" href="/style.css">\n</head>\n<body>\n'
        '<a class="skip" href="#content">Skip to the content</a>\n<header>\n'
        "<p>This is the <strong>sandbox's stand-in</strong> for the mail servers of accounting "
        "packages. Nothing here has left this machine.</p>\n"
        f'</header>\n<main id="content">\n<h1>{_safe(title)}</h1>\n{body}\n</main>\n'
        "</body>\n</html>\n"
    )


def _mailbox(recipient: str, messages: Sequence[Message]) -> str:
    rows = "".join(
        f'<tr><td class="number">{message.number}</td><td>{_time(message.received_at)}</td>'
        f"<td>{_safe(message.sender)}</td>"
        f'<td><a href="/mail/{message.number}">{_safe(message.subject or "(no subject)")}</a></td>'
        f'<td class="number">{message.size:,}</td><td>{"yes" if message.tls else "no"}</td></tr>\n'
        for message in messages
    )
    return (
        f'<section><h2>{_safe(recipient)}</h2><div class="wide"><table>\n'
        f"<caption>{_counted(len(messages), 'message')}, newest first</caption>\n"
        '<thead><tr><th scope="col" class="number">No.</th><th scope="col">Received</th>'
        '<th scope="col">From</th><th scope="col">Subject</th>'
        '<th scope="col" class="number">Bytes</th><th scope="col">Encrypted</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div></section>\n"
    )


def _rows(title: str, pairs: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_safe(name)}</th><td>{_safe(value)}</td></tr>\n'
        for name, value in pairs
    )
    return f'<h2>{title}</h2><div class="wide"><table><tbody>\n{rows}</tbody></table></div>\n'


def _text(letter: Letter) -> str:
    shown = f"<pre>{_safe(letter.text)}</pre>" if letter.text else "<p>It has no plain text.</p>"
    return f"<h2>Text</h2>{shown}\n"


def _attachments(message: Message, attachments: Sequence[Attachment]) -> str:
    if not attachments:
        return "<h2>Attachments</h2><p>None.</p>"
    items = "".join(
        f'<li><a href="/messages/{message.number}/attachments/{place}">'
        f"{_safe(attachment.file_name)}</a> "
        f"({_safe(attachment.media_type)}, {len(attachment.content):,} bytes)</li>\n"
        for place, attachment in enumerate(attachments)
    )
    return f"<h2>Attachments</h2><ul>\n{items}</ul>"


def _time(moment: datetime) -> str:
    return f'<time datetime="{moment.isoformat()}">{_time_text(moment)}</time>'


def _time_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def _counted(count: int, thing: str) -> str:
    if count == 1:
        return f"1 {thing}"
    return f"{count} {thing}{'es' if thing.endswith('x') else 's'}"


def _safe(text: str) -> str:
    # A browser takes no lone surrogates or NUL; the raw message shows them.
    return escape(
        text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
