"""Quarantine with a real ClamAV daemon: a file is locked until it is called clean, and stays so when nobody can tell."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.adapters import virus
from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import OutsideUnavailable, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.services.desk import Desk, Who
from app.services.evidence import adding, new_file, opening, virus_scan
from app.services.evidence import page as evidence
from app.services.evidence.adding import IncomingFile
from app.services.jobs.rounds import WorkerRounds
from app.services.portal import page as portal
from app.services.site import Site
from app.store.database.engine import now
from app.store.evidence.files import StoredFile
from app.store.file_reading import FileReading
from app.store.job import Job
from tests import world
from tests.conftest import WhoIs
from tests.services.evidence.test_page import events, newest
from tests.world import World

SIGN = b"A-SIGN-THAT-STANDS-FOR-A-VIRUS-IN-THESE-TESTS"
CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin") or "clamd"


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The daemon with one signature of our own, and a limit on what it looks at."""
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Test.Sign:0:*:{SIGN.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lines = [
        "Foreground yes",
        f"DatabaseDirectory {folder}",
        f"TCPSocket {port}",
        "TCPAddr 127.0.0.1",
        "StreamMaxLength 1M",
    ]
    (folder / "clamd.conf").write_text("\n".join([*lines, ""]))
    server = subprocess.Popen([CLAMD, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        while not _listens(port):
            assert server.poll() is None, "the virus scanner did not start"
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def scanned(site: Site, clamd: str) -> Site:
    site.settings.clamd = clamd
    return site


@pytest.fixture
def lead(site: Site, who: WhoIs) -> Who:
    return who("lead")


def add(site: Site, by: Who, content: bytes) -> int:
    (outcome,) = adding.add_files(
        site, by, "LC1", EvidenceEntry(EvidenceKind.FILE), [IncomingFile("minutes.txt", BytesIO(content))]
    )
    assert outcome.problem is None
    return newest(site).id


def content(site: Site, by: Who, number: int) -> bytes:
    with site.database.reading() as session:
        return b"".join(opening.download_file(Desk(session, site, by), number).chunks)


def state(site: Site) -> str:
    with site.database.reading() as session:
        return session.exec(select(StoredFile.scan).order_by(col(StoredFile.id).desc())).first() or ""


def test_the_scanner_tells_a_virus_from_a_clean_file(clamd: str, tmp_path: Path) -> None:
    assert virus.find_virus(clamd, iter([b"Minutes ", b"of March"])) is None
    assert virus.find_virus(clamd, iter([b"Minutes " + SIGN[:20], SIGN[20:]])) == "Test.Sign.UNOFFICIAL"
    assert virus.check_scanner(clamd) is None
    assert virus.check_scanner("") is None


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/no/such/socket", "nonsense"])
def test_a_scanner_that_does_not_answer_calls_nothing_clean(address: str) -> None:
    with pytest.raises(OutsideUnavailable):
        virus.find_virus(address, iter([b"Minutes"]))
    assert virus.check_scanner(address)


def test_what_is_too_large_for_the_scanner_is_not_called_clean(clamd: str) -> None:
    with pytest.raises(OutsideUnavailable):
        virus.find_virus(clamd, iter([b"x" * 3_000_000]))


@pytest.mark.only_sqlite
def test_a_file_is_locked_until_it_is_clean_and_read_only_then(scanned: Site, lead: Who) -> None:
    number = add(scanned, lead, b"Minutes of March.")
    assert state(scanned) == "waiting"
    with pytest.raises(Refused, match="being checked"):
        content(scanned, lead, number)
    with scanned.database.reading() as session:
        assert session.exec(select(FileReading).where(FileReading.text == "Minutes of March.")).first() is None
    world.run_jobs(scanned)
    assert state(scanned) == "clean"
    assert content(scanned, lead, number) == b"Minutes of March."
    with scanned.database.reading() as session:
        assert session.exec(select(FileReading).where(FileReading.text == "Minutes of March.")).first()


@pytest.mark.only_sqlite
def test_a_virus_stays_locked_and_the_record_says_so(scanned: Site, seeded: World, lead: Who) -> None:
    number = add(scanned, lead, b"Minutes " + SIGN)
    world.run_jobs(scanned)
    assert state(scanned) == "infected"
    with pytest.raises(Refused, match="virus was found"):
        content(scanned, lead, number)
    last = events(scanned, seeded)[-1]
    assert (last.verb, last.subject) == ("virus_found", "LC1")
    assert "Test.Sign" in last.details
    with scanned.database.reading() as session:
        page = evidence.load_piece_page(Desk(session, scanned, lead), number)
    assert page.piece.file
    assert page.piece.file.scan == "infected"


@pytest.mark.only_sqlite
@pytest.mark.parametrize("later", [False, True], ids=["at once", "after a pause of the scanner"])
def test_a_clean_file_that_nobody_reads_is_let_out_and_not_read(
    site: Site, clamd: str, seeded: World, lead: Who, later: bool
) -> None:
    """A catalog is JSON, which no reader of files takes."""
    site.settings.clamd = "127.0.0.1:1" if later else clamd
    portal.upload_catalog(site, lead, [IncomingFile("data.json", BytesIO(b'{"dataset": [{"title": "Trees"}]}'))])
    world.run_jobs(site)
    site.settings.clamd = clamd
    with site.database.writing() as session:
        for job in session.exec(select(Job).where(Job.kind == "file.scan", Job.state == "later")):
            job.run_after = now()
    world.run_jobs(site)
    assert state(site) == "clean"
    with site.database.reading() as session:
        newest_file = session.exec(select(StoredFile.id).order_by(col(StoredFile.id).desc())).first()
        assert session.exec(select(FileReading).where(FileReading.file_id == newest_file)).first() is None
    assert "file_read" not in {event.verb for event in events(site, seeded)}


@pytest.mark.only_sqlite
def test_while_nobody_can_tell_it_stays_locked_and_is_asked_again(site: Site, clamd: str, lead: Who) -> None:
    site.settings.clamd = "127.0.0.1:1"
    number = add(site, lead, b"Minutes of March.")
    world.run_jobs(site)
    assert state(site) == "waiting"
    with pytest.raises(Refused):
        content(site, lead, number)
    with site.database.reading() as session:
        again = session.exec(select(Job).where(Job.kind == "file.scan", Job.state == "later")).one()
        file = session.exec(select(StoredFile).order_by(col(StoredFile.id).desc())).first()
    assert again.run_after
    assert again.run_after > now()
    site.settings.clamd = clamd
    virus_scan.scan_file(site, lead.city_id, {"file": file.id if file else 0})
    assert content(site, lead, number) == b"Minutes of March."


def test_a_file_from_before_the_scanner_is_looked_at_and_stays_open_until_a_virus_is_found(
    site: Site, seeded: World, lead: Who, clamd: str
) -> None:
    clean, sick = add(site, lead, b"Minutes of March."), add(site, lead, b"Minutes " + SIGN)
    assert virus_scan.enqueue_old_files(site) == 0, "nobody can be asked"
    site.settings.clamd = clamd
    with site.database.reading() as session:
        kept = len(session.exec(select(StoredFile)).all())
    assert virus_scan.enqueue_old_files(site) == kept
    assert virus_scan.enqueue_old_files(site) == 0, "each is asked about once"
    assert content(site, lead, sick).endswith(SIGN)
    for payload in payloads(site, "file.scan"):
        virus_scan.scan_file(site, lead.city_id, payload)
    assert content(site, lead, clean) == b"Minutes of March."
    assert content(site, lead, seeded.alpha.evidence["file"]) == world.FILE
    with pytest.raises(Refused, match="virus was found"):
        content(site, lead, sick)


def payloads(site: Site, kind: str) -> list[dict[str, int]]:
    """What the jobs of a kind are about, whenever they are due."""
    with site.database.reading() as session:
        return [
            json.loads(row.payload) for row in session.exec(select(Job).where(Job.kind == kind).order_by(col(Job.id)))
        ]


@pytest.mark.only_sqlite
def test_a_worker_asks_about_files_from_before_the_scanner_when_it_starts(scanned: Site, seeded: World) -> None:
    WorkerRounds().do_due_work(scanned)
    assert {"file": seeded.alpha.file_id} in payloads(scanned, "file.scan")


@pytest.mark.only_sqlite
def test_a_virus_in_what_a_restricted_piece_was_before_is_told_without_its_name(
    scanned: Site, seeded: World, lead: Who
) -> None:
    number = seeded.alpha.evidence["file"]
    for name, text, version in (("About Ann.txt", b"Ann " + SIGN, 1), ("clean.txt", b"Nobody.", 2)):
        new_file.replace_file(scanned, lead, number, version, "", [IncomingFile(name, BytesIO(text))])
    world.run_jobs(scanned)
    told = [row for row in events(scanned, seeded) if row.verb == "virus_found"]
    assert len(told) == 1
    assert "Ann" not in told[0].details
