"""A process that reads what strangers send is cut off from network, files and other processes, also past Python."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.children import confinement
from app.adapters.children.confinement import Fence, FileView, confine_process, probe_fences
from app.adapters.children.frame import run_child


def attempts(tmp_path: Path, how: str) -> dict[str, bool]:
    place, secret = tmp_path / how, tmp_path / "secret-key"
    place.mkdir()
    secret.write_text("a key")
    with socket.create_server(("127.0.0.1", 0)) as door, secret.open() as opened:
        os.set_inheritable(opened.fileno(), True)
        arguments = (str(place), str(secret), str(door.getsockname()[1]), how)
        assert run_child("tests.adapters.escape", *arguments, seconds=30, memory_mb=512) is None
    found: dict[str, bool] = json.loads((place / "attempts.json").read_text())
    return found


def test_a_bounded_process_reaches_nothing_but_its_own_folder(tmp_path: Path) -> None:
    reached = {what for what, done in attempts(tmp_path, "bound").items() if done}
    assert reached == {"writes in its folder"}


def test_the_same_process_without_fences_would_reach_everything(tmp_path: Path) -> None:
    missed = {what for what, done in attempts(tmp_path, "free").items() if not done}
    assert missed == {"inherits files"}


def test_every_fence_holds_where_the_tests_run() -> None:
    assert probe_fences() == (Fence.NETWORK, Fence.FILES, Fence.CALLS)


def test_a_fence_that_cannot_be_set_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: FileView) -> confinement.FenceSetter:
        raise OSError("not on this system")

    noted: list[FileView] = []
    monkeypatch.setattr(
        confinement, "FENCES", {Fence.NETWORK: refused, Fence.FILES: lambda view: lambda: noted.append(view)}
    )
    assert confine_process(FileView()) == (Fence.FILES,)
    assert noted == [FileView()]


@pytest.mark.parametrize(
    "child", ["catalogs.child", "file_readers.child", "tables.child", "children.confinement_probe"]
)
def test_a_process_that_may_be_started_a_hundred_times_takes_no_settings_with_it(child: str) -> None:
    """They come with pydantic, which takes four times as long to load as a child of the catalogs."""
    ask = f"import sys, app.adapters.{child}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", ask], cwd=confinement.OURS.parent, capture_output=True, check=True)
    assert {"pydantic", "app.settings"}.isdisjoint(loaded.stdout.decode().split())
