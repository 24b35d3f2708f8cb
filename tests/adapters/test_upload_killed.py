"""Sixty kills in the middle of uploads, each at another step, on a folder and on S3: nothing acknowledged is lost, nothing is left over."""

import hashlib
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app.services.evidence import upload
from app.services.site import Site, open_site
from app.settings import ROOT, Settings
from app.store import upload as uploads
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from app.store.installation.wholeness import load_known_files
from app.store.migrating import upgrade_database
from tests import world

KILLS = 60


@pytest.fixture(params=["folder", "s3"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "s3":
        found: Settings = request.getfixturevalue("s3_settings")
        return found
    return Settings(data_dir=tmp_path)


def test_sixty_kills_lose_nothing_and_leave_nothing(settings: Settings, tmp_path: Path) -> None:
    with closing(open_site(settings)) as site:
        upgrade_database(settings.database)
        with site.database.writing() as session:
            world.build(session, site.storage)
        acknowledged = killed(settings, tmp_path / "acknowledged")
        assert len(acknowledged) > KILLS // 2, "the kills came too early to show anything"
        assert acknowledged <= kept(site)
        assert_nothing_is_left_over(site)
        assert acknowledged <= kept(site), "the sweep took something that counts"


def killed(settings: Settings, log: Path) -> set[str]:
    """Hashes of what was acknowledged before the sender's process died."""
    names = ("data_dir", "storage_url", "storage_endpoint", "storage_access_key", "storage_secret_key")
    given = {f"CITYREADY_{name.upper()}": str(getattr(settings, name)) for name in names}
    program = [sys.executable, "-W", "ignore", "-m", "tests.adapters.uploader", str(KILLS), str(log)]
    subprocess.run(program, cwd=ROOT, env={**os.environ, **given}, check=True, timeout=300)
    return set(log.read_text().split())


def kept(site: Site) -> set[str]:
    """Hashes of the files behind pieces, each read back; a row without its whole file fails here."""
    with site.database.reading() as session:
        files = list(session.exec(select(StoredFile)))
        used = set(session.exec(select(Evidence.file_id)))
    found = {file.id: hashlib.sha256(b"".join(site.storage.open(file.key))).hexdigest() for file in files}
    wrong = [file.name for file in files if file.name.startswith("minutes") and found[file.id] != file.sha256]
    assert wrong == []
    return {found[file.id] for file in files if file.id in used}


def assert_nothing_is_left_over(site: Site) -> None:
    """After what nobody finished has expired, storage has what rows know, and rows know what storage has."""
    with site.database.writing() as session:
        for row in session.exec(select(uploads.Upload)):
            assert all(b"".join(site.storage.open(part.key)) for part in uploads.list_parts(session, row))
            row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
            session.add(row)
    upload.sweep_unfinished(site)
    with site.database.reading() as session:
        known = set(load_known_files(session))
        assert session.exec(select(uploads.UploadPart)).all() == []
    assert known <= {stored.key for stored in site.storage.list_files()}
    site.storage.clear_leftovers(datetime.now(UTC) + timedelta(minutes=1))
    assert site.storage.clear_leftovers(datetime.now(UTC) + timedelta(minutes=1)) == []
