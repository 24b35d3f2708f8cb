"""The commands for the secret key and the security record."""

from pathlib import Path
from typing import Any

import pytest

from app.adapters import tokens
from app.settings import Settings
from tests.test_cli import run  # noqa: F401  (a fixture)

Run = Any


def test_a_rotated_key_signs_and_the_one_before_still_opens(run: Run, tmp_path: Path) -> None:  # noqa: F811
    settings = Settings(data_dir=tmp_path / "data", secret_key="")
    before = tokens.sign_token(tokens.load_secret_key(settings), "a link", 1)
    said = run("key", "rotate")
    assert (said.status, said.results) == (0, "")
    assert "still open what they signed: 1." in said.messages
    assert tokens.read_token(tokens.load_secret_key(settings), "a link", before, 60) == 1
    assert run("key", "rotate", "--forget-old").status == 0
    assert tokens.read_token(tokens.load_secret_key(settings), "a link", before, 60) is None


def test_a_key_of_the_settings_is_renewed_there(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: F811
    monkeypatch.setenv("CITYREADY_SECRET_KEY", "x" * 40)
    said = run("key", "rotate")
    assert said.status == 1
    assert "CITYREADY_SECRET_KEY" in said.messages
    assert "x" * 40 not in said.messages
    assert not (tmp_path / "data" / "secret-key").exists()


def test_the_security_record_is_a_table_on_standard_output(run: Run) -> None:  # noqa: F811
    run("city", "add", "springfield", "--name", "Springfield", "--country", "US")
    said = run("security", "export", "--city", "springfield", "--since", "2026-01-01")
    assert said.status == 0
    assert said.results.startswith("number,at,city,kind,")
    assert run("security", "export", "--since", "yesterday").status == 2
    assert run("security", "export", "--city", "nowhere").status == 1


def test_a_citys_service_is_added_with_a_secret_that_no_list_of_processes_shows(
    run: Run,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("city", "add", "springfield", "--name", "Springfield", "--country", "US")
    monkeypatch.setenv("CITYREADY_SIGN_ON_SECRET", "a secret of the service")
    given = ["--name", "City account", "--client-id", "17", "--domains", "@city.gov"]
    said = run("city", "add-sign-on", "springfield", "--issuer", "https://id.city.gov", *given)
    assert said.status == 0
    assert "/sign-on/answer" in said.messages
    assert "a secret of the service" not in said.messages + said.results
    assert run("city", "add-sign-on", "springfield", "--issuer", "http://id.city.gov", *given).status == 2
    assert run("city", "add-sign-on", "nowhere", "--issuer", "https://id.city.gov", *given).status == 1
