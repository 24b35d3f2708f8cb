"""Addresses that people give."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.account.sign_up import check_email
from app.rules.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("lead@newark.example", "lead@newark.example"),
        ("  Lead@Newark.Example\n", "lead@newark.example"),
        ("ｌｅａｄ＠newark.example", "lead@newark.example"),
        ("\u200blead@newark.example\u200b \ufeff", "lead@newark.example"),
        ("o'hara+data@parks.city.gov", "o'hara+data@parks.city.gov"),
        ("a" * 64 + "@city.gov", "a" * 64 + "@city.gov"),
    ],
)
def test_one_person_has_one_address_however_it_is_typed(typed: str, kept: str) -> None:
    assert check_email(typed) == kept
    assert check_email(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "lead", "@newark.example", "lead@", "lead@localhost", "lead@@newark.example", "lead@newark..example"),
        *(".lead@newark.example", "lead.@newark.example", "le..ad@newark.example", "lead@-newark.example"),
        *(
            "a@b.example, c@d.example",
            "a@b.example;c@d.example",
            "Lead <lead@newark.example>",
            '"le ad"@newark.example',
        ),
        *(
            "lead@newark.example\nBcc: x@y.example",
            "lead@newark.example\x00",
            "le ad@newark.example",
            "lead@[127.0.0.1]",
        ),
        *("lead@newark\u202e.example", "léad@newark.example", "a" * 65 + "@city.gov", "a@" + "b." * 130 + "gov"),
        *("\ufdfa" * 254, " " * 2_000_000, "a" + "\u0316\u0301" * 160_000),
    ],
)
def test_what_is_not_one_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_email(typed)
    assert "name@city.gov" in str(refused.value.fields["email"])


@settings(deadline=None)
@given(st.text(max_size=40) | st.emails())
def test_no_address_that_is_kept_could_break_a_mail_header(text: str) -> None:
    try:
        email = check_email(text)
    except Invalid:
        return
    assert email.isascii()
    assert email.isprintable()
    assert not set(' ,;:<>()[]"\\') & set(email)
    assert check_email(email) == email
