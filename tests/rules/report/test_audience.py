import pytest

from app.rules.evidence.piece import Visibility
from app.rules.report.audience import SIGHTS, is_open_address
from app.rules.report.parts import ReportAudience
from app.rules.review.moves import ResponseState


@pytest.mark.parametrize(
    ("audience", "named"),
    [
        (ReportAudience.PUBLIC, {Visibility.PUBLIC}),
        (ReportAudience.COUNCIL, {Visibility.PUBLIC, Visibility.INTERNAL}),
        (ReportAudience.INTERNAL, {Visibility.PUBLIC, Visibility.INTERNAL}),
    ],
)
def test_restricted_evidence_is_named_to_nobody(audience: ReportAudience, named: set[Visibility]) -> None:
    assert {kind for kind in Visibility if SIGHTS[audience].names_piece(kind)} == named


@pytest.mark.parametrize("state", [ResponseState.NOT_STARTED, ResponseState.IN_PROGRESS, ResponseState.RETURNED])
def test_a_draft_stays_inside(state: ResponseState) -> None:
    assert [audience for audience, sight in SIGHTS.items() if sight.shows_text(state)] == [ReportAudience.INTERNAL]


@pytest.mark.parametrize("state", [ResponseState.SUBMITTED, ResponseState.DECIDED])
def test_what_was_handed_in_may_be_read(state: ResponseState) -> None:
    assert all(sight.shows_text(state) for sight in SIGHTS.values())


@pytest.mark.parametrize(
    "address",
    [
        "https://data.example.org/catalog?page=2",
        "http://example.org/a#section-4",
        "https://93.184.215.14/file.pdf",
        "https://example.org/?keyword=parks&codec=x",
    ],
)
def test_an_address_that_anyone_can_open_stays(address: str) -> None:
    assert is_open_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://intranet/files/7",
        "https://share.city.local/x",
        "http://10.0.0.7/x",
        "http://[fd00::1]/x",
        "http://127.0.0.1:8000/x",
        "https://me:secret@example.org/x",
        "https://example.org/x?access_token=abc",
        "https://example.org/x?X-Amz-Signature=abc",
        "https://example.org/x#id_token=abc",
        "https://example.org/x?SIG=abc",
        "file:///etc/passwd",
        "https://[broken/x",
        "",
    ],
)
def test_an_address_into_the_city_or_with_a_key_goes(address: str) -> None:
    assert not is_open_address(address)
    assert SIGHTS[ReportAudience.COUNCIL].seen_address(address) == ""
    assert SIGHTS[ReportAudience.INTERNAL].seen_address(address) == address


def test_what_was_typed_stays_and_the_addresses_in_it_go_where_they_must() -> None:
    typed = "See https://data.example.org/a and https://example.org/x?token=abc, or http://intranet/b."
    assert SIGHTS[ReportAudience.PUBLIC].seen_text(typed) == "See https://data.example.org/a and […] or […]"
    assert SIGHTS[ReportAudience.INTERNAL].seen_text(typed) == typed
    assert (
        SIGHTS[ReportAudience.PUBLIC].seen_text("No address: at 10:30, with the mayor")
        == "No address: at 10:30, with the mayor"
    )
