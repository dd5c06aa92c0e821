"""A throw-away authority and a host certificate, so that TLS can be verified on loopback."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateOrder:
    """What the host certificate says; change it to show a sender a wrong or an expired one."""

    hosts: Sequence[str] = ("localhost", "127.0.0.1", "::1")
    valid_for: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Files in PEM: the authority a client should trust, the host's certificate and its key."""

    ca_path: Path
    certificate_path: Path
    key_path: Path

    def server_context(self) -> ssl.SSLContext:
        """Return a server's TLS context with this certificate, TLS 1.2 and up."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate_path, self.key_path)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return a verifying client's TLS context that trusts this authority only."""
        return ssl.create_default_context(cafile=self.ca_path)


def issue(folder: Path, order: CertificateOrder | None = None) -> Certificate:
    """Write a new authority and a host certificate into the folder (keys readable by us only)."""
    wanted = order or CertificateOrder()
    folder.mkdir(parents=True, exist_ok=True)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    host_key = ec.generate_private_key(ec.SECP256R1())
    ca = _authority(ca_key)
    host = _host_certificate(host_key, ca, ca_key, wanted)
    issued = Certificate(
        ca_path=folder / "ca.pem",
        certificate_path=folder / "host.pem",
        key_path=folder / "host.key",
    )
    issued.ca_path.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    issued.certificate_path.write_bytes(host.public_bytes(serialization.Encoding.PEM))
    _write_private(issued.key_path, host_key)
    return issued


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("Posthorn sandbox authority")
    return (
        _builder(name, name, key, timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _host_certificate(
    key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    order: CertificateOrder,
) -> x509.Certificate:
    names = x509.SubjectAlternativeName([_general_name(host) for host in order.hosts])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    return (
        _builder(_name("Posthorn sandbox mail"), ca.subject, key, order.valid_for)
        .add_extension(names, critical=False)
        .add_extension(usage, critical=False)
        .add_extension(issuer_key, critical=False)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .sign(ca_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, valid_for: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    # Far enough back that an order with a negative validity is expired, and not malformed.
    start = min(now, now + valid_for) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(now + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_private(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
