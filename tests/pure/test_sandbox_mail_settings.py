"""Where the sandbox may listen, and what its certificates say."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from posthorn_sandbox.mail import (
    CertificateOrder,
    NotLoopbackError,
    PortTakenError,
    Receiver,
    ReceiverSettings,
)
from posthorn_sandbox.mail.__main__ import read_login
from posthorn_sandbox.mail.certificates import issue
from posthorn_sandbox.mail.settings import explain_bind, require_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1"])
def test_loopback_addresses_are_taken_as_they_are(host: str) -> None:
    assert require_loopback(host) == host


def test_localhost_is_the_address_every_machine_has() -> None:
    assert require_loopback("localhost") == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "mail.example", ""])  # noqa: S104  refused
def test_other_addresses_are_refused(host: str) -> None:
    with pytest.raises(NotLoopbackError) as refused:
        Receiver(ReceiverSettings(host=host))

    assert str(refused.value) == (
        f"The sandbox listens on this machine only: use 127.0.0.1 or ::1, not {host}."
    )


def test_taken_port_is_told_apart_from_other_problems() -> None:
    taken = explain_bind(OSError(errno.EADDRINUSE, "Address in use"), ("127.0.0.1", 25))
    denied = explain_bind(OSError(errno.EACCES, "Permission denied"), ("127.0.0.1", 25))

    assert type(taken) is PortTakenError
    assert str(taken) == "Port 25 on 127.0.0.1 is taken; choose another one, or 0 for any."
    assert type(denied) is not PortTakenError
    assert str(denied) == "Cannot listen on 127.0.0.1 port 25: Permission denied."


def test_password_is_the_first_line_of_its_file_and_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"s3cret: x\r\nnot this\n")

    login = read_login(f"relay:{file}")

    assert (login.user, login.password) == ("relay", "s3cret: x")
    assert "s3cret" not in repr(login)


@pytest.mark.parametrize("text", ["relay", ":file", "relay:"])
def test_login_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^give USER:PASSWORDFILE, where"):
        read_login(text)


def test_certificate_names_its_hosts_and_keeps_its_key_private(tmp_path: Path) -> None:
    issued = issue(tmp_path, CertificateOrder(hosts=("relay.example", "127.0.0.1")))

    certificate = x509.load_pem_x509_certificate(issued.certificate_path.read_bytes())
    authority = x509.load_pem_x509_certificate(issued.ca_path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    certificate.verify_directly_issued_by(authority)
    assert names.get_values_for_type(x509.DNSName) == ["relay.example"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert issued.key_path.stat().st_mode & 0o777 == 0o600
    assert authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == (
        "Posthorn sandbox authority"
    )


def test_certificate_can_be_ordered_expired(tmp_path: Path) -> None:
    issued = issue(tmp_path, CertificateOrder(valid_for=timedelta(days=-1)))

    certificate = x509.load_pem_x509_certificate(issued.certificate_path.read_bytes())

    assert certificate.not_valid_before_utc < certificate.not_valid_after_utc < datetime.now(UTC)
