"""What a person at a terminal does to a command: pipes it into `head`, stops it with Ctrl-C, starts it twice."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.conftest import CopyOfDemo
from tests.test_cli import serving


def _start(folder: Path, *arguments: str, python: tuple[str, ...] = (), **given: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *python, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, "CITYREADY_DATA_DIR": str(folder), **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("arguments", [["doctor"], ["--help"], ["migrate"], ["plan", "--help"]])
def test_a_reader_that_has_read_enough_is_no_trouble(tmp_path: Path, arguments: list[str]) -> None:
    started = _start(tmp_path, *arguments)
    assert started.stdout
    assert started.stderr
    started.stdout.close()
    with started, started.stderr:
        messages = started.stderr.read()
    assert "Traceback" not in messages
    assert "BrokenPipe" not in messages


@pytest.mark.parametrize("loading", ["typer", "pydantic", "app.cli.upkeep"])
def test_ctrl_c_while_a_command_is_still_loading_says_nothing(tmp_path: Path, loading: str) -> None:
    started = _start(tmp_path, "doctor", python=("-X", "importtime"))
    assert started.stderr
    for line in started.stderr:
        if line.rstrip().endswith(loading):
            break
    started.send_signal(signal.SIGINT)
    messages = started.communicate()[1]
    assert started.returncode in (-signal.SIGINT, 130)
    assert "Traceback" not in messages


def test_a_second_start_says_where_the_first_one_serves_and_links_lead_there(copy_of_demo: CopyOfDemo) -> None:
    folder = copy_of_demo("started-twice")
    with serving(folder) as (served, url):
        assert served.stderr
        while "admin@riverton.example" not in (line := served.stderr.readline()):
            assert line
        second = _start(folder, "serve", PORT=url.rpartition(":")[2])
        results, messages = second.communicate()
        assert (second.returncode, results) == (2, "")
        said = ("people", "add", "new@newark.example", "--city", "newark", "--name", "New", "--role", "lead")
        link = _start(folder, *said).communicate()[0]
    assert messages == f"CityReady is already served here: {url}\n"
    assert link.startswith(f"{url}/welcome/")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        later = _start(folder, "serve", PORT=str(taken.getsockname()[1]))
        assert "Choose another" in later.communicate()[1]
