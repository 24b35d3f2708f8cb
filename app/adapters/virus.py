"""Asks a ClamAV daemon about a file, over the network or a socket of this machine: the INSTREAM command of clamd(8)."""

import socket
import struct
from collections.abc import Iterator

from app.rules.errors import OutsideUnavailable
from app.rules.message import Said, say

SECONDS = 60
CHUNK_BYTES = 1 << 16


def scan(address: str, chunks: Iterator[bytes]) -> str | None:
    """The name of the virus that was found, or None for a clean file. `address` is `host:port` or the path of a socket.

    Whatever is no clear answer raises OutsideUnavailable: a file that nobody could look at is not clean.
    """
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                for at in range(0, len(chunk), CHUNK_BYTES):
                    part = chunk[at : at + CHUNK_BYTES]
                    line.sendall(struct.pack("!I", len(part)) + part)
            line.sendall(struct.pack("!I", 0))
            return _read(_answer(line))
    except OSError as error:
        raise OutsideUnavailable(say("The virus scanner does not answer now.")) from error


def check(address: str) -> Said | None:
    """What is wrong with the scanner, found by asking it; None when nothing is, or none is set."""
    if not address:
        return None
    try:
        scan(address, iter([b"check"]))
    except OutsideUnavailable as error:
        reason = str(error.__cause__ or error)
        return say("The virus scanner at %(address)s does not work: %(reason)s", address=address, reason=reason)
    return None


def _connected(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    if port.isdigit() and host:
        return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(SECONDS)
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> str:
    found = b""
    while not found.endswith(b"\0") and len(found) < 4096:
        part = line.recv(1024)
        if not part:
            break
        found += part
    return found.rstrip(b"\0").decode(errors="replace").strip()


def _read(answer: str) -> str | None:
    """`stream: OK` or `stream: NAME FOUND`; anything else, such as a size limit, tells nothing of the file."""
    if answer == "stream: OK":
        return None
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise OutsideUnavailable(say("The virus scanner gave no clear answer.")) from ValueError(answer)
