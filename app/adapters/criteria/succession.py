"""How an edition follows others, from the files in its from/. docs/criteria.md describes them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.adapters.criteria.checks import PlacedName, check_equal, check_once, files_by_code, listed_codes, suggest_name
from app.adapters.criteria.folder import EDITION_FILE, CriteriaFile, EditionFolder, read_criteria_file, read_english
from app.adapters.criteria.format import STEPS
from app.rules.criteria.edition_change import ItemPair, Succession, SuccessionItem, SuccessionStep

LEFTOVERS = {"old": "retired", "new": "new"}
"""The two sides of a step, and the key for codes that are alone on their side."""


def read_successions(english: EditionFolder) -> list[CriteriaFile]:
    """The files in from/ of an edition, with what is wrong in each."""
    files = [read_criteria_file(path, STEPS) for path in sorted(english.path.glob("from/*.y*ml"))]
    for file in files:
        _check_file(file, english)
    return files


def build_succession(values: Mapping[str, Any], edition: str) -> Succession:
    """What a file without problems says of the edition with this id."""
    steps = [
        SuccessionStep(step["old"], step["new"], tuple(map(_build_pair, step["items"]))) for step in values["steps"]
    ]
    retired = [SuccessionStep((code,), ()) for code in values["retired"]]
    new = [SuccessionStep((), (code,)) for code in values["new"]]
    return Succession(values["from"], edition, values["basis"] == "inferred", (*steps, *retired, *new))


def _build_pair(items: Mapping[str, str]) -> ItemPair:
    return ItemPair(*(SuccessionItem(*items[side].split(".")) for side in LEFTOVERS))


def _check_file(file: CriteriaFile, english: EditionFolder) -> None:
    check_equal(file, "from", file.path.stem, f"the file is called {file.path.name}")
    folder = english.path.resolve()
    before = folder.parent / file.path.stem
    if before == folder or not (before / EDITION_FILE).is_file():
        file.add_problem(
            f"There is no other edition {before.name} in the same folder. Name the file after one, or remove it."
        )
        return
    _check_sizes(file)
    for side, edition in {"old": read_english(before), "new": english}.items():
        _check_codes(file, side, edition)
        _check_items(file, side, files_by_code(edition))


def _check_sizes(file: CriteriaFile) -> None:
    for at, step in enumerate(file.values.get("steps", ())):
        if all(len(step.get(side, ())) > 1 for side in LEFTOVERS):
            sentence = "Here several codes become several, so an answer could not tell where it belongs."
            file.add_problem(f'{sentence} Write one code in "old" or one in "new" instead.', "steps", at)


def _check_codes(file: CriteriaFile, side: str, edition: EditionFolder) -> None:
    known = [code for code, _, _ in listed_codes(edition.edition)]
    named = list(_list_named_codes(file, side))
    codes = {code for code, _ in named}
    if not known or None in codes:
        return
    check_once(file, named)
    for code, place in named:
        if code and code not in known:
            file.add_problem(f'"{code}" is not in {edition.path.name}. {suggest_name(code, known)}', *place)
    for code in known:
        if code not in codes:
            advice = f'Write it in "{side}" of a step, or here in "{LEFTOVERS[side]}".'
            file.add_problem(f'"{code}" of {edition.path.name} is missing. {advice}', LEFTOVERS[side])


def _list_named_codes(file: CriteriaFile, side: str) -> Iterator[PlacedName]:
    """The codes of a side and where they stand; None for what could not be read."""
    for at, step in enumerate(file.values.get("steps", (None,))):
        for number, code in enumerate((step or {}).get(side, (None,))):
            yield code, ("steps", at, side, number)
    for number, code in enumerate(file.values.get(LEFTOVERS[side], (None,))):
        yield code, (LEFTOVERS[side], number)


def _check_items(file: CriteriaFile, side: str, criteria: Mapping[str, CriteriaFile]) -> None:
    placed: list[PlacedName] = []
    for at, step in enumerate(file.values.get("steps", ())):
        known = set(_list_item_names(criteria, step.get(side, ())))
        for number, pair in enumerate(step.get("items", ())):
            item, place = pair.get(side), ("steps", at, "items", number, side)
            placed.append((item, place))
            if item and known and item not in known:
                file.add_problem(f'"{item}" is no item of "{side}" in this step. {suggest_name(item, known)}', *place)
    check_once(file, placed)


def _list_item_names(criteria: Mapping[str, CriteriaFile], codes: Iterable[str | None]) -> Iterator[str]:
    """The items of these criteria as files name them, such as DM1.roles."""
    for code in codes:
        if file := criteria.get(code or ""):
            for item in file.values.get("checklist", ()):
                yield f"{code}.{item.get('id')}"
