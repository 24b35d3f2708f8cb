"""The demo goes with everything of its own, and nothing of a real city goes with it."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.rules.errors import Refused
from app.services.city import add_city
from app.services.demo import loading, removing
from app.services.site import Site
from app.store.people import Membership, Person
from app.store.tables import metadata


def _rows(site: Site) -> dict[str, int]:
    with site.database.engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def _add_real_city(site: Site) -> int:
    with site.database.writing() as session:
        added = add_city(session, slug="real", name="Real", country="US", language="en", time_zone="America/New_York")
        return added.id


def test_where_no_demo_is_nothing_goes(site: Site) -> None:
    _add_real_city(site)
    before = _rows(site)
    assert removing.remove_demo(site) == 0
    assert _rows(site) == before


def test_a_real_city_beside_the_demo_keeps_its_record_and_the_record_its_guards(site: Site) -> None:
    loading.load_demo(site)
    city_id = _add_real_city(site)
    assert removing.has_demo_accounts(site)
    assert removing.remove_demo(site) > 0
    assert not removing.has_demo_accounts(site)
    assert list(site.storage.list_files()) == []
    rows = _rows(site)
    assert (rows["city"], rows["person"], rows["evidence"], rows["membership"]) == (1, 0, 0, 0)
    assert rows["history_event"] > 0
    with pytest.raises(DBAPIError, match="only grows"), site.database.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM history_event WHERE city_id = {city_id}"))


def test_a_real_person_or_city_that_is_tangled_with_it_is_said(site: Site) -> None:
    loading.load_demo(site)
    city_id = _add_real_city(site)
    with site.database.writing() as session:
        account = session.execute(select(Person).where(col(Person.email) == "admin@newark.example")).scalar_one()
        demo_city = session.execute(text("SELECT id FROM city WHERE slug = 'newark'")).scalar_one()
        guest = Person(email="real@city.gov", name="Real")
        session.add(guest)
        session.flush()
        session.add(Membership(city_id=demo_city, person_id=guest.id, role="lead"))
        tangled = Membership(city_id=city_id, person_id=account.id, role="admin")
        session.add(tangled)
    with pytest.raises(Refused, match="has access to Real"):
        removing.remove_demo(site)
    with site.database.writing() as session:
        session.get_one(Membership, tangled.id).ended_at = account.created_at
    with pytest.raises(Refused, match=r"real@city\.gov"):
        removing.remove_demo(site)
    removing.remove_demo(site, with_guests=True)
    with site.database.reading() as session:
        left = {row.email: row.pass_phrase_hash for row in session.execute(select(Person)).scalars()}
    assert left == {"real@city.gov": None, "admin@newark.example": None}
    assert not removing.has_demo_accounts(site)


@pytest.mark.only_sqlite
def test_a_public_address_is_not_served_while_a_passphrase_is_published(site: Site) -> None:
    loading.load_demo(site)
    removing.check_not_public(site)
    site.settings = site.settings.model_copy(update={"public_url": "https://city.example"})
    with pytest.raises(Refused, match="demo remove"):
        removing.check_not_public(site)
    removing.remove_demo(site)
    removing.check_not_public(site)
