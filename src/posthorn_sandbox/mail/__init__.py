"""A mail server of the sandbox: it keeps what arrives, shows it, and misbehaves on request."""

from __future__ import annotations

from posthorn_sandbox.mail.certificates import Certificate, CertificateOrder
from posthorn_sandbox.mail.faults import Action, Fault, FaultError, Moment, Verb
from posthorn_sandbox.mail.receiver import Receiver
from posthorn_sandbox.mail.serving import serve
from posthorn_sandbox.mail.settings import (
    Login,
    NotLoopbackError,
    PortTakenError,
    ReceiverSettings,
    SandboxError,
    Tls,
)
from posthorn_sandbox.mail.spool import Message

__all__ = [
    "Action",
    "Certificate",
    "CertificateOrder",
    "Fault",
    "FaultError",
    "Login",
    "Message",
    "Moment",
    "NotLoopbackError",
    "PortTakenError",
    "Receiver",
    "ReceiverSettings",
    "SandboxError",
    "Tls",
    "Verb",
    "serve",
]
