"""Pages go out compressed where the browser takes it, but for those that show what the address asks for."""

import gzip

from tests.conftest import ClientFor

ALL = {"Accept-Encoding": "gzip, deflate, br"}
NONE = {"Accept-Encoding": "identity"}


def test_a_page_is_compressed_for_a_browser_that_takes_it(client_for: ClientFor) -> None:
    client = client_for("reviewer")
    plain, squeezed = client.get("/alpha/board", headers=NONE), client.get("/alpha/board", headers=ALL)
    assert "content-encoding" not in plain.headers
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.text == plain.text
    assert int(squeezed.headers["content-length"]) < len(plain.content) / 3
    for answer in (plain, squeezed):
        assert "Accept-Encoding" in answer.headers["vary"]


def test_a_page_that_shows_what_was_asked_for_is_not(client_for: ClientFor) -> None:
    answer = client_for("reviewer").get("/alpha/criteria?q=plan", headers=ALL)
    assert "plan" in answer.text
    assert "content-encoding" not in answer.headers


def test_an_answer_to_a_form_is_not(client_for: ClientFor) -> None:
    answer = client_for("lead").post("/alpha/criteria/LC1/self-rating", data={"self_rating": "no"}, headers=ALL)
    assert answer.status_code == 422
    assert "content-encoding" not in answer.headers


def test_a_browser_that_has_a_compressed_page_is_told_that_it_is_the_same(client_for: ClientFor) -> None:
    client = client_for("reviewer")
    mark = client.get("/alpha/board", headers=ALL).headers["etag"]
    assert mark.startswith('W/"')
    again = client.get("/alpha/board", headers=ALL | {"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_packed_is_what_was_said(client_for: ClientFor) -> None:
    client = client_for("reviewer")
    with client.stream("GET", "/alpha/criteria", headers=ALL) as answer:
        packed = b"".join(answer.iter_raw())
    assert gzip.decompress(packed).decode() == client.get("/alpha/criteria", headers=NONE).text
