"""Uploads in parts below the web: whose they are, in which order they come, and what is left of them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import Conflict, Invalid, NotFound, Refused
from app.rules.evidence.entry import EvidenceEntry
from app.services.desk import Desk, Who
from app.services.evidence import adding, opening, sweep, upload
from app.services.site import Site, open_site
from app.store.database.engine import now
from app.store.upload import Upload, UploadPart
from tests.conftest import WhoIs
from tests.services.evidence.test_page import newest

CONTENT = b"Minutes of the meeting of March. " * 1000
PARTS = [CONTENT[begin : begin + 10_000] for begin in range(0, len(CONTENT), 10_000)]


@pytest.fixture
def lead(site: Site, who: WhoIs) -> Who:
    return who("lead")


def begin(site: Site, by: Who, name: str = "minutes.txt", size: int = len(CONTENT)) -> str:
    return upload.begin_upload(site, upload.sender_of_person(by), name, size)


def send(site: Site, by: Who, token: str, part: bytes, at: int) -> int:
    return upload.receive_part(site, upload.sender_of_person(by), token, at, len(part), BytesIO(part)).received_bytes


def send_all(site: Site, by: Who, token: str) -> None:
    at = 0
    for part in PARTS:
        at = send(site, by, token, part, at)


def keys(site: Site) -> set[str]:
    return {stored.key for stored in site.storage.list_files()}


def test_parts_become_one_file_that_comes_back_whole(site: Site, lead: Who) -> None:
    token = begin(site, lead)
    assert upload.read_progress(site, upload.sender_of_person(lead), token).received_bytes == 0
    send_all(site, lead, token)
    (outcome,) = adding.add_files(
        site,
        lead,
        "LC1",
        EvidenceEntry(EvidenceKind.FILE),
        [upload.assemble_file(site, upload.sender_of_person(lead), token)],
    )
    assert outcome.problem is None
    upload.remove_upload(site, upload.sender_of_person(lead), token)
    with site.database.reading() as session:
        assert b"".join(opening.download_file(Desk(session, site, lead), newest(site).id).chunks) == CONTENT
        assert session.exec(select(UploadPart)).all() == []
        assert session.exec(select(Upload)).all() == []
    assert sweep.plan_sweep(site).unclaimed == ()


def test_a_part_that_came_already_is_refused_and_leaves_nothing(site: Site, lead: Who) -> None:
    token = begin(site, lead)
    send(site, lead, token, PARTS[0], 0)
    before = keys(site)
    with pytest.raises(Conflict):
        send(site, lead, token, PARTS[0], 0)
    assert keys(site) == before
    assert upload.read_progress(site, upload.sender_of_person(lead), token).received_bytes == len(PARTS[0])


def test_what_has_not_come_whole_is_not_added(site: Site, lead: Who) -> None:
    token = begin(site, lead)
    send(site, lead, token, PARTS[0], 0)
    with pytest.raises(Conflict):
        upload.assemble_file(site, upload.sender_of_person(lead), token)


@pytest.mark.parametrize(("role", "city"), [("colleague", "alpha"), ("admin", "alpha"), ("lead", "beta")])
def test_an_upload_is_its_senders_alone(site: Site, lead: Who, role: str, city: str, who: WhoIs) -> None:
    token, other = begin(site, lead), who(role, city)
    for step in (
        lambda: upload.read_progress(site, upload.sender_of_person(other), token),
        lambda: send(site, other, token, PARTS[0], 0),
        lambda: upload.assemble_file(site, upload.sender_of_person(other), token),
        lambda: upload.remove_upload(site, upload.sender_of_person(other), token),
    ):
        with pytest.raises(NotFound):
            step()
    assert upload.read_progress(site, upload.sender_of_person(lead), token).received_bytes == 0


@pytest.mark.parametrize(
    ("name", "size"), [("film.mp4", 5), ("plan", 5), ("plan.pdf", 0), ("plan.pdf", 201_000_000), ("", 5)]
)
def test_what_cannot_be_kept_is_said_before_it_is_sent(site: Site, lead: Who, name: str, size: int) -> None:
    with pytest.raises(Invalid) as problem:
        begin(site, lead, name, size)
    assert list(problem.value.fields) == ["file"]


def test_a_city_that_keeps_only_pdf_says_no_to_the_rest(site: Site, lead: Who, tmp_path: Path) -> None:
    site.settings.file_types = "pdf"
    begin(site, lead, "plan.pdf")
    with pytest.raises(Invalid):
        begin(site, lead, "plan.png")
    (outcome,) = adding.add_files(
        site, lead, "LC1", EvidenceEntry(EvidenceKind.FILE), [adding.IncomingFile("a.txt", BytesIO(b"Hello."))]
    )
    assert outcome.problem
    with pytest.raises(ValueError, match="xlsb"):
        open_site(site.settings.model_copy(update={"file_types": "xlsb", "data_dir": tmp_path}))


def test_nobody_begins_uploads_without_an_end(site: Site, lead: Who) -> None:
    for _ in range(upload.MOST_OPEN):
        begin(site, lead)
    with pytest.raises(Refused):
        begin(site, lead)
    with site.database.writing() as session:
        row = session.exec(select(Upload)).first()
        assert row
        row.expires_at = now() - timedelta(seconds=1)
        session.add(row)
    begin(site, lead)  # what has run out is not on its way any more
    with pytest.raises(Refused):
        begin(site, lead)


def test_cancelling_takes_everything_away(site: Site, lead: Who) -> None:
    before = keys(site)
    token = begin(site, lead)
    send(site, lead, token, PARTS[0], 0)
    upload.remove_upload(site, upload.sender_of_person(lead), token)
    assert keys(site) == before
    with pytest.raises(NotFound):
        upload.read_progress(site, upload.sender_of_person(lead), token)


def test_an_unfinished_upload_waits_two_days_and_is_then_swept(site: Site, lead: Who) -> None:
    before = keys(site)
    token = begin(site, lead)
    send(site, lead, token, PARTS[0], 0)
    assert upload.sweep_unfinished(site) == []
    assert upload.read_progress(site, upload.sender_of_person(lead), token).received_bytes == len(PARTS[0])
    with site.database.writing() as session:
        row = session.exec(select(Upload)).one()
        assert abs(row.expires_at - now() - timedelta(days=2)) < timedelta(minutes=5)
        row.expires_at = now() - timedelta(seconds=1)
        session.add(row)
    with pytest.raises(NotFound):
        upload.read_progress(site, upload.sender_of_person(lead), token)
    assert upload.sweep_unfinished(site) == ["minutes.txt"]
    assert keys(site) == before
