"""What every shape of catalog has in common: how its entries are found, turned into datasets, and where its next page is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from app.rules.portal.counting import Dataset
from app.rules.portal.trouble import CatalogKind
from app.rules.portal.values import CatalogEntry, as_list, as_text, meant_text, squeeze_text, without_accents


@dataclass(frozen=True)
class CatalogShape:
    """One way in which catalogs are written.

    `entries` gives the entries of one answer, or None when the answer has another shape. `dataset` makes a dataset of an entry found
    at an address, or None when the entry is something else, such as a chart. `onward` is the address of the next page, from the
    address of this one, its content, and how many entries were read before it and in it; None after the last. `total` is how many
    entries the whole catalog has, where an answer says so.
    """

    kind: CatalogKind
    entries: Callable[[Any], list[Any] | None]
    dataset: Callable[[CatalogEntry, str], Dataset | None]
    onward: Callable[[str, Any, int], str | None]
    total: Callable[[Any], int | None] = lambda body: None


def replace_query(url: str, **values: object) -> str:
    """The address with these values in its query, in place of those that it had."""
    parts = urlsplit(url)
    unchanged = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    return urlunsplit(
        parts._replace(query=urlencode(unchanged + [(name, str(value)) for name, value in values.items()]))
    )


def has_list(body: Any, key: str) -> bool:
    return isinstance(body, dict) and isinstance(body.get(key), list)


_DICTIONARY = re.compile(
    r"dictionar|diccionario|dicionario|dictionnaire|datadict|codebook|column (notes|descriptions)|field descriptions"
)


def is_dictionary(*names: str) -> bool:
    """Whether something is called a data dictionary."""
    return bool(_DICTIONARY.search(without_accents(" ".join(names))))


_LICENSE_WORDS = re.compile(r"licen[cs]e|licencia|licenca")


def has_license(*values: Any) -> bool | None:
    """Yes for any license, no where the catalog says that there is none, None where it says nothing."""
    names = [name for value in values if (name := as_text(value))]
    if any(_names_license(name) for name in names):
        return True
    return False if names else None


def _names_license(name: str) -> bool:
    """Of an address its last part counts, since a list of licenses has an entry for none, too."""
    last = re.split(r"[/#]", name.rstrip("/"))[-1] if is_web_address(name) else name
    return bool(meant_text(_LICENSE_WORDS.sub("", squeeze_text(last))))


def list_keywords(*values: Any) -> tuple[str, ...]:
    """The texts of several lists of keywords, without those that are empty."""
    return tuple(word for value in values for entry in as_list(value) if (word := as_text(entry)))


def is_web_address(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
