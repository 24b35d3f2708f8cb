"""Which state of the source this is: the version, and the commit where it can be told."""

from functools import cache
from pathlib import Path

from app import VERSION
from app.settings import ROOT

SHOWN = 10
"""Characters of the commit."""


@cache
def release() -> str:
    """Such as `0.1.0+36e6e650aa`; the version alone where neither an image nor a checkout tells its commit."""
    commit = commit_of(ROOT)
    return f"{VERSION}+{commit[:SHOWN]}" if commit else VERSION


def commit_of(folder: Path) -> str:
    """The commit of an image (the file COMMIT) or of a checkout, read without git, which may be missing or refuse another's folder."""
    try:
        file = folder / "COMMIT"
        return file.read_text("utf-8").strip() if file.exists() else _head(folder / ".git")
    except OSError:
        return ""


def _head(git: Path) -> str:
    if git.is_file():  # a worktree names its folder
        git = git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()
    head = (git / "HEAD").read_text("utf-8").strip()
    if not head.startswith("ref: "):
        return head
    common = git / "commondir"
    shared = git / common.read_text("utf-8").strip() if common.exists() else git
    return _branch(shared, head.removeprefix("ref: "))


def _branch(git: Path, name: str) -> str:
    if (git / name).exists():
        return (git / name).read_text("utf-8").strip()
    packed = (git / "packed-refs").read_text("utf-8").splitlines()
    return next((line.partition(" ")[0] for line in packed if line.endswith(f" {name}")), "")
