"""Taking the demo away, before or after a real city stands beside it."""

from app.rules.errors import Refused
from app.rules.message import say
from app.services.site import Site
from app.store import demo, people
from app.store.installation.wholeness import load_known_files


def has_demo_accounts(site: Site) -> bool:
    """Whether someone could sign in with the passphrase that is published."""
    with site.database.reading() as session:
        return bool(people.load_demo_emails(session))


def check_not_public(site: Site) -> None:
    """Raises Refused for an installation that the world reaches while everyone knows a passphrase of it."""
    if site.settings.by_https and has_demo_accounts(site):
        raise Refused(
            say(
                "This installation has a public address, and the demo accounts have a published passphrase. "
                "Remove them first: cityready demo remove"
            )
        )


def remove_demo(site: Site, *, with_guests: bool = False) -> int:
    """Remove the demo cities and accounts with everything of theirs; returns how many files went.

    The rows go in one transaction, and then the files, of which a crash leaves what the sweep finds. Raises Refused where a real
    person or city is tangled with it; with `with_guests` what real people did in the demo goes too, and their accounts stay.
    """
    with site.database.reading() as session:
        keys_before = set(load_known_files(session))
    with site.database.engine.begin() as connection:
        cities, accounts = demo.list_demo_cities(connection), demo.list_demo_people(connection)
        if elsewhere := demo.list_demo_people_elsewhere(connection, cities):
            email, city = elsewhere[0]
            raise Refused(
                say(
                    "%(email)s has access to %(city)s. End it there first, under People, then repeat this.",
                    email=email,
                    city=city,
                )
            )
        if not with_guests and (guests := demo.list_guests(connection, cities)):
            raise Refused(
                say(
                    "Real people belong to the demo: %(emails)s. What they did there would go, and their accounts would stay. "
                    "If that is right: cityready demo remove --with-guests",
                    emails=", ".join(guests),
                )
            )
        demo.remove_demo_rows(connection, cities, accounts)
    with site.database.reading() as session:
        removed_keys = keys_before - set(load_known_files(session))
    for key in removed_keys:
        site.storage.delete(key)
    return len(removed_keys)
