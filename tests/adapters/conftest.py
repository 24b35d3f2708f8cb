"""A real S3 server that checks signatures, over a folder of its own, and an installation with its files there or in a folder."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from app.adapters.storage.opening import open_storage
from app.services.site import Site, open_site
from app.settings import Settings
from tests.world import World


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("s3")
    (folder / "bucket").mkdir()
    port = free_port()
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or "rclone"
    options = [f"--addr=127.0.0.1:{port}", "--auth-key=key,secret", "--config=", "--log-level=ERROR"]
    server = subprocess.Popen([program, "serve", "s3", *options, str(folder)])
    try:
        _wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise RuntimeError("the S3 server did not start")


@pytest.fixture
def s3_settings(s3_endpoint: str, tmp_path: Path) -> Settings:
    """Each test has a prefix of its own in the bucket."""
    return Settings(
        data_dir=tmp_path,
        storage_url=f"s3://bucket/{tmp_path.name}",
        storage_endpoint=s3_endpoint,
        storage_access_key="key",
        storage_secret_key="secret",
    )


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The seeded installation with its files in a folder, or the same files and mark in a bucket."""
    if request.param == "folder":
        return settings
    bucket: Settings = request.getfixturevalue("s3_settings")
    given = {name: getattr(bucket, name) for name in Settings.model_fields if name.startswith("storage_")}
    moved = settings.model_copy(update=given)
    copy_files(settings, moved)
    return moved


def copy_files(source: Settings, target: Settings) -> None:
    old, new = open_storage(source), open_storage(target)
    for stored in old.list_files():
        new.put(stored.key, BytesIO(b"".join(old.open(stored.key))))
    if mark := old.read_mark():
        new.write_mark(mark)


@pytest.fixture
def here(place: Settings, seeded: World) -> Iterator[Site]:
    with closing(open_site(place)) as opened:
        yield opened
