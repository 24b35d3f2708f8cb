"""What is said of pages of which there is only a picture, and where the words go that were read in them."""

import pytest

from app.rules.files.file_text import TextPlace, TextStretch, UnreadKind, UnreadPart, describe_unread
from app.rules.pictured_pages import (
    MOST_PAGES,
    PicturedPage,
    PictureState,
    add_picture_words,
    are_waiting,
    begin_pages,
    describe_read_pages,
    list_unread_pages,
    load_pages,
    write_pages,
)

WAITING, READ, LEFT = PictureState.WAITING, PictureState.READ, PictureState.LEFT
NO_WORDS = UnreadPart(UnreadKind.NO_WORDS)
SOME = UnreadPart(UnreadKind.PAGES_WITHOUT_WORDS, 2, ("2", "3"))
ATTACHED = UnreadPart(UnreadKind.ATTACHMENTS, 1, ("plan.doc",))


def page(number: int, state: PictureState, text: str = "") -> PicturedPage:
    return PicturedPage(number, state, text)


def test_pages_are_kept_as_they_are() -> None:
    pages = (page(2, READ, "año"), page(3, WAITING))
    assert load_pages(write_pages(pages)) == pages
    assert (write_pages(()), load_pages("")) == ("", ())
    assert [are_waiting(pages), are_waiting(pages[:1])] == [True, False]


def test_what_was_read_stays_when_the_file_is_read_anew() -> None:
    assert begin_pages((2, 3), [page(2, READ, "words"), page(3, LEFT), page(9, READ, "no page any more")]) == (
        page(2, READ, "words"), page(3, WAITING),
    )  # fmt: skip


def test_no_more_than_some_hundred_pages_of_a_file_are_read() -> None:
    pages = begin_pages(range(1, MOST_PAGES + 3))
    assert [each.number for each in pages if each.state is LEFT] == [MOST_PAGES + 1, MOST_PAGES + 2]


def test_words_of_pictures_stand_at_the_end_and_in_place_of_those_before() -> None:
    own = (TextStretch(TextPlace.PAGE, 0),)
    once = add_picture_words("Own words", own, [page(2, READ, "first"), page(3, WAITING)], 1_000)
    assert once == ("Own words\n\nfirst", (*own, TextStretch(TextPlace.PICTURE, 11)))
    twice = add_picture_words(*once, [page(2, READ, "first"), page(3, READ, "second")], 1_000)
    assert twice == ("Own words\n\nfirst\n\nsecond", (*own, TextStretch(TextPlace.PICTURE, 11)))
    assert add_picture_words("", (), [page(0, READ, "all")], 1_000) == ("all", (TextStretch(TextPlace.PICTURE, 0),))
    assert add_picture_words("x" * 10, own, [page(2, READ, "first")], 10) == ("x" * 10, own), "no room is left"


@pytest.mark.parametrize(
    ("parts", "pages", "reader_here", "said"),
    [
        ([NO_WORDS], [page(0, WAITING)], True, ["It is a picture. Its words are still being read."]),
        ([NO_WORDS], [page(0, WAITING)], False, ["There are no words in it", "The program that reads words in pictures"]),
        ([NO_WORDS], [page(0, READ, "words")], True, []),
        ([SOME, ATTACHED], [page(2, READ, "words"), page(3, LEFT)], True, ["1 attachment", "1 page has no words"]),
        ([SOME], [page(2, WAITING), page(3, WAITING)], True, ["2 pages are pictures. Their words are still being read: 2, 3."]),
        ([SOME], [page(2, READ), page(3, WAITING)], False, ["1 page has no words", "The program that reads words in pictures"]),
        ([NO_WORDS], [page(1, READ, "words"), page(2, LEFT)], True, ["1 page has no words, as in a scan, and was not looked into: 2."]),
        ([ATTACHED], [], True, ["1 attachment"]),
    ],
)  # fmt: skip
def test_what_was_not_looked_into_is_said_as_it_is_now(
    parts: list[UnreadPart], pages: list[PicturedPage], reader_here: bool, said: list[str]
) -> None:
    sentences = [str(describe_unread(part)) for part in list_unread_pages(parts, pages, reader_here=reader_here)]
    assert len(sentences) == len(said)
    assert all(sentence.startswith(start) for sentence, start in zip(sentences, said, strict=True)), sentences


@pytest.mark.parametrize(
    ("pages", "start"),
    [
        ([page(0, READ, "words")], "Its words were read from the picture by a program, which makes mistakes."),
        ([page(1, READ, "words"), page(2, READ)], "2 pages were read from their pictures by a program"),
        ([page(0, READ)], "A program looked for words in its pictures and found none."),
    ],
)
def test_what_was_read_in_pictures_is_not_to_be_trusted(pages: list[PicturedPage], start: str) -> None:
    assert str(describe_read_pages(pages)).startswith(start)


def test_where_nothing_was_read_in_pictures_nothing_is_said_of_it() -> None:
    assert describe_read_pages([page(1, WAITING), page(2, LEFT)]) is None
