"""A server that is told to stop tells its proxy first, and goes on meanwhile."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from urllib.error import HTTPError
from urllib.request import urlopen

from app.services.site import Site
from app.settings import ROOT
from tests.world import World


def asked(url: str) -> tuple[int, str]:
    try:
        with urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_health_says_that_the_server_stops_while_pages_go_on(site: Site, seeded: World) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    given = {
        "CITYREADY_DATA_DIR": str(site.settings.data_dir),
        "CITYREADY_DATABASE_URL": site.settings.database_url,
        "CITYREADY_SECRET_KEY": site.settings.secret_key,
        "CITYREADY_DRAIN_SECONDS": "300",
        "PYTHONWARNINGS": "ignore",
    }
    command, url = [sys.executable, "-m", "app", "serve", "--port", str(port)], f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        said = iter(server.stderr)
        assert any(url in line for line in said)
        threading.Thread(target=list, args=(said,), daemon=True).start()
        assert asked(f"{url}/health")[0] == 200
        server.send_signal(signal.SIGTERM)
        for _ in iter(lambda: asked(f"{url}/health")[0], 503):
            continue
        assert json.loads(asked(f"{url}/health")[1])["status"] == "stopping"
        assert asked(f"{url}/sign-in")[0] == 200, "people are served until the proxy sends them elsewhere"
        server.send_signal(signal.SIGTERM)
        assert server.wait() in {0, -signal.SIGTERM}, "told twice it stops at once"
