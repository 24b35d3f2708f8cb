"""Sends mail through the city's own mail server, as plain text or with the same in HTML."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any

from app.rules.account.sign_up import check_email
from app.rules.errors import OutsideUnavailable, Refused
from app.rules.message import Message, say
from app.settings import Settings

SECONDS = 20
NOT_NOW = say("The mail could not be sent now. Try again later.")
LASTING = 500
"""From this code on a server means its answer for good (RFC 5321, 4.2.1)."""


class UnfoldedHeader(UnstructuredHeader):
    """A header that stays in one line: an address in it would be torn apart or encoded by folding."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


def _make_policy() -> Any:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", UnfoldedHeader)  # type: ignore[arg-type]  # becomes a header by being mapped
    return EmailPolicy(header_factory=registry)


POLICY = _make_policy()


@dataclass(frozen=True)
class MailFile:
    """A file that goes along; `kind` such as application/pdf."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail to one person. `sender_name` stands before the address of this installation; `headers` go along as they are.

    A `message_id` that is given is used for the same mail again, so that a reader who gets it twice sees it once.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    sender_name: str = ""
    reply_to: str = ""
    message_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[MailFile, ...] = ()


class AddressRefused(Refused):
    """The server does not take mail for this address, and will not; `reason` is what it said."""

    def __init__(self, reason: str) -> None:
        super().__init__(say("The mail server does not take mail for this address: %(reason)s", reason=reason))
        self.reason = reason


class HandoverUnknown(OutsideUnavailable):
    """The line broke while the mail was handed over: nobody knows whether the server has it."""


def send_mail(settings: Settings, to: str, subject: str, text: str, message_id: str = "") -> None:
    """Hand one plain mail to the server; raises as `hand_over`, but that a refused address is OutsideUnavailable, too."""
    try:
        hand_over(settings, Mail(to, subject, text, message_id=message_id))
    except AddressRefused as refused:
        raise OutsideUnavailable(NOT_NOW) from refused


def hand_over(settings: Settings, mail: Mail) -> None:
    """Hand one mail to the server.

    Anything but one address in `to` raises Invalid for the field `email`; line breaks in the subject become spaces. An address or a mail
    that the server refuses for good raises AddressRefused. A server that is not set, does not answer, is not the one that its certificate
    says, or refuses for now, raises OutsideUnavailable; HandoverUnknown where it broke off in between.
    """
    recipient = check_email(mail.to)
    built = build_mail(settings.mail_from, recipient, mail)
    is_taken = False
    try:
        with _named_errors(), _open_server(settings) as server, _named_refusals():
            server.send_message(built, settings.mail_from, [recipient])
            is_taken = True
    except OutsideUnavailable:
        if not is_taken:  # what goes wrong with the farewell is no matter
            raise


def make_message_id(settings: Settings, known: str = "") -> str:
    """A Message-ID that no other mail has, under the domain that mail is sent from; with something `known` the same each time."""
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return f"<{known}@{domain}>" if known else make_msgid(domain=domain)


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


def build_mail(sender: str, recipient: str, mail: Mail) -> EmailMessage:
    """The mail as it goes over the line."""
    built = EmailMessage(policy=POLICY)
    built["To"] = recipient
    built["From"] = formataddr((_one_line(mail.sender_name), parseaddr(sender)[1])) if mail.sender_name else sender
    built["Subject"] = _one_line(mail.subject)
    built["Date"] = datetime.now(UTC)
    built["Message-ID"] = mail.message_id or make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    if mail.reply_to:
        built["Reply-To"] = mail.reply_to
    built.set_content(mail.text)
    if mail.html:
        built.add_alternative(mail.html, subtype="html")
    for file in mail.files:
        main_kind, _, kind = file.kind.partition("/")
        built.add_attachment(file.content, maintype=main_kind, subtype=kind, filename=file.name)
    for name, value in mail.headers.items():  # last, because whoever sets the content clears what is said of it
        built[name] = value
    return built


def _one_line(text: str) -> str:
    return "".join(filter(str.isprintable, " ".join(text.split())))


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
        raise OutsideUnavailable(NOT_NOW) from error


@contextmanager
def _named_refusals() -> Iterator[None]:
    """What went wrong after the server was open: refused for good, refused for now, or not known."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refusal:
        [(code, reason)] = refusal.recipients.values()
        raise _name_refusal(code, reason, refusal) from refusal
    except smtplib.SMTPDataError as refusal:
        raise _name_refusal(refusal.smtp_code, refusal.smtp_error, refusal) from refusal
    except smtplib.SMTPResponseException:
        raise
    except (OSError, smtplib.SMTPException) as error:
        raise HandoverUnknown(NOT_NOW) from error


def _name_refusal(code: int, reason: bytes | str, refusal: Exception) -> Exception:
    if code < LASTING:
        return refusal
    said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return AddressRefused(_one_line(f"{code} {said}")[:300])
