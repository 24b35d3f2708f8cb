"""Whatever is changed in the database from outside is found, on both databases; and nothing is found that nobody changed."""

from app.services.site import Site
from tests import tampering
from tests.world import World


def test_every_tampering_is_found_and_an_untouched_city_is_well(site: Site, seeded: World) -> None:
    unseen, tried = tampering.missed(site.database, seeded.alpha.id, rows=1)
    assert unseen == []
    assert tried >= 350
