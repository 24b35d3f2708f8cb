"""What must agree inside a criteria file, between the files of an edition, and between languages.

Each check adds to the problems of the file where the fault is best mended, and passes over what could not be read.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

from app.adapters.criteria.folder import EDITION_FILE, CriteriaFile, EditionFolder
from app.adapters.criteria.format import LATER_PROSE
from app.adapters.yaml.shapes import compare_keys

MUST_BE_THERE = ("evidence", "leaders_decide")
"""Lists of texts that no file may leave out."""

PlacedName = tuple[str | None, tuple[str | int, ...]]
"""A name, if it could be read, and where it stands in its file."""


def check_english(folder: EditionFolder) -> None:
    """Adds what is wrong with the English files of an edition, beyond their shape."""
    _check_edition(folder.edition, folder.path.resolve().name)
    for name, file in folder.criteria.items():
        _check_names(file, PurePosixPath(name))
        _check_checklist(file)
    codes = [code for code, _, _ in listed_codes(folder.edition)]
    if codes:
        _check_files(folder)
        _check_core(folder)
        _check_prerequisites(folder, codes)


def check_translation(english: EditionFolder, translation: EditionFolder) -> None:
    """Adds what a translation has too much or too little beside the English files."""
    _check_same_keys(translation.edition, "areas", english.edition.values.get("areas", ()))
    for key in ("leaders_decide", "sources", "shared_documents"):
        _check_same_count(english.edition, translation.edition, key)
    for name, file in translation.criteria.items():
        if name in english.criteria:
            _check_names(file, PurePosixPath(name))
            _check_same_parts(english.criteria[name], file)
        else:
            file.problems.clear()
            file.add_problem(f"There is no {name} in English. Write the English file first, or remove this one.")


def _check_edition(edition: CriteriaFile, folder: str) -> None:
    values = edition.values
    check_equal(edition, "id", folder, f"the folder is called {folder}")
    levels, areas = values.get("levels", ()), values.get("areas", ())
    check_once(edition, ((level.get("id"), ("levels", at, "id")) for at, level in enumerate(levels)))
    check_once(edition, ((area.get("id"), ("areas", at, "id")) for at, area in enumerate(areas)))
    check_once(edition, ((area.get("prefix"), ("areas", at, "prefix")) for at, area in enumerate(areas)))
    check_once(edition, ((code, place) for code, _, place in listed_codes(edition)))
    _check_ascending(edition)
    _check_codes(edition)


def check_equal(file: CriteriaFile, key: str, wanted: str, why: str) -> None:
    """Adds a problem where the value of a key is not the one that `why` asks for."""
    if file.values.get(key, wanted) != wanted:
        file.add_problem(f'"{key}" is "{file.values[key]}", but {why}. Write {wanted} instead.', key)


def check_once(file: CriteriaFile, names: Iterable[PlacedName]) -> None:
    """Adds a problem at each place where a name stands again."""
    earlier = set()
    for name, place in names:
        if name and name in earlier:
            file.add_problem(f'"{name}" stands here a second time. Write another name, or remove it.', *place)
        earlier.add(name)


def _check_ascending(edition: CriteriaFile) -> None:
    before = 0
    for at, level in enumerate(edition.values.get("levels", ())):
        percent = level.get("percent", before + 1)
        if percent <= before:
            sentence = f'"percent" is {percent}, but the level before has {before}. Write the levels in rising order.'
            edition.add_problem(sentence, "levels", at, "percent")
        before = percent


def listed_codes(edition: CriteriaFile) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Code, area and place of every criterion listed; nothing when a part of the list could not be read."""
    areas = edition.values.get("areas", ())
    if all("id" in area and all(area.get("criteria", (None,))) for area in areas):
        for at, area in enumerate(areas):
            for number, code in enumerate(area["criteria"]):
                yield code, area["id"], ("areas", at, "criteria", number)


def _check_codes(edition: CriteriaFile) -> None:
    prefixes = {area.get("id"): area.get("prefix") for area in edition.values.get("areas", ())}
    codes = set()
    for code, area, place in listed_codes(edition):
        codes.add(code)
        prefix = prefixes[area]
        if prefix and code.rstrip("0123456789") != prefix:
            edition.add_problem(
                f'"{code}" does not begin with the prefix of its area. Write {prefix}1 instead.', *place
            )
    if codes and edition.values.get("total", len(codes)) != len(codes):
        sentence = f'"total" is {edition.values["total"]}, but the areas list {len(codes)} criteria.'
        edition.add_problem(f"{sentence} Write {len(codes)} instead.", "total")
    for at, code in enumerate(edition.values.get("core", {}).get("criteria", ())):
        if codes and code and code not in codes:
            edition.add_problem(f'"{code}" is not in any area. {suggest_name(code, codes)}', "core", "criteria", at)


def suggest_name(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: the nearest known one, if any is near."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"Write {near[0]} instead, or remove it." if near else "Remove it."


def _check_names(file: CriteriaFile, name: PurePosixPath) -> None:
    check_equal(file, "code", name.stem, f"the file is called {name.name}")
    if name.parent.name:
        check_equal(file, "area", name.parent.name, f"the file is in {name.parent}")


def _check_checklist(file: CriteriaFile) -> None:
    items = file.values.get("checklist", ())
    check_once(file, ((item.get("id"), ("checklist", at, "id")) for at, item in enumerate(items)))
    if items and file.values.get("needed", 1) > len(items):
        sentence = f'"needed" is {file.values["needed"]}, but the checklist has {len(items)} items.'
        file.add_problem(f"{sentence} Write a whole number from 1 to {len(items)} instead.", "needed")
    required = [at for at, item in enumerate(items) if item.get("required")]
    needed = file.values.get("needed", len(required))
    for at in required[needed:]:
        sentence = f'{len(required)} items are required, but only {needed} needed. Raise "needed", or write false here.'
        file.add_problem(sentence, "checklist", at, "required")
    if items and needed == len(items) and required:
        sentence = 'Every item is needed, so none is marked required. Write false at each of them, or lower "needed".'
        file.add_problem(sentence, "checklist", required[0], "required")


def _check_files(folder: EditionFolder) -> None:
    listed = {f"{area}/{code}.yml": (code, place) for code, area, place in listed_codes(folder.edition)}
    for name, (code, place) in listed.items():
        if name not in folder.criteria:
            sentence = f'"{code}" is listed here, but there is no {name}. Write that file, or remove the code.'
            folder.edition.add_problem(sentence, *place)
    for name, file in folder.criteria.items():
        if name not in listed:
            file.add_problem(
                f"{EDITION_FILE} does not list this file. Add its code to its area there, or remove the file."
            )


def files_by_code(folder: EditionFolder) -> dict[str, CriteriaFile]:
    """The files of the listed criteria, as far as they are there."""
    names = {code: f"{area}/{code}.yml" for code, area, _ in listed_codes(folder.edition)}
    return {code: folder.criteria[name] for code, name in names.items() if name in folder.criteria}


def _check_core(folder: EditionFolder) -> None:
    core = folder.edition.values.get("core", {}).get("criteria")
    for code, file in files_by_code(folder).items():
        flag = file.values.get("core")
        if core is None or flag is None or flag == (code in core):
            continue
        says, verb, other = ("true", "does not name", "false") if flag else ("false", "names", "true")
        sentence = f'"core" is {says}, but {EDITION_FILE} {verb} {code} as core. Write {other} instead'
        file.add_problem(f"{sentence}, or change {EDITION_FILE}.", "core")


def _check_prerequisites(folder: EditionFolder, known: Iterable[str]) -> None:
    by_code = files_by_code(folder)
    needs = {code: file.values.get("prerequisites", ()) for code, file in by_code.items()}
    for code, needed in needs.items():
        check_once(by_code[code], ((prerequisite, ("prerequisites", at)) for at, prerequisite in enumerate(needed)))
        for at, prerequisite in enumerate(needed):
            if prerequisite and prerequisite not in known:
                by_code[code].add_problem(
                    f'"{prerequisite}" is not in this edition. {suggest_name(prerequisite, known)}', "prerequisites", at
                )
    for circle in _find_circles(needs):
        sentence = f"Prerequisites run in a circle: {' needs '.join(circle)}. Remove one of them."
        by_code[circle[0]].add_problem(sentence, "prerequisites", needs[circle[0]].index(circle[1]))


def _find_circles(needs: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """One circle for each that must be cut, as codes in which each needs the next, from the lowest code on."""
    graph = {code: dict.fromkeys(needed) for code, needed in needs.items()}
    while circle := _find_circle(graph):
        yield circle
        del graph[circle[0]][circle[1]]


def _find_circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring = error.args[1][:0:-1]
        start = ring.index(min(ring))
        return [*ring[start:], *ring[:start], ring[start]]
    return []


def _check_same_parts(english: CriteriaFile, translation: CriteriaFile) -> None:
    _check_same_keys(translation, "checklist", english.values.get("checklist", ()))
    _check_same_count(english, translation, "evidence")
    _check_same_count(english, translation, "examples")
    for key in LATER_PROSE:
        _check_on_both_sides(english, translation, key)


def _check_on_both_sides(english: CriteriaFile, translation: CriteriaFile, key: str) -> None:
    """A text that may be left out stands in both languages or in none."""
    if english.node and translation.node and (key in english.values) != (key in translation.values):
        if key in english.values:
            translation.add_problem(f'"{key}" is missing. English has it: write its translation.')
        else:
            translation.add_problem(f'"{key}" is not in the English file. Remove it.', key)


def _check_same_count(english: CriteriaFile, translation: CriteriaFile, key: str) -> None:
    """Texts in a list belong to those of the English file by their order, so there must be as many.

    A list that may be left out counts as empty where it is.
    """
    if key not in english.values and key not in translation.values:
        return
    if not english.node or not translation.node or _is_unreadable(english, key) or _is_unreadable(translation, key):
        return
    wanted, present = len(english.values.get(key, ())), len(translation.values.get(key, ()))
    if wanted != present:
        sentence = f'"{key}" has {present} texts, but {wanted} in English. Write {wanted}, in the same order, instead.'
        translation.add_problem(sentence, *((key,) if key in translation.values else ()))


def _is_unreadable(file: CriteriaFile, key: str) -> bool:
    """Whether a key was refused, or is missing where it must be there; either is told already."""
    written = bool(file.node and isinstance(file.node.value, dict) and key in file.node.value)
    return key not in file.values and (written or key in MUST_BE_THERE)


def _check_same_keys(translation: CriteriaFile, key: str, parts: Iterable[Mapping[str, str]]) -> None:
    wanted, present = [part.get("id", "") for part in parts], translation.values.get(key)
    if not present or not all(wanted) or len(set(wanted)) < max(1, len(wanted)):
        return
    unknown, missing = compare_keys(present, wanted)
    for name, near in unknown.items():
        advice = f"Write {near} instead" if near else "Remove it"
        translation.add_problem(f'"{name}" is not in the English file. {advice}.', key, name)
    for name in missing:
        translation.add_problem(f'"{name}" is missing here. Write {name}: and its translation.', key)
