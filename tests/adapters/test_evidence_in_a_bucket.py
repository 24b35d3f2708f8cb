"""Evidence with its files in object storage rather than in a folder."""

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO

import pytest

from app.adapters.storage.keys import new_key
from app.rules.criteria.edition import EvidenceKind
from app.rules.evidence.entry import EvidenceEntry
from app.services.desk import Desk, Who
from app.services.evidence import adding, opening, sweep
from app.services.evidence.adding import IncomingFile
from app.services.evidence.pieces import list_response_pieces
from app.services.response import answering
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.migrating import upgrade_database
from tests import world

MINUTES = b"Minutes of the meeting, kept in a bucket."


@pytest.fixture
def site(s3_settings: Settings) -> Iterator[Site]:
    with closing(open_site(s3_settings)) as opened:
        upgrade_database(s3_settings.database)
        yield opened


@pytest.fixture
def lead(site: Site) -> Who:
    with site.database.writing() as session:
        seeded = world.build(session, site.storage)
    return world.identify(site, seeded.alpha.people["lead"])


def test_a_file_goes_into_the_bucket_once_and_comes_back_whole(site: Site, lead: Who) -> None:
    before = len(list(site.storage.list_files()))
    for code in ("LC1", "LC3"):
        upload = IncomingFile("minutes.txt", BytesIO(MINUTES))
        (outcome,) = adding.add_files(site, lead, code, EvidenceEntry(EvidenceKind.FILE), [upload])
        assert outcome.problem is None
    assert len(list(site.storage.list_files())) == before + 1
    with site.database.reading() as session:
        newest = max(
            piece.id
            for piece in list_response_pieces(
                Desk(session, site, lead), answering.load_response(Desk(session, site, lead), "LC3").id
            )
        )
        assert b"".join(opening.download_file(Desk(session, site, lead), newest).chunks) == MINUTES


def test_the_sweep_of_a_bucket_spares_what_is_fresh(site: Site, lead: Who) -> None:
    key = new_key()
    site.storage.put(key, BytesIO(b"on its way"))
    assert sweep.sweep_storage(site).unclaimed == ()
    assert key in {stored.key for stored in site.storage.list_files()}
