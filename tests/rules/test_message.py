"""Sentences with places, one and many, nested, and translated."""

from gettext import NullTranslations

from app.rules.message import NamedCriteria, counted, say


def test_a_sentence_is_filled_in() -> None:
    assert str(say("%(name)s has left", name="Ana")) == "Ana has left"


def test_a_percent_sign_in_a_value_is_no_place_of_its_own() -> None:
    assert str(say("Called %(name)s", name="100 %(x)s")) == "Called 100 %(x)s"


def test_one_and_many_differ() -> None:
    files = [str(counted("%(count)s file", "%(count)s files", number)) for number in (0, 1, 2)]
    assert files == ["0 files", "1 file", "2 files"]


def test_a_sentence_in_a_sentence_is_translated_with_it() -> None:
    class Spanish(NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Level: %(level)s": "Nivel: %(level)s", "Gold": "Oro"}[message]

    spanish = Spanish()
    said = say("Level: %(level)s", level=say("Gold"))
    assert said.render(spanish.gettext, spanish.ngettext) == "Nivel: Oro"


def test_the_plural_is_chosen_by_the_translation() -> None:
    said = counted("%(count)s file", "%(count)s files", 5)
    assert said.render(str, lambda one, many, n: f"{n} archivos") == "5 archivos"


def test_criteria_in_a_sentence_are_named_by_whoever_says_it_and_of_many_only_the_first() -> None:
    titles = {code: f"Title {code}" for code in ("A1", "A2", "A3", "A4", "A5")}

    def read(*codes: str) -> str:
        said = say("Open: %(codes)s.", codes=NamedCriteria("any", codes))
        return said.render(str, lambda one, many, n: one if n == 1 else many, name=lambda row: row.with_titles(titles))

    assert str(say("Open: %(codes)s.", codes=NamedCriteria("any", ("A1", "A2")))) == "Open: A1, A2."
    assert read("A1", "B9") == "Open: A1 (Title A1) and B9."
    assert read("A1", "A2", "A3", "A4").endswith("A3 (Title A3) and A4 (Title A4).")
    assert read(*titles) == "Open: A1 (Title A1), A2 (Title A2), A3 (Title A3) and 2 more."
