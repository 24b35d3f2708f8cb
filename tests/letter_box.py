"""A mail server for tests that keeps every letter, can be away, and refuses whom it is told to; and a clock that a test moves."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from app.services.account import sessions
from app.services.outbox.round import tend_outbox
from app.services.site import Site
from tests import world


class LetterBox:
    """`letters` has what came, with the address it was for, in its order. Addresses in `refused` get a 550, all a 451 while `is_away`."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.refused: set[str] = set()
        self.is_away = False

    async def handle_RCPT(
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such person here"
        if self.is_away:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        message = message_from_bytes(content, _class=EmailMessage, policy=default_policy)
        self.letters.append((envelope.rcpt_tos[0], message))
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for recipient, message in self.letters if recipient == address]


@contextmanager
def letter_box(site: Site, kept: Any = None) -> Iterator[Any]:
    """Runs while inside; the site sends through it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    kept = kept or LetterBox()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "public_url": "https://ready.example"}
    site.settings = site.settings.model_copy(update=given)
    try:
        yield kept
    finally:
        server.stop()


class LetterClock:
    """What day it is for the app; `work` lets the worker tend the outbox and do its jobs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, site: Site, moment: datetime) -> None:
        self.moment, self._site = moment, site
        monkeypatch.setattr(sessions, "present_moment", lambda: self.moment)

    def pass_on(self, **time: float) -> None:
        self.moment += timedelta(**time)

    def work(self) -> None:
        tend_outbox(self._site)
        world.run_jobs(self._site)


def text_of(message: EmailMessage, subtype: str = "plain") -> str:
    """The part of the letter in plain text, or in `html`."""
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


TUESDAY = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)
"""Ten in the morning in the cities of `tests/world.py`."""
