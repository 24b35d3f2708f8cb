"""An address that an administrator changes: who had it before is told there."""

import pytest

from app.services.desk import Desk
from app.services.people import identity
from app.services.people.identity import PersonFacts
from app.services.site import Site
from tests import world
from tests.conftest import Box, WhoIs
from tests.world import World


@pytest.mark.only_sqlite
def test_the_old_address_is_told_that_an_administrator_gave_the_account_another(
    site: Site, seeded: World, who: WhoIs, box: Box
) -> None:
    admin, member = who("admin"), seeded.alpha.memberships["lead"]
    with site.database.writing() as session:
        facts = PersonFacts("Lee Lead", "lee@newcity.gov", "en")
        identity.change_identity(Desk(session, site, admin), member, facts, 1)
    world.run_jobs(site)
    assert "An administrator of your city gave your account another e-mail address" in box.mails["lead@alpha.example"]
    assert "lee@newcity.gov" not in box.mails
