"""The address that people use where none is set: that of the port which is served, so that links made by other commands lead there."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from app.settings import Settings

FILE = "address"
"""In the data folder, locked while the app is served from it."""
EVERY_NETWORK = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (a name for it, nothing listens here)


def served_at(host: str, port: int) -> Settings:
    """The settings, with the address that is served here where none was set."""
    name = EVERY_NETWORK.get(host, f"[{host}]" if ":" in host else host)
    return _with_address(f"http://{name}:{port}")


def settings_here() -> Settings:
    """The settings for a command that serves nothing: the address is that of PORT, else the one being served, where none was set."""
    port = os.environ.get("PORT", "")
    return _with_address(f"http://127.0.0.1:{port}" if port else served_address(Settings()))


def served_address(settings: Settings) -> str:
    """The address under which this data folder is served just now, or nothing: what a killed server noted is held by nobody."""
    with suppress(OSError, UnicodeDecodeError), (settings.data_dir / FILE).open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip()
    return ""


def _with_address(url: str) -> Settings:
    settings = Settings()
    known = "public_url" in settings.model_fields_set or not url
    return settings if known else settings.model_copy(update={"public_url": url})


@contextmanager
def keep_address(settings: Settings) -> Iterator[None]:
    """Keep the address in the data folder for other commands, and hold it as long as it is served."""
    with ExitStack() as stack:
        with suppress(OSError):  # a disk that takes nothing is told of elsewhere
            file = stack.enter_context((settings.data_dir / FILE).open("a+", encoding="utf-8"))
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            file.truncate(0)
            file.write(settings.public_url)
            file.flush()
        yield
