"""Mail through real servers on this machine."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from app.adapters.mail import check_mail_server, send_mail
from app.rules.errors import Invalid, OutsideUnavailable
from app.settings import Settings


class Box:
    """Keeps every mail that arrives."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append((envelope.rcpt_tos, BytesParser(policy=default).parsebytes(content.replace(b"\r\n", b"\n"))))
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def signing_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    return AuthResult(success=getattr(data, "password", b"") == b"right", handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running(box: Box, **options: Any) -> Iterator[Settings]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    yield Settings(
        smtp_host="localhost", smtp_port=controller.port, smtp_tls="none", mail_from="CityReady <app@city.example>"
    )
    controller.stop()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def plain(box: Box) -> Iterator[Settings]:
    yield from running(box)


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
    subprocess.run([program, *request, *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    return context


@pytest.fixture
def starttls(box: Box, certificate: ssl.SSLContext) -> Iterator[Settings]:
    for settings in running(box, tls_context=certificate, require_starttls=True):
        yield settings.model_copy(update={"smtp_tls": "starttls"})


@pytest.fixture
def guarded(
    box: Box, certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Takes mail only from who signs in as app, after STARTTLS."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    for settings in running(box, tls_context=certificate, authenticator=signing_in, auth_required=True):
        yield settings.model_copy(update={"smtp_tls": "starttls"})


@pytest.fixture
def tls(box: Box, certificate: ssl.SSLContext) -> Iterator[Settings]:
    for settings in running(box, server_hostname="localhost", ssl_context=certificate):
        yield settings.model_copy(update={"smtp_tls": "tls"})


def test_a_mail_arrives_as_it_was_written(box: Box, plain: Settings) -> None:
    send_mail(plain, "Lead@Newark.example", "Evidencia: año 2024 ✓", "Hello,\n\nseñora.\n.\nEnd\n")
    [(recipients, mail)] = box.mails
    assert recipients == ["lead@newark.example"]
    assert mail["To"] == "lead@newark.example"
    assert mail["From"] == "CityReady <app@city.example>"
    assert mail["Subject"] == "Evidencia: año 2024 ✓"
    assert mail["Message-ID"].partition("@")[2] == "city.example>"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content() == "Hello,\n\nseñora.\n.\nEnd\n"


@pytest.mark.parametrize(
    "subject", ["Hi\r\nBcc: x@y.example", "Hi\nBcc: x@y.example", "Hi\x0bBcc:\u2028x\x00", "Hi\r\n\r\nbody"]
)
def test_a_subject_cannot_add_a_header_or_a_recipient(box: Box, plain: Settings, subject: str) -> None:
    send_mail(plain, "lead@newark.example", subject, "text")
    [(recipients, mail)] = box.mails
    assert recipients == ["lead@newark.example"]
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Hi ")
    assert mail.get_content() == "text\n"


@pytest.mark.parametrize(
    "to", ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "A <a@b.example>", "", "a@[", "a b@c.example"]
)
def test_what_is_not_one_address_gets_no_mail(box: Box, plain: Settings, to: str) -> None:
    with pytest.raises(Invalid) as refused:
        send_mail(plain, to, "subject", "text")
    assert "email" in refused.value.fields
    assert box.mails == []


def test_a_line_of_text_cannot_end_the_mail(box: Box, plain: Settings) -> None:
    send_mail(plain, "lead@newark.example", "s", "one\r\n.\r\nMAIL FROM:<x@y.example>\r\ntwo\n")
    [(_, mail)] = box.mails
    assert "two" in mail.get_content()


def test_a_server_that_refuses_is_one_sentence(box: Box, plain: Settings) -> None:
    with pytest.raises(OutsideUnavailable, match="could not be sent now"):
        send_mail(plain, "nobody@newark.example", "s", "t")


def test_the_right_password_opens_a_guarded_server(box: Box, guarded: Settings) -> None:
    known = guarded.model_copy(update={"smtp_user": "app", "smtp_password": "right"})
    send_mail(known, "lead@newark.example", "s", "t")
    assert len(box.mails) == 1
    assert check_mail_server(known) is None


def test_the_wrong_password_sends_nothing_and_doctor_says_why(box: Box, guarded: Settings) -> None:
    wrong = guarded.model_copy(update={"smtp_user": "app", "smtp_password": "wrong"})
    with pytest.raises(OutsideUnavailable):
        send_mail(wrong, "lead@newark.example", "s", "t")
    assert box.mails == []
    assert "535" in str(check_mail_server(wrong))
    assert "wrong" not in str(check_mail_server(wrong))
    with pytest.raises(OutsideUnavailable):
        send_mail(guarded, "lead@newark.example", "s", "t")


def test_nothing_is_sent_in_the_clear_when_starttls_is_asked_for(box: Box, plain: Settings) -> None:
    careful = plain.model_copy(update={"smtp_tls": "starttls"})
    with pytest.raises(OutsideUnavailable):
        send_mail(careful, "lead@newark.example", "s", "t")
    assert box.mails == []
    assert "STARTTLS" in str(check_mail_server(careful))


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_an_encrypted_mail_goes_to_a_server_with_a_trusted_name_only(
    box: Box, tmp_path: Path, way: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = request.getfixturevalue(way)
    with pytest.raises(OutsideUnavailable):
        send_mail(settings, "lead@newark.example", "s", "t")
    assert "certificate" in str(check_mail_server(settings)).lower()
    assert box.mails == []
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    send_mail(settings, "lead@newark.example", "s", "t")
    assert len(box.mails) == 1
    assert check_mail_server(settings) is None


def test_doctor_says_which_server_does_not_answer() -> None:
    problem = str(check_mail_server(Settings(smtp_host="127.0.0.1", smtp_port=1)))
    assert problem.startswith("The mail server 127.0.0.1 port 1 does not work")


def test_without_a_server_doctor_is_content_and_sending_says_so() -> None:
    assert check_mail_server(Settings(smtp_host="")) is None
    with pytest.raises(OutsideUnavailable):
        send_mail(Settings(smtp_host=""), "lead@newark.example", "s", "t")
