"""The version names the commit, from a checkout however it keeps it, and from an image."""

import subprocess
from pathlib import Path

from app.adapters.release import read_commit


def _git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_is_told_by_branch_packed_branch_worktree_and_bare_head(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    assert read_commit(checkout) == ""
    _git(checkout, "init", "-q")
    _git(checkout, "commit", "-q", "--allow-empty", "-m", "one")
    commit = _git(checkout, "rev-parse", "HEAD")
    assert read_commit(checkout) == commit
    _git(checkout, "worktree", "add", "-q", str(tmp_path / "beside"), "-b", "beside")
    assert read_commit(tmp_path / "beside") == commit
    _git(checkout, "pack-refs", "--all")
    assert read_commit(checkout) == commit
    _git(checkout, "checkout", "-q", "--detach")
    assert read_commit(checkout) == commit


def test_an_image_has_it_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "COMMIT").write_text("0123456789abcdef\n")
    assert read_commit(tmp_path) == "0123456789abcdef"
