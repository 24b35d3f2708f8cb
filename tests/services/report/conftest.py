"""The demo city for the tests of its reports."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from app.services.site import Site, open_site
from app.settings import Settings
from tests.conftest import CopyOfDemo


@pytest.fixture(scope="module")
def demo(copy_of_demo: CopyOfDemo) -> Iterator[Site]:
    """The demo of this module's tests; what is made from it stays."""
    with closing(open_site(Settings(data_dir=copy_of_demo("reports")))) as site:
        yield site
