"""Which words the one box looks for, and what has them."""

from app.rules.site_search import MOST_LOOKED_FOR, asked_words, has_words


def test_accents_capitals_and_signs_make_no_difference() -> None:
    assert asked_words("  Evaluación, DATOS! ") == ("evaluacion", "datos")
    assert asked_words("…!?") == ()
    assert has_words(["Plan de evaluación"], asked_words("EVALUACION pl"))


def test_every_word_must_begin_one() -> None:
    assert has_words(["Ana Ruiz", "ana@newark.example"], ["ana", "rui"])
    assert not has_words(["Ana Ruiz"], ["ana", "soto"])
    assert not has_words(["Ana Ruiz"], ["uiz"])


def test_what_a_stranger_sends_has_an_end() -> None:
    assert len(asked_words(" ".join(str(number) for number in range(10_000)))) == MOST_LOOKED_FOR
