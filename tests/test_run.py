"""`./run`: what it sets up is whole or is made anew, and what it cannot do is one sentence. In folders of its own, without the network."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.settings import ROOT

TOOLS = ["basename", "cat", "cksum", "cp", "dirname", "grep", "head", "id", "mkdir", "mv", "rm", "sed", "sh", "tr"]
"""And nothing that could install packages."""
REAL_PYTHON = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A checkout that needs no packages and no front-end files, and whose command line tells what it was started with."""
    checkout = tmp_path / "checkout"
    (checkout / "requirements").mkdir(parents=True)
    shutil.copy(ROOT / "run", checkout)
    for lock in ("app", "test"):
        (checkout / "requirements" / f"{lock}.txt").touch()
    (checkout / "package-lock.json").write_text("{}")
    (checkout / "static" / "vendor").mkdir(parents=True)
    count = subprocess.run(["cksum"], input=b"{}", stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    (checkout / "static" / "vendor" / ".lock").write_text(f"{count} --omit=dev\n")
    (checkout / "app").mkdir()
    (checkout / "app" / "__main__.py").write_text("import pip, sys\nprint(sys.prefix, *sys.argv[1:])\n")
    return checkout


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The only folder in PATH: some tools, and a Python of the system."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    _program(folder / "python3", f'exec {REAL_PYTHON} "$@"')
    return folder


def _program(file: Path, line: str) -> None:
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o755)


def _start(place: Path, path: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [place / "run", *arguments],
        env={"PATH": str(path), "HOME": os.environ.get("HOME", "/")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def run(place: Path, path: Path) -> Run:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        started = _start(place, path, *arguments)
        results, messages = started.communicate()
        return subprocess.CompletedProcess(arguments, started.returncode, results, messages)

    return run


def _is_whole(run: Run, place: Path) -> bool:
    """Whether the command line answers from a .venv in its place, and nothing is left beside."""
    said = run("cityready", "a word")
    assert (said.returncode, said.stdout) == (0, f"{place / '.venv'} a word\n"), said.stderr
    scripts = [file for file in (place / ".venv" / "bin").glob("pip*") if file.is_file()]
    assert scripts
    assert all(str(place / ".venv" / "bin") in file.read_text() for file in scripts)
    return not [*place.glob(".new-*"), *place.glob(".old-*")]


def _without_pip(place: Path) -> None:
    shutil.rmtree(place / ".venv")
    subprocess.run([REAL_PYTHON, "-m", "venv", "--without-pip", place / ".venv"], check=True)


def _dangling(place: Path) -> None:
    for link in (place / ".venv" / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/usr/bin/python3.0")


def _of_another_python(place: Path) -> None:
    mark = place / ".venv" / ".holds-app.txt"
    now = f"{sys.version_info[0]} {sys.version_info[1]}"
    assert now in mark.read_text()
    mark.write_text(mark.read_text().replace(now, "3 9"))


def _of_another_lock(place: Path) -> None:
    (place / "requirements" / "app.txt").write_text("# another\n")


def _left_by_a_killed_run(place: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    (place / ".venv").rename(place / f".old-{gone.pid}")
    (place / f".new-{gone.pid}" / "bin").mkdir(parents=True)


def test_a_venv_is_kept_while_nothing_speaks_against_it_and_made_anew_when_in_doubt(
    run: Run, place: Path, path: Path
) -> None:
    assert _is_whole(run, place)
    made = (place / ".venv").stat().st_ino
    assert "Python packages" not in run("cityready").stderr
    assert (place / ".venv").stat().st_ino == made
    for spoil in (_without_pip, _dangling, _of_another_python, _of_another_lock, _left_by_a_killed_run):
        spoil(place)
        assert "Python packages" in run("cityready").stderr, spoil
        assert _is_whole(run, place), spoil
    moved = place.rename(place.parent / "moved")
    assert _start(moved, path, "cityready").communicate()[0] == f"{moved / '.venv'}\n"
    assert str(place) not in (moved / ".venv" / "bin" / "pip").read_text()


def test_a_folder_among_the_programs_of_packages_is_passed_over(run: Run, place: Path, path: Path) -> None:
    """As pip makes one where it compiles a script."""
    compiling = (
        f'{REAL_PYTHON} "$@" || exit; for made; do :; done; [ ! -d "$made/bin" ] || mkdir -p "$made/bin/__pycache__"'
    )
    _program(path / "python3", compiling)
    said = run("cityready").stderr
    assert (place / ".venv" / "bin" / "__pycache__").is_dir()
    assert [line for line in said.splitlines() if "==> " not in line] == []


def _begun(place: Path) -> None:
    while not [*place.glob(".new-*/bin")]:
        time.sleep(0.01)


def test_a_run_that_was_killed_or_stopped_is_made_good_by_the_next(run: Run, place: Path, path: Path) -> None:
    killed = _start(place, path, "cityready")
    _begun(place)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not (place / ".venv").exists()
    shutil.rmtree(next(place.glob(".new-*")), ignore_errors=True)
    stopped = _start(place, path, "cityready")
    _begun(place)
    os.killpg(stopped.pid, signal.SIGINT)
    messages = stopped.communicate()[1]
    assert stopped.returncode == 130
    assert "Traceback" not in messages
    assert messages.endswith("Stopped.\n")
    assert _is_whole(run, place)


def test_two_runs_at_once_end_with_one_whole_venv(run: Run, place: Path, path: Path) -> None:
    both = [_start(place, path, "cityready") for _ in range(2)]
    said = [started.communicate() for started in both]
    assert [started.returncode for started in both] == [0, 0], said
    assert _is_whole(run, place)


def test_without_root_and_without_the_package_for_it_one_sentence_says_what_to_do(
    run: Run, place: Path, path: Path
) -> None:
    (path / "no-ensurepip").mkdir()
    (path / "no-ensurepip" / "ensurepip.py").write_text("raise ImportError\n")
    _program(path / "python3", f'PYTHONPATH={path}/no-ensurepip exec {REAL_PYTHON} "$@"')
    said = run("cityready")
    assert (said.returncode, said.stdout) == (1, "")
    errors = [line for line in said.stderr.splitlines() if line.startswith("error: ")]
    assert errors == [
        "error: python3 cannot make a virtual environment here, and that needs root once: ask whoever administers this machine "
        "to run 'apt-get install python3-venv', then start ./run again."
    ]
    assert "Traceback" not in said.stderr
    assert not (place / ".venv").exists()


def test_without_python_one_sentence_says_so(run: Run, path: Path) -> None:
    (path / "python3").unlink()
    said = run("cityready")
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1].startswith("error: Python 3.11 or newer is needed")


def test_the_tests_of_a_path_are_only_pytest_and_the_whole_begins_with_the_checks() -> None:
    """The set-up of tests installs browsers; here only the order is read."""
    script = (ROOT / "run").read_text()
    assert 'case "$*" in "" | --quick) checks ;; esac' in script
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec ./run test")
