"""The process that finds out which fences hold here, started by `adapters.children.confinement.probe_fences`: it sets them and tries them.

It tries past Python, as a library that was made to break would: through the C library itself.
"""

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path

from app.adapters.children.confinement import Fence, FileView, confine_process

OUTSIDE = Path(__file__).resolve().parents[3] / "pyproject.toml"
"""A file that is there, and that no reading needs."""


def main() -> list[Fence]:
    """The fences that were set and could not be passed."""
    library, network_before = ctypes.CDLL(None), _network_name()
    kept_out: dict[Fence, Callable[[], bool]] = {
        Fence.NETWORK: lambda: _network_name() != network_before,
        Fence.FILES: lambda: bool(library.open(os.fsencode(OUTSIDE), os.O_RDONLY) < 0),
        Fence.CALLS: lambda: bool(library.socket(2, 1, 0) < 0),
    }
    return [fence for fence in confine_process(FileView()) if kept_out[fence]()]


def _network_name() -> str:
    """The name of the network that this process is in."""
    return str(Path("/proc/self/ns/net").readlink())


if __name__ == "__main__":
    sys.stdout.write(" ".join(main()))
