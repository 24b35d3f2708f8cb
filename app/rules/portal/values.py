"""Reading what catalogs write, as differently as they write it: texts, lists, days, frequencies, formats and who may see something.

Nothing here raises for a value of a wrong type: what cannot be read is unknown.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from app.rules.text.bounds import normalize_text

CatalogEntry = dict[str, Any]


class DatasetAccess(StrEnum):
    """Who may see a dataset, as its catalog says."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CLOSED = "closed"


PREFIXES = (
    "dcat:",
    "dct:",
    "dcterms:",
    "foaf:",
    "vcard:",
    "schema:",
    "rdfs:",
    "skos:",
    "pod:",
    "dcat-us:",
    "org:",
    "hydra:",
)
VOCABULARIES = (
    "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.1/", "http://xmlns.com/foaf/0.1/",
    "http://www.w3.org/2006/vcard/ns#", "http://schema.org/", "https://schema.org/", "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/ns/org#",
    "http://www.w3.org/ns/hydra/core#",
)  # fmt: skip
"""What stands before a name in expanded JSON-LD."""
_SPELLINGS = {"accessUrl": "accessURL", "downloadUrl": "downloadURL", "datasets": "dataset", "catalogs": "catalog"}
"""Names as some programs write them, and as the vocabulary does."""


def strip_prefixes(value: Any) -> Any:
    """The same JSON with keys such as `dcat:keyword` called `keyword`, at every depth; a key without a prefix wins."""
    if isinstance(value, list):
        return [strip_prefixes(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {key: plain_name(key) for key in value}
    prefixed = {name: strip_prefixes(value[key]) for key, name in named.items() if name != key}
    return prefixed | {key: strip_prefixes(inner) for key, inner in value.items() if named[key] == key}


def plain_name(key: str) -> str:
    """The name of a field without its prefix or vocabulary, spelled as DCAT does."""
    if key.startswith(PREFIXES):
        key = key.partition(":")[2]
    elif key.startswith(VOCABULARIES):
        key = re.split(r"[/#]", key)[-1]
    return _SPELLINGS.get(key, key)


def as_list(value: Any) -> list[Any]:
    """A list as it is; one thing alone as a list of it; nothing as an empty list."""
    if isinstance(value, list):
        return value
    return [] if value is None or value in ("", {}) else [value]


def as_entries(value: Any) -> list[CatalogEntry]:
    """The objects in a list, or the one object."""
    return [entry for entry in as_list(value) if isinstance(entry, dict)]


_UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""NUL and halves of a surrogate pair, which JSON can spell and no database can keep."""
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z]{2,4})?")
"""By which a text in several languages has each of them."""
NAMED = ("@value", "name", "title", "prefLabel", "label", "fn", "@id", "uri")


def as_text(value: Any) -> str:
    """The text of a string, a number, the first of a list, or an object with a name; empty for anything else."""
    if isinstance(value, list):
        return next((inner for item in value if (inner := as_text(item))), "")
    if isinstance(value, dict):
        languages = (name for name in value if isinstance(name, str) and _LANGUAGE.fullmatch(name))
        return next((inner for name in (*NAMED, *languages) if (inner := as_text(value.get(name)))), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_UNKEPT.sub("", str(value)).split())


def first_text(entry: Any, *names: str) -> str:
    """The first of these fields that has a text."""
    if not isinstance(entry, dict):
        return ""
    return next((text for name in names if (text := as_text(entry.get(name)))), "")


_PLACEHOLDER_WORDS = """
    nobody none no not null na nil sin sem unknown undefined unspecified notspecified noprovided notprovided
    notavailable notapplicable tbd tba tobedetermined test desconocido noespecificado noespecificada
    sinespecificar nodisponible ninguno desconhecido naoespecificado naoespecificada naoinformada nenhum inconnu
    nonspecifie aucun
"""
_PLACEHOLDERS = frozenset(_PLACEHOLDER_WORDS.split())
"""What is written where a field must be filled and nobody knows with what, without blanks and accents."""


def meant_text(text: str) -> str:
    """The text, or nothing where it only fills a field: `<Nobody>`, `N/A`, a `mailto:` without an address."""
    bare = re.sub(r"^(mailto|tel):", "", text.strip(), flags=re.IGNORECASE)
    return text if (name := squeeze_text(bare)) and name not in _PLACEHOLDERS else ""


def as_count(value: Any) -> int | None:
    """A count of things; None for what is no count."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 2**53 else None


_DURATION = re.compile(
    r"(?:R\d*/)?P(?:([\d.,]+)Y)?(?:([\d.,]+)M)?(?:([\d.,]+)W)?(?:([\d.,]+)D)?(?:T([\d.,]+)[HMS].*)?", re.IGNORECASE
)
_UNIT_DAYS = (366.0, 31.0, 7.0, 1.0, 0.0)

_FREQUENCY_WORDS: dict[int, str] = {
    1: "continuous continual continuously cont updatecont realtime live hourly bihourly trihourly daily daily2 everyday everyweekday weekdays "
    "diario diaria diariamente tempsreel quotidien quotidienne",
    4: "semiweekly weekly2 twiceaweek threetimesaweek weekly3",
    7: "weekly everyweek semanal semanalmente hebdomadaire",
    14: "biweekly fortnightly everytwoweeks quincenal",
    16: "semimonthly monthly2 twiceamonth threetimesamonth monthly3 bimensuel",
    31: "monthly everymonth mensual mensualmente mensal mensalmente mensuel mensuelle",
    62: "bimonthly everytwomonths bimestral bimestriel",
    92: "quarterly everyquarter everythreemonths trimestral trimestralmente trimestriel",
    123: "threetimesayear annual3 cuatrimestral quadrimestral",
    184: "semiannual semiannually biannual biannually annual2 twiceayear everysixmonths semestral semestriel halfyearly",
    366: "annual annually yearly everyyear anual anualmente annuel annuelle onceayear",
    731: "biennial biennially everytwoyears bienal",
    1096: "triennial everythreeyears trienal",
    1827: "quinquennial everyfiveyears quinquenal",
    3653: "decennial everytenyears",
}
FREQUENCIES = {word: days for days, words in _FREQUENCY_WORDS.items() for word in words.split()}
"""How often, in days, for the words of the European authority list, Dublin Core, ISO 19115, CKAN and Socrata sites."""

_BESIDE = re.compile(
    r"\([^)]*\)|\b(updated?|updates|refreshed|on an?|basis|se actualiza|actualizad[oa]|actualizacion|atualizad[oa]|atualizacao|mise a jour)\b"
)
"""What stands beside the word, as in “updated monthly (by the 5th)”."""


def read_frequency(value: Any) -> int | None:
    """How many days may lie between two updates; None where a catalog says irregular, as needed, or nothing that is known."""
    raw = as_text(value)
    duration = _DURATION.fullmatch(raw)
    if duration and any(duration.groups()):
        return _duration_days(duration.groups())
    last = re.split(r"[/#]", raw.rstrip("/"))[-1]
    words = (squeeze_text(last), squeeze_text(_BESIDE.sub(" ", without_accents(last))))
    return next((days for word in words if (days := FREQUENCIES.get(word))), None)


def _duration_days(parts: tuple[str | None, ...]) -> int | None:
    try:
        days = sum(float(part.replace(",", ".")) * unit for part, unit in zip(parts, _UNIT_DAYS, strict=True) if part)
    except ValueError:
        return None
    return max(1, round(days)) if days < 36_600 else None


def without_accents(raw: str) -> str:
    """Lower case, without accents."""
    apart = normalize_text("NFKD", raw.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def squeeze_text(raw: str) -> str:
    """Only letters and digits, in lower case and without accents."""
    return "".join(letter for letter in without_accents(raw) if letter.isalnum())


_ACCESS = {
    "public": DatasetAccess.PUBLIC,
    "open": DatasetAccess.PUBLIC,
    "restrictedpublic": DatasetAccess.RESTRICTED,
    "restricted": DatasetAccess.RESTRICTED,
    "nonpublic": DatasetAccess.CLOSED,
    "private": DatasetAccess.CLOSED,
    "org": DatasetAccess.CLOSED,
    "confidential": DatasetAccess.CLOSED,
}


def read_access(value: Any) -> DatasetAccess | None:
    """Who may see it, from words such as `restricted public` or an address that ends in `NON_PUBLIC`."""
    return _ACCESS.get(squeeze_text(re.split(r"[/#]", as_text(value).rstrip("/"))[-1]))


_MACHINE_WORDS = """
    csv tsv json geojson jsonl ndjson xml rdf kml kmz gpkg geopackage shp shapefile esrishapefile parquet xls xlsx ods gtfs rss geotiff
    api spreadsheetml spreadsheet esrirest arcgisgeoservicesrestapi wfs wms sqlite topojson zip featureservice featurelayer mapservice filegeodatabase
"""
_READING_WORDS = "pdf doc docx html htm txt odt ppt pptx png jpg jpeg webpage text wordprocessingml presentationml"
MACHINE, READING = frozenset(_MACHINE_WORDS.split()), frozenset(_READING_WORDS.split())
"""Formats that software can read, and formats that only people can."""


def is_machine_readable(formats: list[str]) -> bool | None:
    """Whether software can read one of these formats (or media types, or addresses); None where none of them is known."""
    names = {name for raw in formats for name in _format_names(raw)}
    if names & MACHINE:
        return True
    return False if names & READING else None


_FORMAT_PHRASES = (
    ("comma separated", "csv"),
    ("tab separated", "tsv"),
    ("excel", "xlsx"),
    ("geodatabase", "filegeodatabase"),
    ("shape file", "shp"),
)
_NOT_ALONE = frozenset(("api", "zip", "text"))
"""Words that mean a format only by themselves: “API documentation” is none."""


def _format_names(raw: str) -> Iterator[str]:
    """`text/csv`, `CSV`, `.csv`, `ftype:CSV`, `Comma Separated Values File` and `https://host/file.csv?x=1` are all csv."""
    bare = raw.partition("?")[0].partition(";")[0].rstrip("/")
    yield squeeze_text(bare)
    yield squeeze_text(re.split(r"[/.+#:]", bare)[-1])
    if "://" not in bare:
        words = re.findall(r"[a-z0-9]+", without_accents(bare))
        yield from (word for word in words if word not in _NOT_ALONE)
        yield from (name for phrase, name in _FORMAT_PHRASES if phrase in " ".join(words))
