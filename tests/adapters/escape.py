"""What a library that a hostile file has taken over would try, past Python: started by `test_confinement` as a bounded process.

Its arguments are a folder that it may write in, a secret file, a port of this machine, and `bound` or `free`.
"""

import ctypes
import json
import os
import struct
import sys
from pathlib import Path

from app.adapters.children.confinement import FileView
from app.adapters.children.start import bound_process

LIBRARY = ctypes.CDLL(None)
INTERNET, STREAM, ANYONE_RUNS, CREATE = 2, 1, 1, os.O_WRONLY | os.O_CREAT


def connects(port: int) -> bool:
    address = struct.pack("=HH4s8x", INTERNET, ((port & 255) << 8) | port >> 8, bytes([127, 0, 0, 1]))
    return bool(LIBRARY.connect(LIBRARY.socket(INTERNET, STREAM, 0), address, len(address)) == 0)


def starts() -> bool:
    child = LIBRARY.fork()
    if child == 0:
        os._exit(0)
    return int(child) > 0


def attempts(place: Path, secret: Path, port: int) -> dict[str, bool]:
    return {
        "reads a secret": LIBRARY.open(os.fsencode(secret), os.O_RDONLY) >= 0,
        "writes outside": LIBRARY.open(os.fsencode(secret.with_name("left")), CREATE, 0o600) >= 0,
        "lists a folder": LIBRARY.open(b"/", os.O_RDONLY | os.O_DIRECTORY) >= 0,
        "connects": connects(port),
        "starts a process": starts(),
        "sees its parent": LIBRARY.kill(os.getppid(), 0) == 0,
        "writes in its folder": LIBRARY.open(os.fsencode(place / "left"), CREATE, 0o600) >= 0,
    }


def main(place: Path, secret: Path, port: int, how: str, seconds: int, memory_mb: int) -> None:
    inherited = [number for number in range(3, 256) if _is_open(number)]
    if how == "bound":
        bound_process(seconds, memory_mb, file_mb=1, view=FileView(writable=(place,)))
    (place / "attempts.json").write_text(
        json.dumps(attempts(place, secret, port) | {"inherits files": bool(inherited)})
    )


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5]), int(sys.argv[6]))
