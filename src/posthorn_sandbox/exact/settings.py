"""What a stand-in is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from posthorn_sandbox.exact.switches import Switches
from posthorn_sandbox.mail.certificates import CertificateOrder

# The app that every new stand-in knows; the secret protects nothing.
CLIENT_ID = "5a11d0c5-0000-4000-8000-00000000e0c7"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105  a stand-in's, printed at its start
REDIRECT_URI = "https://posthorn.example/signing-in/"
LOOPBACK_REDIRECT_URI = "http://127.0.0.1:8000/signing-in/"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInSettings:
    """A stand-in's choices; port 0 is any free one, no file keeps the state in memory.

    `redirect_uris` are registered for the app, exactly as written; none means the usual one.
    `journal` is how many calls are remembered.
    """

    host: str = "127.0.0.1"
    port: int = 0
    admin_port: int = 0
    is_tls: bool = False
    file: Path | None = None
    redirect_uris: tuple[str, ...] = ()
    switches: Switches = field(default_factory=Switches)
    certificate: CertificateOrder = field(default_factory=CertificateOrder)
    journal: int = 10_000
    max_body_bytes: int = 60_000_000

    def registered(self) -> tuple[str, ...]:
        """Return the redirect addresses of the app."""
        usual = LOOPBACK_REDIRECT_URI if self.switches.loopback_redirects else REDIRECT_URI
        return self.redirect_uris or (usual,)
