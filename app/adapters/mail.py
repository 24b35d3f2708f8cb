"""Sends plain text mail through the city's own mail server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

from app.rules.account.sign_up import check_email
from app.rules.errors import OutsideUnavailable
from app.rules.message import Message, say
from app.settings import Settings

SECONDS = 20


def send_mail(settings: Settings, to: str, subject: str, text: str) -> None:
    """Hand one mail to the server.

    Anything but one address in `to` raises Invalid for the field `email`; line breaks in the subject become spaces. A server
    that is not set, does not answer, is not the one that its certificate says, or refuses, raises OutsideUnavailable.
    """
    recipient = check_email(to)
    mail = _build_mail(settings.mail_from, recipient, subject, text)
    with _named_errors(), _open_server(settings) as server:
        server.send_message(mail, settings.mail_from, [recipient])


def check_mail_server(settings: Settings) -> Message | None:
    """What is wrong with the mail server, found by connecting and signing in; None when nothing is, or none is set."""
    if not settings.smtp_host:
        return None
    try:
        with _named_errors(), _open_server(settings) as server:
            server.noop()
    except OutsideUnavailable as error:
        return say(
            "The mail server %(host)s port %(port)s does not work: %(reason)s",
            host=settings.smtp_host,
            port=settings.smtp_port,
            reason=str(error.__cause__),
        )
    return None


def _build_mail(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["To"] = to
    mail["From"] = sender
    mail["Subject"] = "".join(filter(str.isprintable, " ".join(subject.split())))
    mail["Date"] = datetime.now(UTC)
    mail["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    mail.set_content(text)
    return mail


@contextmanager
def _open_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    with _connect_server(settings) as server:
        if settings.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server


def _connect_server(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if not host:
        raise OSError("no mail server is set")
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=SECONDS)


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise OutsideUnavailable(say("The mail could not be sent now. Try again later.")) from error
