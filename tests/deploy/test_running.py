"""docs/running.md: its commands do what they say, run as they stand there, in order, on an installation of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

from app.settings import ROOT

HERE = (
    "Remove the demonstration",
    "The first administrator",
    "Sign-in and who got in",
    "Back up and restore",
    "When something is wrong",
)
"""Sections whose commands run here, one after the other."""
ELSEWHERE = {
    "Install": "tests/test_run.py",
    "Move to PostgreSQL or object storage": "tests/adapters/test_move.py",
    "Files that no row knows": "tests/adapters/test_sweeping.py",
    "Single sign-on": "tests/web/account/test_sign_on.py",
}
"""Sections whose commands need a machine or servers of their own, and the tests that hold them."""


def _commands() -> dict[str, str]:
    """By section, what stands in its blocks of shell commands."""
    found: dict[str, str] = {}
    for section in re.split(r"(?m)^## ", (ROOT / "docs" / "running.md").read_text("utf-8"))[1:]:
        blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", section)
        if blocks:
            found[section.partition("\n")[0]] = "".join(blocks)
    return found


def test_the_commands_of_the_page_run_as_printed(tmp_path: Path) -> None:
    commands = _commands()
    run = tmp_path / "run"
    run.write_text(f'#!/bin/sh\nshift\nPYTHONPATH={ROOT} exec {sys.executable} -P -m app "$@"\n')
    run.chmod(0o755)
    script = "set -eu\n./run cityready demo\n" + "".join(
        f"echo '== {section}'\n{commands[section]}" for section in HERE
    )
    env = {**os.environ, "CITYREADY_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "/welcome/" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("WRONG")] == []
    assert (tmp_path / "restored" / "cityready.db").stat().st_size > 0


def test_every_section_with_commands_is_run_here_or_held_elsewhere() -> None:
    for section in _commands():
        assert section in HERE or section in ELSEWHERE, section
    for name in ELSEWHERE.values():
        assert (ROOT / name).exists(), name
