"""Links that are signed, ids that cannot be guessed, and the key behind them."""

import hashlib
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from app.adapters.tokens import hash_token, load_secret_key, random_token, read_token, rotate_key, sign_token
from app.settings import ROOT, Settings

SECRET = "s" * 43
INVITED = {"email": "lead@newark.example", "city": 1}


def test_what_was_put_in_comes_out() -> None:
    assert read_token(SECRET, "invitation", sign_token(SECRET, "invitation", INVITED), 60) == INVITED


def test_a_token_of_another_purpose_or_another_installation_says_nothing() -> None:
    token = sign_token(SECRET, "invitation", INVITED)
    assert read_token(SECRET, "reset", token, 60) is None
    assert read_token("t" * 43, "invitation", token, 60) is None


def test_a_token_that_is_too_old_says_nothing() -> None:
    assert read_token(SECRET, "invitation", sign_token(SECRET, "invitation", INVITED), -1) is None


def test_every_change_to_a_token_is_noticed() -> None:
    token = sign_token(SECRET, "invitation", INVITED)
    for at in range(len(token) - 1):  # some bits of the last letter carry nothing
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert read_token(SECRET, "invitation", changed, 60) is None


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é", "\ud800", "x" * 100_000, "null"])
def test_nonsense_says_nothing(token: str) -> None:
    assert read_token(SECRET, "invitation", token, 60) is None


def test_a_token_fits_into_an_address() -> None:
    for token in (sign_token(SECRET, "invitation", INVITED), random_token()):
        assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_random_tokens_differ_and_are_long() -> None:
    tokens = {random_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(map(len, tokens)) == 43


def test_only_the_sha_256_of_a_token_is_for_the_database() -> None:
    assert hash_token("abc") == hashlib.sha256(b"abc").hexdigest()
    assert len(hash_token("\ud800")) == 64


def test_the_key_of_the_settings_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert load_secret_key(Settings(data_dir=tmp_path, secret_key="given")) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new" / "data", secret_key="")
    key = load_secret_key(settings)
    assert len(key) == 43
    assert load_secret_key(settings) == key
    [kept] = settings.data_dir.iterdir()
    assert (kept.name, stat.S_IMODE(kept.stat().st_mode)) == ("secret-key", 0o600)


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    keys = {load_secret_key(Settings(data_dir=tmp_path / name, secret_key="")) for name in "ab"}
    assert len(keys) == 2


def test_an_emptied_key_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("\n")
    with pytest.raises(ValueError, match="no usable key"):
        load_secret_key(Settings(data_dir=tmp_path, secret_key=""))


STARTING = """
import sys
from app.adapters.tokens import load_secret_key
from app.settings import Settings
print("ready", flush=True)
sys.stdin.readline()
print(load_secret_key(Settings(secret_key="")))
"""


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", STARTING],
            cwd=ROOT,
            env={"CITYREADY_DATA_DIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for start in starts:
        assert start.stdout is not None
        assert start.stdout.readline() == "ready\n"
    for start in starts:
        assert start.stdin is not None
        start.stdin.write("go\n")
        start.stdin.flush()
    said = {start.communicate(timeout=30)[0].strip() for start in starts}
    assert said == {(tmp_path / "secret-key").read_text()}
    assert len(list(tmp_path.iterdir())) == 1


def test_whoever_comes_second_takes_the_key_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The narrow moment: the file appears after it was found missing."""
    settings = Settings(data_dir=tmp_path, secret_key="")
    first = load_secret_key(settings)
    looked = iter([False])
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: next(looked, None) is None and exists(path))
    assert load_secret_key(settings) == first
    assert len(list(tmp_path.iterdir())) == 1


# Several keys


def test_the_first_key_signs_and_each_of_them_verifies() -> None:
    old, new = "o" * 43, "n" * 43
    both = f"{new}, {old}"
    of_before, of_now = sign_token(old, "invitation", INVITED), sign_token(both, "invitation", INVITED)
    assert read_token(both, "invitation", of_before, 60) == INVITED
    assert read_token(new, "invitation", of_now, 60) == INVITED
    assert read_token(old, "invitation", of_now, 60) is None
    assert read_token(new, "invitation", of_before, 60) is None, "once the old key is taken out, its links end"


def test_a_key_of_before_with_a_comma_in_it_goes_on_verifying() -> None:
    serializer = URLSafeTimedSerializer(
        "with, comma", salt="invitation", signer_kwargs={"digest_method": hashlib.sha256}
    )
    assert read_token("with, comma", "invitation", str(serializer.dumps(INVITED)), 60) == INVITED


def test_after_a_rotation_new_links_are_signed_anew_and_old_ones_still_open(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret_key="")
    before = sign_token(load_secret_key(settings), "invitation", INVITED)
    first = load_secret_key(settings)
    for older in (1, 2, 3, 4, 4):
        assert rotate_key(settings, forget_old=False) == older
    assert first not in load_secret_key(settings), "five keys are enough"
    assert read_token(load_secret_key(settings), "invitation", before, 60) is None
    middle = sign_token(load_secret_key(settings), "invitation", INVITED)
    rotate_key(settings, forget_old=False)
    assert read_token(load_secret_key(settings), "invitation", middle, 60) == INVITED
    assert rotate_key(settings, forget_old=True) == 0
    assert read_token(load_secret_key(settings), "invitation", middle, 60) is None
    (kept,) = tmp_path.iterdir()
    assert (kept.name, stat.S_IMODE(kept.stat().st_mode)) == ("secret-key", 0o600)


def test_one_short_key_among_several_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("n" * 43 + "\nshort\n")
    with pytest.raises(ValueError, match="no usable key"):
        load_secret_key(Settings(data_dir=tmp_path, secret_key=""))
