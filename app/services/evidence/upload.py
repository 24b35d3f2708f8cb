"""Uploads that go on where they stopped: begun, sent in parts, put together when the form that they belong to is saved.

These rows are on their way and no evidence yet, so the city's record says nothing of them; what becomes of the file is recorded
when it is added. Parts go to storage before their rows, and what is left of an upload that nobody finished is swept.
"""

import io
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import BinaryIO, cast

import structlog

from app.adapters.storage.file_store import Storage
from app.adapters.storage.keys import new_key
from app.rules.errors import Conflict, Invalid, NotFound, OutsideUnavailable, Refused
from app.rules.files.kinds import check_named_kind, safe_name
from app.rules.files.upload import Sender, check_part, check_size
from app.rules.message import say
from app.services import quota
from app.services.desk import Who
from app.services.evidence.adding import IncomingFile as Incoming
from app.services.site import Site
from app.store import upload
from app.store.database.engine import now
from app.store.upload import Upload

log = structlog.get_logger()

UNFINISHED_KEPT_FOR = timedelta(days=2)
"""How long a file that nobody went on sending waits for the rest of it."""
MOST_OPEN = 100
"""Uploads of one sender at a time: more than anyone sends, and a bound for what storage holds in vain."""


@dataclass(frozen=True)
class UploadProgress:
    """How much of an upload has come, in bytes."""

    received_bytes: int
    size_bytes: int


def sender_of_person(who: Who) -> Sender:
    """A person of the city as a sender."""
    return Sender(who.city_id, person_id=who.person_id)


def begin_upload(site: Site, by: Sender, name: str, size_bytes: int) -> str:
    """Make room for a file; returns the token that its parts come under. Raises Invalid, Refused."""
    check_size(size_bytes, site.settings.upload_bytes)
    name = safe_name(name)
    check_named_kind(name, site.kinds)
    with site.database.writing() as session:
        if upload.count_open_uploads(session, by) >= MOST_OPEN:
            raise Refused(say("Too many files are on their way. Finish or cancel some of them first."))
        quota.reserve_room(session, site, by, size_bytes)
        new_upload = Upload(
            **asdict(by),
            token=secrets.token_hex(16),
            name=name,
            size_bytes=size_bytes,
            expires_at=now() + UNFINISHED_KEPT_FOR,
        )
        upload.add_upload(session, new_upload)
    return new_upload.token


def read_progress(site: Site, by: Sender, token: str) -> UploadProgress:
    """Where to go on. Raises NotFound, also for an upload of someone else."""
    with site.database.reading() as session:
        current_upload = _need_upload(upload.find_upload(session, by, token))
    return UploadProgress(current_upload.received_bytes, current_upload.size_bytes)


def receive_part(site: Site, by: Sender, token: str, begins_at: int, size_bytes: int, part: BinaryIO) -> UploadProgress:
    """Keep the next part. Raises NotFound, Conflict when it does not begin where the last one ended, Invalid when it is too long."""
    with site.database.reading() as session:
        current_upload = _need_upload(upload.find_upload(session, by, token))
        check_part(current_upload.received_bytes, current_upload.size_bytes, begins_at, size_bytes)
    key = new_key()
    site.storage.put(key, part)
    try:
        with site.database.writing() as session:
            quota.reserve_kept_room(session, site, by, current_upload.size_bytes)
            current_upload = _need_upload(upload.find_upload(session, by, token, lock=True))
            check_part(current_upload.received_bytes, current_upload.size_bytes, begins_at, size_bytes)
            upload.add_part(session, current_upload, key, begins_at, size_bytes)
            current_upload.expires_at = now() + UNFINISHED_KEPT_FOR
    except (Conflict, Invalid, NotFound):
        _delete_objects(site.storage, [key])
        raise
    return UploadProgress(current_upload.received_bytes, current_upload.size_bytes)


def assemble_file(site: Site, by: Sender, token: str) -> Incoming:
    """The file put together, to be read once. Raises NotFound, Conflict while parts of it are missing."""
    with site.database.reading() as session:
        current_upload = _need_upload(upload.find_upload(session, by, token))
        keys = [part.key for part in upload.list_parts(session, current_upload)]
    if current_upload.received_bytes < current_upload.size_bytes:
        raise Conflict(say("This file is still uploading. Wait until it is sent, or send it again."))
    chunks = (chunk for key in keys for chunk in site.storage.open(key))
    return Incoming(current_upload.name, cast(BinaryIO, io.BufferedReader(_JoinedChunks(chunks), 1 << 20)))


@dataclass(frozen=True)
class CompletedUpload:
    """A file that has come whole and waits for its form."""

    token: str
    name: str


def list_completed(site: Site, by: Sender, tokens: Sequence[str]) -> tuple[CompletedUpload, ...]:
    """Those of the uploads that are whole, for a form that is shown again."""
    with site.database.reading() as session:
        rows = [upload.find_upload(session, by, token) for token in tokens]
    return tuple(
        CompletedUpload(current_upload.token, current_upload.name)
        for current_upload in rows
        if current_upload and current_upload.received_bytes == current_upload.size_bytes
    )


def remove_upload(site: Site, by: Sender, token: str) -> None:
    """Take an upload back, or clear it away once its file is kept. Raises NotFound."""
    with site.database.writing() as session:
        keys = upload.delete_upload(session, _need_upload(upload.find_upload(session, by, token, lock=True)))
    _delete_objects(site.storage, keys)


def sweep_unfinished(site: Site) -> list[str]:
    """Clear away what nobody went on sending; returns the names of the files."""
    with site.database.writing() as session:
        expired_uploads = upload.list_expired_uploads(session)
        keys = [key for expired_upload in expired_uploads for key in upload.delete_upload(session, expired_upload)]
    _delete_objects(site.storage, keys)
    return [expired_upload.name for expired_upload in expired_uploads]


def _need_upload(current_upload: Upload | None) -> Upload:
    if current_upload is None:
        raise NotFound(say("This upload has expired. Send the file again."))
    return current_upload


def _delete_objects(storage: Storage, keys: list[str]) -> None:
    """The rows are gone already; an object that cannot be deleted now is found by the next sweep."""
    with suppress(OutsideUnavailable):
        for key in keys:
            storage.delete(key)


class _JoinedChunks(io.RawIOBase):
    """Chunks as one stream, so that no more than one of them is in memory."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        room = memoryview(buffer)  # type: ignore[arg-type]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        taken = min(len(room), len(self._rest))
        room[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
