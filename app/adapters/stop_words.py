"""Words that stand in any text of a language, from the collection that the package `stopwordsiso` carries."""

from functools import cache

from app.rules.evidence.also_proves import TextLanguage
from app.rules.text.search_words import fold_text


@cache
def load_text_language(code: str) -> TextLanguage:
    """The language with its stop words. The collection of all languages is read at the first call."""
    from stopwordsiso import stopwords

    return TextLanguage(code, frozenset(map(fold_text, stopwords(code))))
