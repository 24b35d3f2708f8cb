"""The one box finds what the library, the criteria and the lists show to a person, and nothing of another city."""

import pytest

from app.services.desk import Desk, Who
from app.services.lists.site_search import HitKind, search_city
from app.services.site import Site
from tests.conftest import WhoIs


def found(site: Site, who: Who, typed: str) -> dict[HitKind, list[str]]:
    with site.database.reading() as session:
        page = search_city(Desk(session, site, who), typed)
    return {group.kind: [hit.title for hit in group.hits] for group in page.groups}


def test_the_box_finds_each_kind_by_the_beginning_of_a_word(site: Site, who: WhoIs) -> None:
    admin = who("admin")
    assert found(site, admin, "lc1")[HitKind.CRITERION]
    assert found(site, admin, "FINANC")[HitKind.DEPARTMENT] == ["Finance"]
    assert found(site, admin, "lead@alpha")[HitKind.PERSON] == [who("lead").name]
    assert found(site, admin, "collabor")[HitKind.PARTNER] == ["The Collaborative"]
    assert found(site, admin, "") == found(site, admin, "?!") == {}


def test_the_box_tells_nothing_that_a_role_or_another_city_hides(site: Site, who: WhoIs) -> None:
    assert found(site, who("reviewer"), "informants") == {HitKind.EVIDENCE: ["Names of informants"]}
    for role in ("lead", "colleague", "official"):
        assert found(site, who(role), "informants") == {}
    assert set(found(site, who("lead"), "finance")) <= {HitKind.CRITERION, HitKind.EVIDENCE}
    assert HitKind.PERSON not in found(site, who("admin", "beta"), "lead@alpha")


@pytest.mark.parametrize("typed", ["x" * 100_000, "\U0001f3d9", "%' OR 1=1 --xyzzy", "_%"])
def test_nothing_that_is_typed_breaks_the_box(site: Site, who: WhoIs, typed: str) -> None:
    assert found(site, who("admin"), typed) == {}
