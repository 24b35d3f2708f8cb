"""Asks a ClamAV daemon about a file, over the network or a socket of this machine: the INSTREAM command of clamd(8)."""

import socket
import struct
from collections.abc import Iterator

from app.rules.errors import OutsideUnavailable
from app.rules.message import Message, say

SECONDS = 60
CHUNK_BYTES = 1 << 16


def find_virus(address: str, chunks: Iterator[bytes]) -> str | None:
    """The name of the virus that was found, or None for a clean file. `address` is `host:port` or the path of a socket.

    Whatever is no clear answer raises OutsideUnavailable: a file that nobody could look at is not clean.
    """
    try:
        with _connect_scanner(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                for at in range(0, len(chunk), CHUNK_BYTES):
                    part = chunk[at : at + CHUNK_BYTES]
                    connection.sendall(struct.pack("!I", len(part)) + part)
            connection.sendall(struct.pack("!I", 0))
            return _judge_reply(_receive_reply(connection))
    except OSError as error:
        raise OutsideUnavailable(say("The virus scanner does not answer now.")) from error


def check_scanner(address: str) -> Message | None:
    """What is wrong with the scanner, found by asking it; None when nothing is, or none is set."""
    if not address:
        return None
    try:
        find_virus(address, iter([b"check"]))
    except OutsideUnavailable as error:
        reason = str(error.__cause__ or error)
        return say("The virus scanner at %(address)s does not work: %(reason)s", address=address, reason=reason)
    return None


def _connect_scanner(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    if port.isdigit() and host:
        return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(SECONDS)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _receive_reply(connection: socket.socket) -> str:
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < 4096:
        part = connection.recv(1024)
        if not part:
            break
        reply += part
    return reply.rstrip(b"\0").decode(errors="replace").strip()


def _judge_reply(reply: str) -> str | None:
    """`stream: OK` or `stream: NAME FOUND`; anything else, such as a size limit, tells nothing of the file."""
    if reply == "stream: OK":
        return None
    if reply.endswith(" FOUND"):
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise OutsideUnavailable(say("The virus scanner gave no clear answer.")) from ValueError(reply)
