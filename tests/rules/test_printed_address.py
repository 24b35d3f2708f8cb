import pytest

from app.rules.report.printed_address import is_address_of_machine


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000",
        "http://127.9.9.9",
        "http://localhost/x",
        "https://LOCALHOST.",
        "http://[::1]:80",
        "http://0.0.0.0",
    ],
)
def test_an_address_that_leads_back_to_the_machine_is_known(address: str) -> None:
    assert is_address_of_machine(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://readiness.springfield.gov",
        "http://10.0.0.7",
        "http://city.lan",
        "http://[",
        "",
        "https://localhost.example",
    ],
)
def test_others_are_left_alone(address: str) -> None:
    assert not is_address_of_machine(address)
