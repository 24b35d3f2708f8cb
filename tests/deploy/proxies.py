"""The printed configurations of deploy/ with nothing changed but names, ports and certificates, and apps behind them."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from app.settings import ROOT

NAME = "cityready.example.gov"
SEEN_SECONDS = 3
"""docs/running.md says to wait as long before the next process stops: until then the proxy has seen that this one is there again."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@dataclass
class Apps:
    """Two processes over one installation, as the units start them."""

    folder: Path
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, port: int) -> None:
        given = {
            "CITYREADY_DATA_DIR": str(self.folder),
            "CITYREADY_PUBLIC_URL": f"https://{NAME}",
            "CITYREADY_DRAIN_SECONDS": "4",
            "CITYREADY_WORKER": "none",
        }
        command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
        with (self.folder / f"{port}.log").open("ab") as log:
            self.running[port] = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stderr=log)
        while True:
            assert self.running[port].poll() is None, (self.folder / f"{port}.log").read_text()
            try:
                if httpx2.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.1)

    def stop(self, port: int) -> None:
        self.running[port].send_signal(signal.SIGTERM)
        self.running.pop(port).wait()

    def deploy(self, take_out: Callable[[int | None], None]) -> None:
        """One process after the other starts anew, as docs/running.md says it."""
        for port in self.ports:
            take_out(port)
            self.stop(port)
            self.start(port)
            take_out(None)
            time.sleep(SEEN_SECONDS)


@contextmanager
def apps(folder: Path) -> Iterator[Apps]:
    both = Apps(folder)
    try:
        for port in both.ports:
            both.start(port)
        yield both
    finally:
        for process in both.running.values():
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Proxy:
    """Where the proxy listens, and whom a client has to trust to speak with it."""

    port: int
    certificate: Path
    take_out: Callable[[int | None], None] = lambda port: None
    """Sends nobody to the process on this port, or to both again; nothing where the proxy looks at `/health` itself."""

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"https://localhost:{self.port}",
            verify=self.context,
            headers={"Host": NAME, "Sec-Fetch-Site": "same-origin"},
            timeout=120,
        )


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "cityready.pem", folder / "cityready.key"
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:localhost,DNS:{NAME}"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    return certificate, key


@contextmanager
def _started(command: list[str], port: int, log: Path, env: dict[str, str]) -> Iterator[None]:
    with log.open("ab") as written:
        process = subprocess.Popen(command, env=env, stdout=written, stderr=written)
    try:
        while True:
            assert process.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def caddy(folder: Path, both: Apps) -> Iterator[Proxy]:
    """deploy/Caddyfile as printed, with the settings that it takes from the environment and a certificate from a file."""
    port, (certificate, key) = free_port(), _certificate(folder)
    printed = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    for place, ours in (
        ("\tencode", f"\ttls {certificate} {key}\n\tencode"),
        ("\tadmin", f"\thttp_port {free_port()}\n\tadmin"),
    ):
        assert printed.count(place) == 1
        printed = printed.replace(place, ours)
    file = folder / "Caddyfile"
    file.write_text(printed)
    env = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "caddy"),
        "XDG_CONFIG_HOME": str(folder / "caddy"),
        "CITYREADY_CADDY_ADMIN": "off",
        "CITYREADY_HOST": f"https://{NAME}:{port}, https://localhost:{port}",
        "CITYREADY_BACKENDS": " ".join(f"127.0.0.1:{app}" for app in both.ports),
    }
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
    with _started(command, port, folder / "caddy.log", env):
        yield Proxy(port, certificate)


@contextmanager
def nginx(folder: Path, both: Apps) -> Iterator[Proxy]:
    """deploy/nginx.conf as printed, with other ports and certificates."""
    port, (certificate, key) = free_port(), _certificate(folder)
    printed = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{both.ports[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{both.ports[1]}",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "/etc/ssl/cityready.pem": str(certificate),
        "/etc/ssl/private/cityready.key": str(key),
    }
    for old, new in changes.items():
        assert printed.count(old) == 1, old
        printed = printed.replace(old, new)
    temporary = "".join(
        f"{name}_temp_path {folder / name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "site.conf").write_text(printed)
    user = "user root;\n" if os.getuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{ worker_connections 4096; }}\nworker_rlimit_nofile 8192;\n"
        f"http {{\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n"
    )
    command = ["nginx", "-e", f"{folder}/nginx.log", "-c", str(main), "-p", str(folder), "-g", "daemon off;"]

    def take_out(out: int | None) -> None:
        down = printed.replace(f"127.0.0.1:{out} max_fails=1 fail_timeout=2s;", f"127.0.0.1:{out} down;")
        assert out is None or down != printed
        (folder / "site.conf").write_text(down)
        subprocess.run([*command[:-2], "-s", "reload"], check=True)

    with _started(command, port, folder / "nginx.out", dict(os.environ)):
        yield Proxy(port, certificate, take_out)
