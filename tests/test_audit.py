"""An audit of the locks that could not look is no clean audit. The outputs are what pip-audit 2.10 and npm 11 print."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app.settings import ROOT

LOCK = """# by ./run lock
jinja2==3.1.6 \\
    --hash=sha256:0137
    # via cityready (pyproject.toml)
pywin32==311 ; sys_platform == 'win32' \\
    --hash=sha256:0147
typing-extensions==4.15.0 \\
    --hash=sha256:85ec
"""
JINJA = {"name": "jinja2", "version": "3.1.6", "vulns": []}
TYPING = {"name": "typing_extensions", "version": "4.15.0", "vulns": []}
FLAW = {"id": "PYSEC-0000-1", "fix_versions": ["9.9"], "aliases": ["CVE-0000-0001"], "description": "A test advisory"}
SKIPPED = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI and could not be audited: jinja2 (3.1.6)"}
STRICT = "ERROR:pip_audit._cli:jinja2: Dependency not found on PyPI and could not be audited: jinja2 (3.1.6)\n"
AWAY = "Traceback (most recent call last):\n  ...\nrequests.exceptions.ConnectionError: Connection refused\n"

NPM_LOCK = json.dumps(
    {"packages": {"": {"name": "cityready"}, "node_modules/htmx.org": {}, "node_modules/axe-core": {}}}
)
NPM_COUNTS = {"prod": 1, "dev": 1, "optional": 0, "peer": 0, "peerOptional": 0, "total": 2}
NPM_CLEAN = {"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"dependencies": NPM_COUNTS}}
NPM_FOUND = NPM_CLEAN | {"vulnerabilities": {"htmx.org": {"name": "htmx.org", "severity": "high", "isDirect": True}}}
NPM_FEWER = NPM_CLEAN | {"metadata": {"dependencies": NPM_COUNTS | {"total": 0}}}
NPM_AWAY = {"message": "request to http://127.0.0.1:9/ failed", "error": {"summary": "", "detail": ""}}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "requirements" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _python(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_packages_that_were_all_looked_at_and_of_which_nothing_is_known_pass(audit: ModuleType) -> None:
    assert audit.judge("python", LOCK, _python(JINJA, TYPING)) == []
    assert audit.judge("npm", NPM_LOCK, json.dumps(NPM_CLEAN)) == []


@pytest.mark.parametrize(
    ("said", "errors", "why"),
    [
        (_python(JINJA | {"vulns": [FLAW]}, TYPING), "Found 1 known vulnerability in 1 package", "jinja2 3.1.6 has PYSEC-0000-1; mended in: 9.9"),
        (_python(SKIPPED, TYPING), "No known vulnerabilities found", "jinja2 was skipped: Dependency not found on PyPI"),
        (_python(TYPING), "No known vulnerabilities found", "jinja2 was not looked at."),
        (_python(), "No known vulnerabilities found", "typing-extensions was not looked at."),
        ("", STRICT, "The audit gave no answer: ERROR:pip_audit._cli:jinja2"),
        ("", AWAY, "The audit gave no answer: requests.exceptions.ConnectionError: Connection refused"),
        ("", "", "The audit gave no answer: nothing was said"),
    ],
)  # fmt: skip
def test_a_python_package_with_a_flaw_or_without_an_answer_fails(
    audit: ModuleType, said: str, errors: str, why: str
) -> None:
    assert any(line.startswith(why) for line in audit.judge("python", LOCK, said, errors))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (json.dumps(NPM_FOUND), "htmx.org has a known vulnerability (high)."),
        (json.dumps(NPM_FEWER), "Only 0 of 2 packages were looked at."),
        (json.dumps(NPM_AWAY), "The audit gave no answer: request to"),
        ("", "The audit gave no answer: nothing was said"),
    ],
)
def test_a_front_end_package_with_a_flaw_or_without_an_answer_fails(audit: ModuleType, said: str, why: str) -> None:
    assert any(line.startswith(why) for line in audit.judge("npm", NPM_LOCK, said))


def test_a_lock_without_packages_is_no_clean_lock(audit: ModuleType) -> None:
    assert audit.judge("python", "# empty\n", _python()) == ["The lock names no package."]


@pytest.mark.parametrize(("said", "status"), [(_python(JINJA, TYPING), 0), (_python(SKIPPED, TYPING), 1)])
def test_the_exit_status_says_it_too(tmp_path: Path, said: str, status: int) -> None:
    files = {"lock.txt": LOCK, "out": said, "err": "No known vulnerabilities found"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    command = [
        sys.executable,
        str(ROOT / "requirements" / "audit.py"),
        "python",
        *(str(tmp_path / name) for name in files),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    assert done.stderr
