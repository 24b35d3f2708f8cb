"""Where a proof keeps its installations: a folder, a PostgreSQL server and a bucket that go when it ends."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random

from app.adapters.storage.keys import new_key
from app.services.site import Site
from app.store.evidence.files import StoredFile
from tests.adapters.conftest import _wait_for, free_port
from tests.conftest import PostgreSql


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cityready-proof-") as name:
        yield Path(name)


@contextmanager
def postgresql() -> Iterator[PostgreSql]:
    server = PostgreSql()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def bucket(place: Path) -> Iterator[dict[str, str]]:
    """The settings of an S3 server with one bucket."""
    (place / "bucket").mkdir(parents=True)
    port = free_port()
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or "rclone"
    options = [f"--addr=127.0.0.1:{port}", "--auth-key=key,secret", "--config=", "--log-level=ERROR"]
    server = subprocess.Popen([program, "serve", "s3", *options, str(place)])
    try:
        _wait_for(server, port)
        yield {
            "storage_url": "s3://bucket/cityready",
            "storage_endpoint": f"http://127.0.0.1:{port}",
            "storage_access_key": "key",
            "storage_secret_key": "secret",
        }
    finally:
        server.terminate()
        server.wait(10)


def add_file(site: Site, city_id: int, chance: Random) -> str:
    """Keep a file of some kilobytes as the app does, the file before its row; returns the key."""
    content, key = chance.randbytes(chance.randrange(100, 40_000)), new_key()
    site.storage.put(key, BytesIO(content))
    with site.database.writing() as session:
        session.add(
            StoredFile(
                city_id=city_id,
                key=key,
                sha256=sha256(content).hexdigest(),
                size_bytes=len(content),
                media_type="text/plain",
                name="notes.txt",
            )
        )
    return key
