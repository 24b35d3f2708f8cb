"""Codes by the clock, as a phone shows them whose clock may be off; and secrets that are kept sealed."""

from datetime import UTC, datetime, timedelta

import pytest

from app.adapters import clock_codes, sealing

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
START = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("second", range(30))
@pytest.mark.parametrize("off", [-40, -20, 0, 20, 40])
def test_a_clock_that_is_off_by_forty_seconds_is_good_enough(second: int, off: int) -> None:
    at = START + timedelta(seconds=second)
    code = clock_codes.current_code(SECRET, at + timedelta(seconds=off))
    assert clock_codes.matching_step(SECRET, code, at, 0) == int((at.timestamp() + off) // 30)


@pytest.mark.parametrize("off", [-130, -100, 100, 130])
def test_a_clock_that_is_off_by_more_is_not(off: int) -> None:
    code = clock_codes.current_code(SECRET, START + timedelta(seconds=off))
    assert clock_codes.matching_step(SECRET, code, START, 0) is None


def test_a_code_that_was_taken_and_all_before_it_are_over() -> None:
    early, late = (clock_codes.current_code(SECRET, START + timedelta(seconds=seconds)) for seconds in (-30, 0))
    taken = clock_codes.matching_step(SECRET, late, START, 0)
    assert taken is not None
    assert clock_codes.matching_step(SECRET, late, START, taken) is None
    assert clock_codes.matching_step(SECRET, early, START, taken) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "x" * 100_000])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert clock_codes.matching_step(SECRET, "".join(filter(str.isascii, typed)), START, 0) is None


def test_recovery_codes_differ_and_are_found_however_they_are_typed() -> None:
    codes = clock_codes.make_recovery_codes()
    assert len(set(codes)) == clock_codes.RECOVERY_CODES
    for code in codes:
        typed = f" {code.upper().replace('-', ' ')} "
        assert clock_codes.hash_recovery_code(typed) == clock_codes.hash_recovery_code(code)


def test_a_sealed_secret_opens_with_any_key_of_the_installation_and_with_no_other() -> None:
    sealed = sealing.seal_secret("old" * 20, SECRET)
    assert SECRET not in sealed
    assert sealing.open_secret(f"{'new' * 20},{'old' * 20}", sealed) == SECRET
    assert sealing.open_secret("new" * 20, sealed) is None
    again = sealing.reseal_secret(f"{'new' * 20},{'old' * 20}", sealed)
    assert again
    assert sealing.open_secret("new" * 20, again) == SECRET
    assert sealing.reseal_secret("other" * 20, sealed) is None
    assert sealing.open_secret("new" * 20, f"{again[:-4]}AAAA") is None
