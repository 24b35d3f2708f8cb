"""Judges what `pip-audit` and `npm audit` said of a lock.

Both say that they know of no vulnerability also of packages that they could not look up. Here only a package that was looked at counts as
free of known ones; what was skipped, left out or not answered is a failure.

    python requirements/audit.py python requirements/app.txt OUTPUT ERRORS
    python requirements/audit.py npm package-lock.json OUTPUT ERRORS
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(;)?", re.MULTILINE)


def judge(kind: str, lock: str, said: str, errors: str = "") -> list[str]:
    """Why the audit has failed, one sentence each; none when every package of the lock was looked at and nothing is known of it."""
    try:
        answer = json.loads(said)
    except ValueError:
        return [f"The audit gave no answer: {_last_line(errors)}"]
    return _python(lock, answer) if kind == "python" else _npm(lock, answer)


def _last_line(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "nothing was said"


def _python(lock: str, answer: Any) -> list[str]:
    looked = {_plain(each["name"]): each for each in answer.get("dependencies", [])}
    wanted = [_plain(name) for name, _, marker in _PIN.findall(lock) if not marker]  # others are for other systems
    missing = [name for name in wanted if name not in looked]
    skipped = [each for each in looked.values() if "vulns" not in each]
    return [
        *([] if wanted else ["The lock names no package."]),
        *(f"{name} was not looked at." for name in missing),
        *(f"{each['name']} was skipped: {each.get('skip_reason', 'no reason given')}" for each in skipped),
        *(_known(each, flaw) for each in looked.values() for flaw in each.get("vulns", [])),
    ]


def _known(package: Any, flaw: Any) -> str:
    mended = ", ".join(flaw.get("fix_versions", [])) or "no version yet"
    return f"{package['name']} {package['version']} has {flaw['id']}; mended in: {mended}"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _npm(lock: str, answer: Any) -> list[str]:
    counted = answer.get("metadata", {}).get("dependencies", {}).get("total")
    if counted is None or "vulnerabilities" not in answer:
        return [f"The audit gave no answer: {answer.get('message', 'nothing was said')[:300]}"]
    wanted = sum(bool(name) for name in json.loads(lock)["packages"])
    return [
        *([f"Only {counted} of {wanted} packages were looked at."] if counted < wanted else []),
        *(
            f"{name} has a known vulnerability ({flaw['severity']})."
            for name, flaw in answer["vulnerabilities"].items()
        ),
    ]


def main(kind: str, lock: str, output: str, errors: str) -> int:
    lock_text, said, troubles = (Path(path).read_text("utf-8") for path in (lock, output, errors))
    found = judge(kind, lock_text, said, troubles)
    for line in found:
        sys.stderr.write(f"{lock}: {line}\n")
    sys.stderr.write("" if found else f"{lock}: every package was looked at, and no vulnerability is known.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
