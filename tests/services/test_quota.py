"""Nobody fills the disk: not a partner's link, not a person, not a city; and who is refused is told before and why."""

import threading
from contextlib import suppress
from io import BytesIO

import pytest
from sqlmodel import func, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import CityReadyError, Invalid
from app.rules.evidence.entry import EvidenceEntry
from app.rules.files.upload import Sender
from app.services import quota
from app.services.desk import Who
from app.services.evidence import adding, upload
from app.services.evidence.adding import IncomingFile as Incoming
from app.services.site import Site
from app.store.evidence.files import StoredFile
from app.store.upload import Upload
from tests.conftest import WhoIs
from tests.world import World

MB = 1_000_000


@pytest.fixture
def link(seeded: World) -> Sender:
    return Sender(seeded.alpha.id, request_id=seeded.alpha.requests["partner"])


@pytest.fixture
def lead(site: Site, who: WhoIs) -> Who:
    return who("lead")


def allow(site: Site, **values: float) -> None:
    site.settings = site.settings.model_copy(update=values)


def coming(site: Site) -> int:
    with site.database.reading() as session:
        return int(session.exec(select(func.sum(Upload.size_bytes))).one() or 0)


def begin_many(site: Site, by: Sender, times: int, size: int) -> int:
    """How many of so many uploads may begin."""
    begun = 0
    for number in range(times):
        with suppress(Invalid):
            upload.begin_upload(site, by, f"{number}.pdf", size)
            begun += 1
    return begun


def test_a_link_begins_no_twenty_gigabytes(site: Site, link: Sender) -> None:
    assert begin_many(site, link, 99, 200 * MB) == 2
    with site.database.reading() as session:
        assert "100 MB more" in str(quota.room_left(session, site, link)), "what the form says"
    assert begin_many(site, link, 1, 100 * MB) == 1


def test_a_person_and_a_city_have_their_limits(site: Site, lead: Who, who: WhoIs) -> None:
    allow(site, person_gb=1, city_gb=2)
    assert begin_many(site, upload.sender_of_person(lead), 9, 200 * MB) == 2
    colleague, reviewer = (upload.sender_of_person(who(role)) for role in ("colleague", "reviewer"))
    assert begin_many(site, colleague, 9, 200 * MB) == 2
    assert begin_many(site, reviewer, 9, 200 * MB) == 1, "half of the city's room is on its way"
    assert begin_many(site, upload.sender_of_person(who("lead", "beta")), 9, 200 * MB) == 2, "another city"


def test_eight_that_begin_at_once_get_no_more_than_there_is(site: Site, link: Sender) -> None:
    threads = [threading.Thread(target=begin_many, args=(site, link, 3, 150 * MB)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert coming(site) == 450 * MB


def test_an_upload_that_is_given_up_makes_room(site: Site, link: Sender) -> None:
    allow(site, link_mb=200)
    token = upload.begin_upload(site, link, "a.pdf", 200 * MB)
    assert begin_many(site, link, 1, MB) == 0
    upload.remove_upload(site, link, token)
    assert begin_many(site, link, 1, 200 * MB) == 1


def test_a_part_is_refused_where_the_room_is_gone_meanwhile(site: Site, lead: Who) -> None:
    sender = upload.sender_of_person(lead)
    token = upload.begin_upload(site, sender, "a.txt", 2 * MB)
    before = {stored.key for stored in site.storage.list_files()}
    allow(site, person_gb=0.001)
    with pytest.raises(Invalid, match="you can send"):
        upload.receive_part(site, sender, token, 0, MB, BytesIO(bytes(MB)))
    assert upload.read_progress(site, sender, token).received_bytes == 0
    assert {stored.key for stored in site.storage.list_files()} == before


def add(site: Site, lead: Who, content: bytes) -> str:
    files = [Incoming("minutes.txt", BytesIO(content))]
    (outcome,) = adding.add_files(site, lead, "LC1", EvidenceEntry(EvidenceKind.FILE), files)
    return str(outcome.problem or "")


def test_a_file_in_a_plain_form_is_refused_with_a_sentence_and_not_kept(site: Site, lead: Who) -> None:
    allow(site, city_gb=0.001)
    with site.database.reading() as session:
        before = session.exec(select(func.count()).select_from(StoredFile)).one()
    assert "the city has room for 0 MB more" in add(site, lead, b"m" * MB)
    assert add(site, lead, b"a few words") == ""
    with site.database.reading() as session:
        assert session.exec(select(func.count()).select_from(StoredFile)).one() == before + 1


def test_an_upload_that_has_come_becomes_a_file_in_the_room_that_was_kept_for_it(site: Site, lead: Who) -> None:
    allow(site, person_gb=0.0012)
    content = b"Minutes. " * 100_000
    token = upload.begin_upload(site, upload.sender_of_person(lead), "minutes.txt", len(content))
    upload.receive_part(site, upload.sender_of_person(lead), token, 0, len(content), BytesIO(content))
    files = [upload.assemble_file(site, upload.sender_of_person(lead), token)]
    (outcome,) = adding.add_files(site, lead, "LC1", EvidenceEntry(EvidenceKind.FILE), files)
    assert outcome.problem is None


def test_what_two_bring_at_once_is_kept_only_as_far_as_there_is_room(site: Site, seeded: World, who: WhoIs) -> None:
    allow(site, city_gb=0.003)
    roles = [who(role) for role in ("lead", "admin", "reviewer", "lead")]
    contents = [bytes([65 + number]) * MB for number in range(4)]
    said: list[str] = []

    def bring(by: Who, content: bytes) -> None:
        try:
            said.append(add(site, by, content))
        except CityReadyError as problem:
            said.append(str(problem))

    threads = [threading.Thread(target=bring, args=pair) for pair in zip(roles, contents, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with site.database.reading() as session:
        kept = quota.city_room(session, site, seeded.alpha.id)
    assert kept.kept_bytes <= kept.most_bytes
    assert said.count("") == 2
