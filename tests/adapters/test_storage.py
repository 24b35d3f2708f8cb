"""The same promises on a folder and on a real S3 server."""

import hashlib
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from app.adapters.receiving import receive_file
from app.adapters.storage.file_store import Storage
from app.adapters.storage.keys import new_key
from app.adapters.storage.local import LocalStorage
from app.adapters.storage.opening import open_storage
from app.adapters.storage.s3 import ObjectStorage
from app.rules.errors import Invalid, NotFound, OutsideUnavailable
from app.settings import ROOT, Settings

MEGABYTE = 1_000_000


@pytest.fixture(params=["folder", "bucket"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "folder":
        return Settings(data_dir=tmp_path)
    in_bucket: Settings = request.getfixturevalue("s3_settings")
    return in_bucket


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return open_storage(settings)


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def listed_keys(storage: Storage) -> list[str]:
    stored = storage.list_files()
    return sorted(found.key for found in stored)


def contents(storage: Storage, key: str) -> bytes:
    return b"".join(storage.open(key))


def test_a_file_comes_back_byte_for_byte(storage: Storage) -> None:
    key, written = new_key(), os.urandom(12 * MEGABYTE)
    storage.put(key, BytesIO(written))
    assert contents(storage, key) == written


def test_a_large_file_comes_in_pieces_that_fit_in_memory(storage: Storage) -> None:
    key = new_key()
    storage.put(key, BytesIO(bytes(12 * MEGABYTE)))
    assert max(map(len, storage.open(key))) < 3 * MEGABYTE


def test_the_list_has_each_file_once_with_its_size_and_an_aware_time(storage: Storage) -> None:
    sizes = {new_key(): size for size in (1, 2000, 6 * MEGABYTE)}
    for key, size in sizes.items():
        storage.put(key, BytesIO(bytes(size)))
    listed = list(storage.list_files())
    assert {found.key: found.size_bytes for found in listed} == sizes
    assert len(listed) == len(sizes)
    assert all(abs(found.last_modified - datetime.now(UTC)) < timedelta(minutes=5) for found in listed)


def test_an_empty_store_lists_nothing(storage: Storage) -> None:
    assert list(storage.list_files()) == []


def test_a_missing_file_is_known_before_the_first_chunk(storage: Storage) -> None:
    with pytest.raises(NotFound, match="not in the file storage"):
        storage.open(new_key())


def test_a_deleted_file_is_gone_and_can_be_deleted_again(storage: Storage) -> None:
    key = new_key()
    storage.put(key, BytesIO(b"x"))
    storage.delete(key)
    storage.delete(key)
    assert list(storage.list_files()) == []


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../outside", "a/../b", "a//b", "a/", ".incoming/x", "A", "a\x00b", "a\\b", "a\n", "ä"]
)
def test_a_key_that_the_app_did_not_make_is_refused(storage: Storage, key: str) -> None:
    for act in (storage.open, storage.delete, lambda key: storage.put(key, BytesIO(b"x"))):
        with pytest.raises(ValueError, match="not a storage key"):
            act(key)


def test_doctor_finds_nothing_wrong_and_leaves_nothing_behind(storage: Storage) -> None:
    assert storage.check() is None
    assert list(storage.list_files()) == []


def test_the_settings_choose_the_store(s3_settings: Settings, tmp_path: Path) -> None:
    assert isinstance(open_storage(s3_settings), ObjectStorage)
    assert open_storage(Settings(data_dir=tmp_path)) == LocalStorage(tmp_path / "files")


def test_two_prefixes_in_one_bucket_do_not_see_each_other(s3_settings: Settings) -> None:
    other = s3_settings.model_copy(update={"storage_url": s3_settings.storage_url + "other"})
    open_storage(s3_settings).put(new_key(), BytesIO(b"x"))
    assert list(open_storage(other).list_files()) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"storage_secret_key": "wrong"}, "403"),
        ({"storage_url": "s3://nowhere/x"}, "404"),
        ({"storage_endpoint": "http://127.0.0.1:1"}, "127.0.0.1:1"),
    ],
)
def test_doctor_says_why_a_bucket_does_not_work(s3_settings: Settings, change: dict[str, str], word: str) -> None:
    problem = open_storage(s3_settings.model_copy(update=change)).check()
    assert problem is not None
    assert word in str(problem)
    assert "\n" not in str(problem)


def test_doctor_says_why_a_folder_does_not_work(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    assert "Files cannot be kept in" in str(open_storage(Settings(data_dir=tmp_path)).check())


def test_a_bucket_out_of_reach_is_one_sentence_for_a_person(s3_settings: Settings) -> None:
    storage = open_storage(s3_settings.model_copy(update={"storage_endpoint": "http://127.0.0.1:1"}))
    with pytest.raises(OutsideUnavailable, match="Try again in a few minutes"):
        storage.put(new_key(), BytesIO(b"x"))
    with pytest.raises(OutsideUnavailable):
        list(storage.list_files())


class Torn(BytesIO):
    """An upload whose line breaks after its first piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("line lost")
        return super().read(size)


def test_a_put_that_breaks_leaves_no_file(storage: Storage) -> None:
    with pytest.raises(OutsideUnavailable):
        storage.put(new_key(), Torn(bytes(12 * MEGABYTE)))
    assert listed_keys(storage) == storage.clear_leftovers(soon()) == []


PUTTING = """
import os, signal, sys
from io import BytesIO
from app.adapters.storage.keys import new_key
from app.adapters.storage.opening import open_storage
from app.settings import Settings

whole, fatal_byte = int(sys.argv[1]), int(sys.argv[2])

class Fatal(BytesIO):
    def read(self, size=-1):
        if self.tell() >= fatal_byte:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)

storage = open_storage(Settings())
for number in range(10_000):
    key = new_key()
    body = key.encode() * 200_000
    storage.put(key, Fatal(body) if number == whole else BytesIO(body))
    print(key, flush=True)
"""


def putting(settings: Settings, whole: int, fatal_byte: int) -> subprocess.Popen[str]:
    """A process that puts files of 7 MB and prints the key of each that is safe; `whole` of -1 puts until it is killed."""
    names = ("data_dir", "storage_url", "storage_endpoint", "storage_access_key", "storage_secret_key")
    given = {f"CITYREADY_{name.upper()}": str(getattr(settings, name)) for name in names}
    return subprocess.Popen(
        [sys.executable, "-c", PUTTING, str(whole), str(fatal_byte)],
        cwd=ROOT,
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        text=True,
    )


def assert_whole(storage: Storage, safe: list[str]) -> None:
    listed = listed_keys(storage)
    assert set(safe) <= set(listed)
    for key in listed:
        assert contents(storage, key) == key.encode() * 200_000
    assert len(storage.clear_leftovers(soon())) <= 1
    assert listed_keys(storage) == listed


@pytest.mark.parametrize("fatal_byte", [0, 1, 6 * MEGABYTE])
def test_kill_9_in_the_middle_of_a_put_shows_no_truncated_file(
    settings: Settings, storage: Storage, fatal_byte: int
) -> None:
    with putting(settings, 2, fatal_byte) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert len(said.split()) == 2
    assert_whole(storage, said.split())


@pytest.mark.parametrize("acknowledged", [1, 2, 3, 5, 8])
def test_kill_9_at_any_moment_loses_nothing_that_was_safe(
    settings: Settings, storage: Storage, acknowledged: int
) -> None:
    with putting(settings, -1, 0) as process:
        assert process.stdout is not None
        safe = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.kill()
        safe += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert_whole(storage, safe)


def test_an_interrupted_put_on_a_folder_leaves_one_temporary_file_until_the_sweep(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with putting(settings, 0, 6 * MEGABYTE) as process:
        process.communicate(timeout=60)
    storage = open_storage(settings)
    assert list(storage.list_files()) == []
    assert storage.clear_leftovers(datetime.now(UTC) - timedelta(hours=1)) == []
    assert len(storage.clear_leftovers(soon())) == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_upload_is_measured_and_hashed_and_ready_to_be_read() -> None:
    body = os.urandom(3 * MEGABYTE)
    with receive_file(BytesIO(body), 3 * MEGABYTE) as received:
        assert received.size_bytes == len(body)
        assert received.sha256 == hashlib.sha256(body).hexdigest()
        assert received.file.read() == body
    assert received.file.closed


def test_an_empty_upload_is_refused_with_a_sentence() -> None:
    with pytest.raises(Invalid) as refused:
        receive_file(BytesIO(), 10)
    assert "This file is empty" in str(refused.value.fields["file"])


@pytest.mark.parametrize(("limit_bytes", "shown"), [(50 * MEGABYTE, "50 MB"), (1_500_000, "1.5 MB")])
def test_an_upload_over_the_limit_is_told_the_limit_and_what_to_do(limit_bytes: int, shown: str) -> None:
    with pytest.raises(Invalid) as refused:
        receive_file(BytesIO(bytes(limit_bytes + 1)), limit_bytes)
    sentence = str(refused.value.fields["file"])
    assert shown in sentence
    assert "add a link to it instead" in sentence


def test_an_upload_over_the_limit_is_not_read_to_its_end() -> None:
    source = BytesIO(bytes(40 * MEGABYTE))
    with pytest.raises(Invalid):
        receive_file(source, MEGABYTE)
    assert source.tell() < 4 * MEGABYTE


def test_a_line_that_breaks_during_an_upload_leaves_no_open_file() -> None:
    with pytest.raises(OSError, match="line lost"):
        receive_file(Torn(bytes(3 * MEGABYTE)), 50 * MEGABYTE)
