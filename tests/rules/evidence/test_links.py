"""Which addresses may be kept, and which may be visited."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.errors import Invalid
from app.rules.evidence.links import clean_url, is_public_address, leads_to_door, leads_to_sign_in


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        clean_url(text)
    return str(refused.value.fields["url"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.city.gov/data?year=2024#top", "https://www.city.gov/data?year=2024#top"),
        ("www.city.gov", "https://www.city.gov"),
        ("  city.gov/open data".replace(" data", "-data") + "\n", "https://city.gov/open-data"),
        ("city.gov:8080/x", "https://city.gov:8080/x"),
        ("http://intranet/plan", "http://intranet/plan"),
        ("HTTP://City.gov", "HTTP://City.gov"),
        ("mañana.es/año", "https://mañana.es/año"),
        ("https://city.gov/a|b{c}", "https://city.gov/a|b{c}"),
        ("http://[2606:4700::1]:8443/", "http://[2606:4700::1]:8443/"),
    ],
)
def test_the_address_that_a_person_meant_is_kept(typed: str, kept: str) -> None:
    assert clean_url(typed) == kept
    assert clean_url(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://city.gov/%0aalert(1)",
        "data:text/html,<b>",
        "data:text/html,b",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://city.gov/x",
        "mailto:mayor@city.gov",
        "view-source:http://city.gov",
        "https:city.gov",
        "blob:https://city.gov/1",
    ],
)
def test_other_schemes_are_refused(text: str) -> None:
    assert "http" in refusal(text) or "spaces, quotes" in refusal(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter the address"),
        (" \t", "Enter the address"),
        ("https://city.gov/" + "x" * 1984, "longer than 2000 characters"),
        ("https://city.gov/my file", "spaces"),
        ("https://city.gov/\u202egpj.exe", "invisible"),
        ("https://city.gov/\x00", "invisible"),
        ("java\nscript:alert(1)", "spaces"),
        ("https://city.gov\\@evil.example", "spaces"),
        ("https://mayor:secret@city.gov", "user name or password"),
        ("https://mayor@city.gov", "user name or password"),
        ("//city.gov", "not a complete web address"),
        ("/data", "not a complete web address"),
        ("https://", "not a complete web address"),
        ("https:///data", "not a complete web address"),
        ("https://..", "not a complete web address"),
        ("https://[::1", "not a complete web address"),
        ("https://city.gov:99999", "not a complete web address"),
        ("https://city.gov:0", "not a complete web address"),
        ("https://city.gov:x", "not a complete web address"),
        ("javascript:1", "not a complete web address"),
        ("data", "not a complete web address"),
    ],
)
def test_what_is_no_address_is_refused_with_what_to_do(text: str, words: str) -> None:
    assert words in refusal(text)


def test_an_address_of_2000_characters_is_kept() -> None:
    assert len(clean_url("https://city.gov/" + "x" * 1983)) == 2000


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"(https?:)?/?/?[a-z.:@\[\]0-9/]{0,30}", fullmatch=True))
def test_any_text_becomes_a_web_address_or_a_sentence(text: str) -> None:
    try:
        url = clean_url(text)
    except Invalid as refused:
        assert str(refused.fields["url"]).endswith(".")  # noqa: PT017 - both outcomes are right
    else:
        assert url.lower().startswith(("http://", "https://"))
        assert clean_url(url) == url


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "1.1.1.1", "2606:4700::1111", "2001:4860:4860::8888", "2a00:1450::1"]
)
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254"),
        *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
        *("198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"),
        *("64:ff9b::127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::"),
        *("2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1"),
        *("fc00::1", "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1"),
    ],
)
def test_every_other_address_is_not(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    ("url", "final_url", "leads"),
    [
        ("https://city.gov/plan.pdf", "https://city.gov/login?next=/plan.pdf", True),
        ("https://city.gov/plan.pdf", "https://login.microsoftonline.com/x/oauth2/authorize", True),
        ("https://city.sharepoint.com/plan", "https://city.okta.com/app/x", True),
        ("https://city.gov/plan", "https://city.gov/users/sign-in", True),
        ("https://city.gov/plan", "https://www.city.gov/plan/", False),
        ("https://city.gov/plan", "https://city.gov/blogging/plan", False),
        ("https://city.gov/plan", "https://city.gov/users/sign_in", True),
        (
            "https://city.sharepoint.com/plan",
            "https://city.sharepoint.com/_layouts/15/Authenticate.aspx?Source=%2Fplan",
            True,
        ),
        ("https://city.gov/plan", "https://idp.city.gov/auth/realms/city/protocol/openid-connect/auth", True),
        ("https://city.gov/plan", "https://login.city.gov/x", True),
        ("https://muni.gob.ar/plan", "https://muni.gob.ar/usuario/ingresar?volver=/plan", True),
        ("https://city.gov/plan", "https://city.gov/blogin/plan", False),
        ("https://city.gov/login", "https://city.gov/en/login", False),
        ("https://city.gov/designing", "https://city.gov/design/in", False),
    ],
)
def test_an_address_that_leads_to_a_sign_in_page_is_told_apart(url: str, final_url: str, leads: bool) -> None:
    assert leads_to_sign_in(url, final_url) is leads


@pytest.mark.parametrize(
    ("url", "final_url", "leads"),
    [
        ("https://city.gov/map", "https://city.gov/disclaimer.html?to=/map", True),
        ("https://youtu.be/x", "https://consent.youtube.com/m?continue=x", True),
        ("https://city.gov/plan", "https://city.gov/cookie-wall/", True),
        ("https://city.gov/disclaimer", "https://city.gov/en/disclaimer", False),
        ("https://city.gov/plan", "https://city.gov/consent-decree", False),
        ("https://city.gov/plan", "https://www.city.gov/plan/", False),
    ],
)
def test_an_address_that_leads_to_a_question_is_told_apart(url: str, final_url: str, leads: bool) -> None:
    assert leads_to_door(url, final_url) is leads
