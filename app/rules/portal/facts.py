"""Counting: from the datasets of a catalog to the facts that are proposed."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from app.rules.portal.counting import MOST_NAMES, Dataset, Fact, Key
from app.rules.portal.values import Access, unaccented

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
    found = re.findall(r"\w+", unaccented(name))
    return frozenset(word for word in found if word not in _FILLING) or frozenset(found)


def unmatched(datasets: Iterable[Dataset], departments: Iterable[str]) -> list[str]:
    """Publishers that are none of the departments, those with most datasets first, at most MOST_NAMES."""
    known = {name_words(name) for name in departments}
    found: dict[str, int] = {}
    for dataset in datasets:
        if dataset.publisher and name_words(dataset.publisher) not in known:
            found[dataset.publisher] = found.get(dataset.publisher, 0) + 1
    return sorted(found, key=lambda name: (-found[name], name))[:MOST_NAMES]


def facts_of(datasets: Sequence[Dataset], departments: Sequence[str], today: date) -> list[Fact]:
    """Everything that can be counted in the datasets; nothing where there are none."""
    if not datasets:
        return []
    shares = [_share(key, datasets, partly(today)) for key, partly in _SHARES.items()]
    found = [
        Fact(Key.DATASETS, len(datasets)), *shares, _departments(datasets, departments), _newest(datasets, today),
        _procurement(datasets), _views(datasets),
    ]  # fmt: skip
    return sorted((fact for fact in found if fact), key=lambda fact: list(Key).index(fact.key))


Says = Callable[[Dataset], bool | None]
"""Yes, no, or None for a dataset that does not say."""


def _share(key: Key, datasets: Sequence[Dataset], says: Says) -> Fact:
    answers = [says(dataset) for dataset in datasets]
    return Fact(key, answers.count(True), len(datasets), answers.count(None))


def _known(dataset: Dataset, today: date) -> date | None:
    """The day of the last change; a day that is still to come says nothing."""
    changed = dataset.changed
    return changed if changed and changed <= today + timedelta(days=1) else None


def _dates(today: date) -> Says:
    return lambda dataset: True if _known(dataset, today) else None


def _recent(today: date) -> Says:
    def says(dataset: Dataset) -> bool | None:
        changed = _known(dataset, today)
        return (today - changed).days <= 365 if changed else None

    return says


def _on_time(today: date) -> Says:
    def says(dataset: Dataset) -> bool | None:
        changed = _known(dataset, today)
        if not changed or not dataset.every_days:
            return None
        return (today - changed).days <= dataset.every_days + GRACE_DAYS

    return says


def _described(dataset: Dataset) -> bool | None:
    has = (
        dataset.described and bool(dataset.publisher) and bool(dataset.downloads or dataset.machine or dataset.contact)
    )
    return has or None


def _restricted(dataset: Dataset) -> bool | None:
    return dataset.access is not Access.PUBLIC if dataset.access else None


_SHARES: dict[Key, Callable[[date], Says]] = {
    Key.DATES: _dates,
    Key.RECENT: _recent,
    Key.ON_TIME: _on_time,
    Key.LICENSE: lambda today: lambda dataset: dataset.license,
    Key.MACHINE: lambda today: lambda dataset: dataset.machine,
    Key.DICTIONARY: lambda today: lambda dataset: dataset.dictionary,
    Key.DESCRIBED: lambda today: _described,
    Key.CONTACT: lambda today: lambda dataset: dataset.contact,
    Key.RESTRICTED: lambda today: _restricted,
}


def _departments(datasets: Sequence[Dataset], departments: Sequence[str]) -> Fact | None:
    """None for a city without departments, of which there is no share."""
    if not departments:
        return None
    publishers = [name_words(dataset.publisher) for dataset in datasets]
    known = [name_words(name) for name in departments]
    covered, ours = set(publishers), set(known)
    strange = sum(publisher not in ours for publisher in publishers)
    return Fact(Key.DEPARTMENTS, sum(name in covered for name in known), len(departments), strange)


def _newest(datasets: Sequence[Dataset], today: date) -> Fact | None:
    days = [changed for dataset in datasets if (changed := _known(dataset, today))]
    return Fact(Key.NEWEST, 0, None, len(datasets) - len(days), max(days)) if days else None


_PURCHASING = re.compile(
    r"\b(procure\w*|purchas\w*|contracts?|contract awards?|tenders?|bids?|solicitations?|vendors?|compras|contratos?|licitaci\w+|licitac\w+"
    r"|contratac\w+|proveedores|marches publics|adjudicac\w+)\b"
)


def _procurement(datasets: Sequence[Dataset]) -> Fact | None:
    """Only where something was found: that nothing was found by words says nothing."""
    found = sum(bool(_PURCHASING.search(unaccented(" ".join((one.title, *one.words))))) for one in datasets)
    return Fact(Key.PROCUREMENT, found, len(datasets)) if found else None


def _views(datasets: Sequence[Dataset]) -> Fact | None:
    seen = [dataset.views for dataset in datasets if dataset.views is not None]
    return Fact(Key.VIEWS, min(sum(seen), 2**31 - 1), None, len(datasets) - len(seen)) if seen else None


def sample(datasets: Sequence[Dataset], size: int) -> list[str]:
    """One download of each of `size` public datasets that lie evenly in the catalog; the same ones each time."""
    links = [one.downloads[0] for one in datasets if one.downloads and one.access in (None, Access.PUBLIC)]
    links = list(dict.fromkeys(links))
    step = max(1.0, len(links) / size)
    return [links[int(place * step)] for place in range(min(size, len(links)))]


def broken(tried: int, dead: int, unclear: int) -> Fact | None:
    return Fact(Key.BROKEN, dead, tried, unclear) if tried else None
