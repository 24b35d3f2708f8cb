"""Counting: from the datasets of a catalog to the facts that are proposed."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from app.rules.portal.counting import MOST_NAMES, CatalogFact, Dataset, FactKey
from app.rules.portal.values import DatasetAccess, without_accents

GRACE_DAYS = 3
"""An update may be late by this much, so that a weekend does not count."""

_FILLING_WORDS = """
    the of and for a an dept department departments division office bureau agency city town county municipality municipal
    de la el los las del do da dos das du des le les et y e departamento secretaria direccion direction oficina service servicio
    ayuntamiento alcaldia prefeitura ville ciudad cidade
"""
_FILLING = frozenset(_FILLING_WORDS.split())
"""Words that say that something is a department, and not which."""


def name_words(name: str) -> frozenset[str]:
    """What tells a department from others: its words without case, accents and filling; all of them where nothing is left."""
    words = re.findall(r"\w+", without_accents(name))
    return frozenset(word for word in words if word not in _FILLING) or frozenset(words)


def unmatched_publishers(datasets: Iterable[Dataset], departments: Iterable[str]) -> list[str]:
    """Publishers that are none of the departments, those with most datasets first, at most MOST_NAMES."""
    known = {name_words(name) for name in departments}
    counts: dict[str, int] = {}
    for dataset in datasets:
        if dataset.publisher and name_words(dataset.publisher) not in known:
            counts[dataset.publisher] = counts.get(dataset.publisher, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))[:MOST_NAMES]


def count_facts(datasets: Sequence[Dataset], departments: Sequence[str], today: date) -> list[CatalogFact]:
    """Everything that can be counted in the datasets; nothing where there are none."""
    if not datasets:
        return []
    shares = [_count_share(key, datasets, partly(today)) for key, partly in _SHARES.items()]
    facts = [
        CatalogFact(FactKey.DATASETS, len(datasets)), *shares, _department_fact(datasets, departments), _newest_fact(datasets, today),
        _procurement_fact(datasets), _views_fact(datasets),
    ]  # fmt: skip
    return sorted((fact for fact in facts if fact), key=lambda fact: list(FactKey).index(fact.key))


DatasetTest = Callable[[Dataset], bool | None]
"""Yes, no, or None for a dataset that does not say."""


def _count_share(key: FactKey, datasets: Sequence[Dataset], test: DatasetTest) -> CatalogFact:
    results = [test(dataset) for dataset in datasets]
    return CatalogFact(key, results.count(True), len(datasets), results.count(None))


def _known_change(dataset: Dataset, today: date) -> date | None:
    """The day of the last change; a day that is still to come says nothing."""
    changed = dataset.changed
    return changed if changed and changed <= today + timedelta(days=1) else None


def _shows_date(today: date) -> DatasetTest:
    return lambda dataset: True if _known_change(dataset, today) else None


def _changed_recently(today: date) -> DatasetTest:
    def changed_recently(dataset: Dataset) -> bool | None:
        changed = _known_change(dataset, today)
        return (today - changed).days <= 365 if changed else None

    return changed_recently


def _changed_on_time(today: date) -> DatasetTest:
    def changed_on_time(dataset: Dataset) -> bool | None:
        changed = _known_change(dataset, today)
        if not changed or not dataset.every_days:
            return None
        return (today - changed).days <= dataset.every_days + GRACE_DAYS

    return changed_on_time


def _is_described(dataset: Dataset) -> bool | None:
    is_complete = (
        dataset.described and bool(dataset.publisher) and bool(dataset.downloads or dataset.machine or dataset.contact)
    )
    return is_complete or None


def _is_restricted(dataset: Dataset) -> bool | None:
    return dataset.access is not DatasetAccess.PUBLIC if dataset.access else None


_SHARES: dict[FactKey, Callable[[date], DatasetTest]] = {
    FactKey.DATES: _shows_date,
    FactKey.RECENT: _changed_recently,
    FactKey.ON_TIME: _changed_on_time,
    FactKey.LICENSE: lambda today: lambda dataset: dataset.license,
    FactKey.MACHINE: lambda today: lambda dataset: dataset.machine,
    FactKey.DICTIONARY: lambda today: lambda dataset: dataset.dictionary,
    FactKey.DESCRIBED: lambda today: _is_described,
    FactKey.CONTACT: lambda today: lambda dataset: dataset.contact,
    FactKey.RESTRICTED: lambda today: _is_restricted,
}


def _department_fact(datasets: Sequence[Dataset], departments: Sequence[str]) -> CatalogFact | None:
    """None for a city without departments, of which there is no share."""
    if not departments:
        return None
    publishers = [name_words(dataset.publisher) for dataset in datasets]
    known = [name_words(name) for name in departments]
    covered, ours = set(publishers), set(known)
    strange = sum(publisher not in ours for publisher in publishers)
    return CatalogFact(FactKey.DEPARTMENTS, sum(name in covered for name in known), len(departments), strange)


def _newest_fact(datasets: Sequence[Dataset], today: date) -> CatalogFact | None:
    days = [changed for dataset in datasets if (changed := _known_change(dataset, today))]
    return CatalogFact(FactKey.NEWEST, 0, None, len(datasets) - len(days), max(days)) if days else None


_PURCHASING = re.compile(
    r"\b(procure\w*|purchas\w*|contracts?|contract awards?|tenders?|bids?|solicitations?|vendors?|compras|contratos?|licitaci\w+|licitac\w+"
    r"|contratac\w+|proveedores|marches publics|adjudicac\w+)\b"
)


def _procurement_fact(datasets: Sequence[Dataset]) -> CatalogFact | None:
    """Only where something was found: that nothing was found by words says nothing."""
    count = sum(
        bool(_PURCHASING.search(without_accents(" ".join((dataset.title, *dataset.words))))) for dataset in datasets
    )
    return CatalogFact(FactKey.PROCUREMENT, count, len(datasets)) if count else None


def _views_fact(datasets: Sequence[Dataset]) -> CatalogFact | None:
    seen = [dataset.views for dataset in datasets if dataset.views is not None]
    return CatalogFact(FactKey.VIEWS, min(sum(seen), 2**31 - 1), None, len(datasets) - len(seen)) if seen else None


def sample_downloads(datasets: Sequence[Dataset], size: int) -> list[str]:
    """One download of each of `size` public datasets that lie evenly in the catalog; the same ones each time."""
    links = [
        dataset.downloads[0]
        for dataset in datasets
        if dataset.downloads and dataset.access in (None, DatasetAccess.PUBLIC)
    ]
    links = list(dict.fromkeys(links))
    step = max(1.0, len(links) / size)
    return [links[int(place * step)] for place in range(min(size, len(links)))]


def broken_downloads_fact(tried: int, dead: int, unclear: int) -> CatalogFact | None:
    return CatalogFact(FactKey.BROKEN, dead, tried, unclear) if tried else None
