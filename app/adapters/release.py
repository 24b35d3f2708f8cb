"""Which state of the source this is: the version, and the commit where it can be told."""

from functools import cache
from pathlib import Path

from app import VERSION
from app.settings import ROOT

COMMIT_CHARACTERS = 10
"""Characters of the commit."""


@cache
def release_name() -> str:
    """Such as `0.1.0+36e6e650aa`; the version alone where neither an image nor a checkout tells its commit."""
    commit = read_commit(ROOT)
    return f"{VERSION}+{commit[:COMMIT_CHARACTERS]}" if commit else VERSION


def read_commit(folder: Path) -> str:
    """The commit of an image (the file COMMIT) or of a checkout, read without git, which may be missing or refuse another's folder."""
    try:
        file = folder / "COMMIT"
        return file.read_text("utf-8").strip() if file.exists() else _head_commit(folder / ".git")
    except OSError:
        return ""


def _head_commit(git: Path) -> str:
    if git.is_file():  # a worktree names its folder
        git = git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text("utf-8").strip()
    if not head.startswith("ref: "):
        return head
    common = git / "commondir"
    shared = git / common.read_text("utf-8").strip() if common.exists() else git
    return _branch_commit(shared, head.removeprefix("ref: "))


def _branch_commit(git: Path, name: str) -> str:
    if (git / name).exists():
        return (git / name).read_text("utf-8").strip()
    packed = (git / "packed-refs").read_text("utf-8").splitlines()
    return next((line.partition(" ")[0] for line in packed if line.endswith(f" {name}")), "")
