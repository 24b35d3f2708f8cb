"""Room for files: asked before an upload begins, while it comes, and when its file is kept."""

from dataclasses import replace

from sqlmodel import Session

from app.rules.files.quota import Room, RoomOwner, check_room, left_in_words
from app.rules.files.upload import Sender
from app.rules.message import Message
from app.services.site import Site
from app.store import city, quota


def list_rooms(session: Session, site: Site, by: Sender) -> tuple[Room, ...]:
    """The room of the sender, and of the city in which it is."""
    settings, largest = site.settings, site.settings.upload_bytes
    own: tuple[Room, ...] = ()
    if by.request_id:
        kept_bytes = quota.sum_bytes_of_request(session, by.city_id, by.request_id)
        coming_bytes = quota.sum_incoming_bytes(session, by)
        own = (Room(RoomOwner.LINK, int(settings.link_mb * 1_000_000), kept_bytes, coming_bytes, largest),)
    elif by.person_id:
        kept_bytes = quota.sum_bytes_of_person(session, by.city_id, by.person_id)
        coming_bytes = quota.sum_incoming_bytes(session, by)
        own = (Room(RoomOwner.PERSON, int(settings.person_gb * 1_000_000_000), kept_bytes, coming_bytes, largest),)
    return (*own, city_room(session, site, by.city_id))


def city_room(session: Session, site: Site, city_id: int) -> Room:
    kept_bytes, coming_bytes = quota.sum_city_bytes(session, city_id)
    return Room(
        RoomOwner.CITY, int(site.settings.city_gb * 1_000_000_000), kept_bytes, coming_bytes, site.settings.upload_bytes
    )


def room_left(session: Session, site: Site, by: Sender) -> Message:
    """What the sender may still send, in words."""
    return left_in_words(list_rooms(session, site, by))


def reserve_room(session: Session, site: Site, by: Sender, size_bytes: int) -> None:
    """Nobody else of the city takes the room until the transaction ends. Raises Invalid for the field `file`."""
    city.lock_city(session, by.city_id)
    check_room(list_rooms(session, site, by), size_bytes)


def reserve_kept_room(session: Session, site: Site, by: Sender, size_bytes: int) -> None:
    """The same for files that have come: what is on its way does not count, since they may be among it. To be asked before other locks."""
    city.lock_city(session, by.city_id)
    check_kept_room(session, site, by, size_bytes)


def check_kept_room(session: Session, site: Site, by: Sender, size_bytes: int) -> None:
    """The same without a lock, for before a file goes to storage."""
    kept_rooms = (
        replace(room, coming_bytes=0, largest_file_bytes=room.most_bytes) for room in list_rooms(session, site, by)
    )
    check_room(tuple(kept_rooms), size_bytes)
