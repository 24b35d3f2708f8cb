"""Deploys under load behind the printed proxies: `python -m tests.deploy.load [DEPLOYS] [READERS]`. Exit status 1 when any request failed."""

import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.deploy import proxies
from tests.deploy.proxies import Apps, Proxy

PAGES = (("GET", "/sign-in"), ("POST", "/sign-out"), ("GET", "/newark/board"))
"""Not `/health`: its 503 is how a process that stops tells the proxy."""


@dataclass
class Figures:
    """`asked_again`: requests that met a kept connection as the proxy's reload closed it, unanswered; a browser sends them again."""

    answered: int = 0
    asked_again: int = 0
    failed: list[str] = field(default_factory=list)


def _ask(proxy: Proxy, ended: threading.Event, figures: Figures) -> None:
    """Pages in turn, one after the other; every answer below 500 is one."""
    with proxy.client() as client:
        while not ended.is_set():
            for method, path in PAGES:
                try:
                    answer = _request_as_browsers_do(client, method, path, figures)
                except httpx2.TransportError as problem:
                    figures.failed.append(f"{method} {path}: {problem!r}")
                    continue
                if answer.status_code >= 500:
                    figures.failed.append(f"{method} {path}: {answer.status_code}")
                figures.answered += 1


def _request_as_browsers_do(client: httpx2.Client, method: str, path: str, figures: Figures) -> httpx2.Response:
    try:
        return client.request(method, path)
    except httpx2.RemoteProtocolError:
        figures.asked_again += 1
        return client.request(method, path)


def run(
    folder: Path, kind: Callable[[Path, Apps], AbstractContextManager[Proxy]], *, deploys: int, readers: int
) -> Figures:
    figures, ended = Figures(), threading.Event()
    with proxies.apps(folder) as both, kind(folder, both) as proxy:
        threads = [threading.Thread(target=_ask, args=(proxy, ended, figures)) for _ in range(readers)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(deploys):
                both.deploy(proxy.take_out)
        finally:
            ended.set()
            for thread in threads:
                thread.join()
    return figures


def main() -> None:
    deploys, readers = (int(word) for word in (*sys.argv[1:], *("20", "8")[len(sys.argv) - 1 :]))
    broken = False
    for name, kind in (("caddy", proxies.caddy), ("nginx", proxies.nginx)):
        with tempfile.TemporaryDirectory() as folder:
            figures = run(Path(folder), kind, deploys=deploys, readers=readers)
        print(
            f"{name}: {deploys} deploys, {figures.answered} answered, {len(figures.failed)} failed {figures.failed[:5]}, "
            f"{figures.asked_again} asked again"
        )
        broken |= bool(figures.failed)
    sys.exit(broken)


if __name__ == "__main__":
    main()
