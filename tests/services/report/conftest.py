"""The demo city for the tests of its reports."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from app.services.demo import loading
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.migrating import upgrade_database


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, loaded once; what is made from it stays."""
    with closing(open_site(Settings(data_dir=tmp_path_factory.mktemp("reports")))) as site:
        upgrade_database(site.settings.database)
        loading.load_demo(site)
        yield site
