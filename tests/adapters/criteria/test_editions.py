"""The loader on a small edition of three criteria in English and Spanish, whole and broken in many ways."""

from pathlib import Path

import pytest

from app.adapters.criteria.editions import BrokenCriteria, check_edition, list_edition_ids, load_edition
from app.rules.criteria.edition import Effort, EvidenceKind, Window

EDITION = """\
id: small-2030
label: Small standard
source: Made for tests
seen_on: 2030-08-01
complete: true
total: 3
levels:
  - id: silver
    percent: 51
  - id: gold
    percent: 68
core:
  required: true
  criteria: [DM1]
  source: A memo of 2030
partial_credit: none
prerequisites: warn
areas:
  - id: data-management
    prefix: DM
    title: Data Management
    about: Asks how data is kept.
    criteria: [DM1, DM2]
  - id: open-data
    prefix: OD
    title: Open Data
    about: Asks how data is opened.
    criteria: [OD1]
leaders_decide: []
catalog_facts: []
population:
  minimum: 30000
  source: A page of 2030
outcome:
  asked: unknown
  choices: [air, own]
  source: A release of 2030
"""
CRITERION = """\
code: {code}
area: {area}
title: Title of {code}
statement: >-
  What {code} asks,
  on two lines.
why: Why it matters.
core: {core}
prerequisites: {prerequisites}
needed: 2
checklist:
  - id: roles
    text: Roles are written down.
    required: true
    window: none
  - id: meetings
    text: "Meetings: held each quarter."
    required: false
    window: quarterly
  - id: charter
    text: A charter exists.
    required: false
    window: 24-months
evidence:
  - kind: file
    text: Notes of meetings
    window: quarterly
  - kind: link
    text: Page of the charter
    window: none
good: Named and dated.
weak: Promises.
effort: M
owner: Data office
basis: source-backed
evidence_basis: inferred
"""
EDITION_ES = """\
label: Estándar pequeño
source: Hecho para pruebas
core_source: Un memorando de 2030
areas:
  data-management:
    title: Gestión de datos
    about: Pregunta cómo se guardan los datos.
  open-data:
    title: Datos abiertos
    about: Pregunta cómo se abren los datos.
leaders_decide: []
population_source: Una página de 2030
outcome_source: Un comunicado de 2030
"""
CRITERION_ES = """\
code: {code}
title: Título de {code}
statement: Qué pide {code}.
why: Por qué importa.
checklist:
  roles: Las funciones están escritas.
  meetings: Hay reuniones cada trimestre.
  charter: Existe un acta.
evidence:
  - Actas de reuniones
  - Página del acta
good: Con nombre y fecha.
weak: Promesas.
owner: Oficina de datos
"""
CODES = {
    "DM1": ("data-management", "true", "[]"),
    "DM2": ("data-management", "false", "[DM1]"),
    "OD1": ("open-data", "false", "[DM1, DM2]"),
}
DM1, DM2, OD1 = "data-management/DM1.yml", "data-management/DM2.yml", "open-data/OD1.yml"
ES_EDITION, ES_DM1, ES_OD1 = "locale/es/edition.yml", f"locale/es/{DM1}", f"locale/es/{OD1}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "small-2030"
    files = {"edition.yml": EDITION, ES_EDITION: EDITION_ES}
    for code, (area, core, prerequisites) in CODES.items():
        files[f"{area}/{code}.yml"] = CRITERION.format(code=code, area=area, core=core, prerequisites=prerequisites)
        files[f"locale/es/{area}/{code}.yml"] = CRITERION_ES.format(code=code)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_whole_edition_has_nothing_wrong(folder: Path) -> None:
    assert check_edition(folder) == []


def test_an_edition_is_plain_frozen_data_in_the_order_of_its_areas(folder: Path) -> None:
    edition = load_edition(folder)
    assert list(edition.criteria) == ["DM1", "DM2", "OD1"]
    assert (edition.id, edition.total, edition.language, edition.prerequisites) == ("small-2030", 3, "en", "warn")
    assert edition.complete
    assert [(level.id, level.percent) for level in edition.levels] == [("silver", 51), ("gold", 68)]
    assert (edition.core.required, edition.core.criteria) == (True, ("DM1",))
    assert edition.area_of("OD1").title == "Open Data"
    assert edition.unlocked_by("DM1") == ("DM2", "OD1")
    assert isinstance(hash(edition.criteria["DM1"]), int), "a list somewhere inside would not hash"
    with pytest.raises(TypeError):
        edition.criteria["DM9"] = edition.criteria["DM1"]  # type: ignore[index]


def test_an_edition_says_itself_that_it_is_incomplete(folder: Path) -> None:
    change(folder / "edition.yml", "complete: true", "complete: false")
    assert [load_edition(folder, language).complete for language in ("en", "es")] == [False, False]


def test_a_criterion_has_words_flags_numbers_and_windows(folder: Path) -> None:
    criterion = load_edition(folder).criteria["DM2"]
    assert criterion.statement == "What DM2 asks, on two lines."
    assert (criterion.core, criterion.prerequisites, criterion.needed) == (False, ("DM1",), 2)
    meetings = criterion.checklist[1]
    assert (meetings.text, meetings.required, meetings.window) == (
        "Meetings: held each quarter.",
        False,
        Window.QUARTERLY,
    )
    assert (criterion.evidence[1].kind, criterion.evidence[0].window) == (EvidenceKind.LINK, Window.QUARTERLY)
    assert criterion.effort is Effort.MEDIUM


def test_a_translation_changes_the_words_and_nothing_else(folder: Path) -> None:
    english, spanish = load_edition(folder), load_edition(folder, "es")
    assert (spanish.language, spanish.label, spanish.core.source) == ("es", "Estándar pequeño", "Un memorando de 2030")
    assert spanish.area_of("OD1").title == "Datos abiertos"
    there, here = english.criteria["OD1"], spanish.criteria["OD1"]
    assert (here.title, here.owner) == ("Título de OD1", "Oficina de datos")
    assert [item.text for item in here.checklist][2] == "Existe un acta."
    assert [(item.id, item.required, item.window) for item in here.checklist] == [
        (item.id, item.required, item.window) for item in there.checklist
    ]
    assert [part.text for part in here.evidence] == ["Actas de reuniones", "Página del acta"]
    assert list(spanish.criteria) == list(english.criteria)


@pytest.mark.parametrize("language", ["pt", "../es", ""])
def test_a_language_without_a_folder_is_answered_in_english(folder: Path, language: str) -> None:
    assert load_edition(folder, language) == load_edition(folder)


@pytest.mark.parametrize("written", ["NO", "1.10", "2022-08-01", "null", "~", "0x1F", "1_000", "12:30", "=", "yes"])
def test_a_scalar_stays_the_text_that_was_written(folder: Path, written: str) -> None:
    change(folder / DM1, "title: Title of DM1", f"title: {written}")
    assert load_edition(folder).criteria["DM1"].title == written


def test_a_file_from_another_system_may_have_a_byte_order_mark_and_its_line_ends(folder: Path) -> None:
    text = (folder / DM1).read_text().replace("\n", "\r\n")
    (folder / DM1).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_edition(folder).criteria["DM1"].statement == "What DM1 asks, on two lines."


def test_editions_are_the_folders_with_an_edition_file(folder: Path) -> None:
    (folder.parent / "drafts").mkdir()
    assert list_edition_ids(folder.parent) == ["small-2030"]
    assert list_edition_ids(folder / "nowhere") == []


LONG = "x" * 61
TWO_OPTIONAL = """\
    required: false
    window: quarterly
  - id: charter
    text: A charter exists.
    required: false
"""
ONE_FAULT = {
    # What YAML itself cannot read
    "a colon in plain text": (
        DM1,
        "why: Why it",
        "why: Why: it",
        7,
        "No key can stand here. Put text with a colon in double quotes, or correct the indent.",
    ),
    "a quote never closed": (
        DM1,
        "good: Named",
        'good: "Named',
        31,
        "The quote that opens here is never closed. Write the same quote at the end of the text.",
    ),
    "a list never closed": (
        DM1,
        "prerequisites: []",
        "prerequisites: [",
        9,
        "The list that opens here lacks its ] or a comma. Write it like [DM1, DM2] instead.",
    ),
    "a group never closed": (
        ES_DM1,
        "checklist:\n",
        "checklist: {\n",
        5,
        "The group that opens here lacks its } or a comma. Write one key a line instead.",
    ),
    "a line without a key": (
        DM1,
        "why: Why it matters.",
        "why: Why\nit matters.",
        8,
        "This line has no colon after its key. Write key: value, or indent it under its text.",
    ),
    "a character that YAML keeps for itself": (
        DM1,
        "owner: Data",
        "owner: @Data",
        34,
        "This character cannot begin a text. Put the text in double quotes instead.",
    ),
    "a lone backslash": (
        DM1,
        "good: Named and dated.",
        'good: "C:\\docs"',
        31,
        "This backslash has no meaning. Write two backslashes, or use single quotes.",
    ),
    "an item with a crooked indent": (
        DM1,
        "    text: Roles",
        "   text: Roles",
        13,
        "This line does not fit in the list. Indent it under its item, or start it with a dash.",
    ),
    "text behind a closing quote": (
        DM1,
        "weak: Promises.",
        "weak: 'Promises.' only",
        32,
        "This line does not fit in here. Indent it like the line it belongs to, or close a quote.",
    ),
    "an unknown directive": (
        DM1,
        "code: DM1",
        "%CODE\ncode: DM1",
        1,
        "This is not YAML (found unknown directive name). Compare the line with a similar file.",
    ),
    # What YAML would take, and a person would not see
    "a key written twice": (
        DM1,
        "weak: Promises.",
        "weak: Promises.\ntitle: Other",
        33,
        '"title" stands here again after line 3. Keep one of the two.',
    ),
    "an anchor": (
        DM1,
        "why: Why",
        "why: &why Why",
        7,
        "The anchor &why is not allowed. Write the text without it instead.",
    ),
    "an alias": (
        DM1,
        "weak: Promises.",
        "weak: *good",
        32,
        "*good points to another part. Write the text itself instead.",
    ),
    "a tag": (
        DM1,
        "needed: 2",
        "needed: !!int 2",
        10,
        "The tag tag:yaml.org,2002:int is not allowed. Write the value without it; everything is text.",
    ),
    "a tag that runs code elsewhere": (
        DM1,
        "why: Why",
        "why: !!python/name:os.system Why",
        7,
        "The tag tag:yaml.org,2002:python/name:os.system is not allowed. Write the value without it; everything is text.",
    ),
    "a tab": (DM1, "needed: 2", "needed:\t2", 10, "There is a tab in this line. Write spaces instead."),
    "an invisible character": (
        DM1,
        "good: Named",
        "good: Na\u2028med",
        31,
        "There is an invisible character (U+2028) in this line. Remove it.",
    ),
    "an invisible character written as an escape": (
        DM1,
        "good: Named and dated.",
        'good: "Named\\0"',
        31,
        "There is an invisible character (U+0000) in this line. Remove it.",
    ),
    "a second document": (
        DM1,
        "weak: Promises.",
        "weak: Promises.\n---",
        33,
        "A second document starts here. Remove this line and write one document a file.",
    ),
    "a key that is a list": (
        DM1,
        "weak: Promises.",
        "weak: Promises.\n? [a]\n: b",
        33,
        "A key must be one word. Write key: value instead.",
    ),
    "brackets without end": (
        DM1,
        "prerequisites: []",
        f"prerequisites: {'[' * 9}{']' * 9}",
        9,
        "This is nested too deep. Write the keys as in a similar file instead.",
    ),
    # Keys
    "a misspelled key": (DM1, "title: Title", "titel: Title", 3, 'The key "titel" is unknown. Write title instead.'),
    "a key that nothing knows": (
        DM1,
        "    window: none",
        "    window: none\n    points: 1",
        16,
        'The key "points" is unknown. Remove it; known here: id, text, required, window.',
    ),
    "a merge key": (
        DM1,
        "    window: none",
        "    window: none\n    <<: {}",
        16,
        'The key "<<" is unknown. Remove it; known here: id, text, required, window.',
    ),
    "a missing key": (
        DM1,
        "owner: Data office\n",
        "",
        1,
        '"owner" is missing. Write owner: Chief data officer or data office',
    ),
    "a missing key in an item": (
        DM1,
        "    text: A charter exists.\n",
        "",
        20,
        '"text" is missing. Write text: A table names who decides what',
    ),
    "a missing effort": (OD1, "effort: M\n", "", 1, '"effort" is missing. Write effort: M'),
    # Values
    "a window that does not exist": (
        DM1,
        "window: 24-months",
        "window: monthly",
        23,
        '"window" is "monthly". Write none, quarterly, each-quarter, 12-months or 24-months instead.',
    ),
    "a kind that does not exist": (
        DM1,
        "kind: link",
        "kind: url",
        28,
        '"kind" is "url". Write file, link, figure or note instead.',
    ),
    "an effort that does not exist": (DM1, "effort: M", "effort: XL", 33, '"effort" is "XL". Write S, M or L instead.'),
    "a basis that does not exist": (
        DM1,
        "evidence_basis: inferred",
        "evidence_basis: guessed",
        36,
        '"evidence_basis" is "guessed". Write source-backed or inferred instead.',
    ),
    "another word for true": (DM1, "core: true", "core: yes", 8, '"core" is "yes". Write true or false instead.'),
    "a number in words": (
        DM1,
        "needed: 2",
        "needed: two",
        10,
        '"needed" is "two". Write a whole number from 1 to 5 instead.',
    ),
    "nothing needed": (DM1, "needed: 2", "needed: 0", 10, '"needed" is "0". Write a whole number from 1 to 5 instead.'),
    "more needed than there are": (
        DM1,
        "needed: 2",
        "needed: 4",
        10,
        '"needed" is 4, but the checklist has 3 items. Write a whole number from 1 to 3 instead.',
    ),
    "a long title": (DM1, "Title of DM1", LONG, 3, '"title" has 61 characters. Write at most 60 instead.'),
    "a long item": (DM1, "A charter exists.", "x" * 161, 21, '"text" has 161 characters. Write at most 160 instead.'),
    "an empty text": (
        DM1,
        "weak: Promises.",
        "weak:",
        32,
        '"weak" is empty. Write text such as "A chart of roles with no names" instead.',
    ),
    "a list where text belongs": (
        DM1,
        "weak: Promises.",
        "weak: [Promises]",
        32,
        '"weak" must be one value. Write A chart of roles with no names instead.',
    ),
    "text where a list belongs": (
        DM1,
        "prerequisites: []",
        "prerequisites: none",
        9,
        '"prerequisites" must be a list. Write [] or [DM1] instead.',
    ),
    "an item without keys": (
        DM1,
        "prerequisites: []\n",
        "prerequisites: [[]]\n",
        9,
        '"prerequisites" must be one value. Write DM1 instead.',
    ),
    "an item name with a capital": (
        DM1,
        "id: roles",
        "id: Roles",
        12,
        '"id" is "Roles". Write lower-case letters and hyphens such as roles instead.',
    ),
    "an item name used twice": (
        DM1,
        "id: charter",
        "id: roles",
        20,
        '"roles" stands here a second time. Write another name, or remove it.',
    ),
    "one piece of evidence": (
        DM1,
        "  - kind: link\n    text: Page of the charter\n    window: none\n",
        "",
        24,
        '"evidence" is a list of 1. Write 2 to 4 items, such as [{kind: file, text: "Notes of the last two meetings", window: quarterly}], instead.',
    ),
    "more required items than make sense": (
        DM1,
        TWO_OPTIONAL,
        TWO_OPTIONAL.replace("false", "true"),
        22,
        '3 items are required, but only 2 needed. Raise "needed", or write false here.',
    ),
    # What must agree between files
    "a code that is not the file's": (
        DM2,
        "code: DM2",
        "code: DM1",
        1,
        '"code" is "DM1", but the file is called DM2.yml. Write DM2 instead.',
    ),
    "an area that is not the folder's": (
        DM1,
        "area: data-management",
        "area: open-data",
        2,
        '"area" is "open-data", but the file is in data-management. Write data-management instead.',
    ),
    "a prerequisite that does not exist": (
        DM2,
        "prerequisites: [DM1]",
        "prerequisites: [DM3]",
        9,
        '"DM3" is not in this edition. Write DM2 instead, or remove it.',
    ),
    "a prerequisite named twice": (
        DM2,
        "prerequisites: [DM1]",
        "prerequisites:\n  - DM1\n  - DM1",
        11,
        '"DM1" stands here a second time. Write another name, or remove it.',
    ),
    "a criterion that needs itself": (
        DM1,
        "prerequisites: []",
        "prerequisites: [DM1]",
        9,
        "Prerequisites run in a circle: DM1 needs DM1. Remove one of them.",
    ),
    "prerequisites in a circle": (
        DM1,
        "prerequisites: []",
        "prerequisites:\n  - OD1",
        10,
        "Prerequisites run in a circle: DM1 needs OD1 needs DM2 needs DM1. Remove one of them.",
    ),
    "a core flag that the edition denies": (
        DM2,
        "core: false",
        "core: true",
        8,
        '"core" is true, but edition.yml does not name DM2 as core. Write false instead, or change edition.yml.',
    ),
    "a missing core flag": (
        DM1,
        "core: true",
        "core: false",
        8,
        '"core" is false, but edition.yml names DM1 as core. Write true instead, or change edition.yml.',
    ),
    # The edition
    "an edition under another name": (
        "edition.yml",
        "id: small-2030",
        "id: small",
        1,
        '"id" is "small", but the folder is called small-2030. Write small-2030 instead.',
    ),
    "a total that does not add up": (
        "edition.yml",
        "total: 3",
        "total: 43",
        6,
        '"total" is 43, but the areas list 3 criteria. Write 3 instead.',
    ),
    "levels that fall": (
        "edition.yml",
        "percent: 68",
        "percent: 51",
        11,
        '"percent" is 51, but the level before has 51. Write the levels in rising order.',
    ),
    "a level above everything": (
        "edition.yml",
        "percent: 68",
        "percent: 101",
        11,
        '"percent" is "101". Write a whole number from 1 to 100 instead.',
    ),
    "a level named twice": (
        "edition.yml",
        "id: gold",
        "id: silver",
        10,
        '"silver" stands here a second time. Write another name, or remove it.',
    ),
    "a core criterion that does not exist": (
        "edition.yml",
        "criteria: [DM1]",
        "criteria: [DM1, XY1]",
        14,
        '"XY1" is not in any area. Remove it.',
    ),
    "a day that does not exist": (
        "edition.yml",
        "2030-08-01",
        "2030-02-30",
        4,
        '"seen_on" is "2030-02-30". Write a date such as 2026-05-15 instead.',
    ),
    "a day in another order": (
        "edition.yml",
        "2030-08-01",
        "08/01/2030",
        4,
        '"seen_on" is "08/01/2030". Write a date such as 2026-05-15 instead.',
    ),
    "an edition that is complete in part": (
        "edition.yml",
        "complete: true",
        "complete: partly",
        5,
        '"complete" is "partly". Write true or false instead.',
    ),
    "points in part": (
        "edition.yml",
        "partial_credit: none",
        "partial_credit: half",
        16,
        '"partial_credit" is "half". Write none instead.',
    ),
    "prerequisites that do neither": (
        "edition.yml",
        "prerequisites: warn",
        "prerequisites: ignore",
        17,
        '"prerequisites" is "ignore". Write warn or block instead.',
    ),
    "a code from another area": (
        "edition.yml",
        "prefix: OD",
        "prefix: OE",
        28,
        '"OD1" does not begin with the prefix of its area. Write OE1 instead.',
    ),
    "a code that is none": (
        "edition.yml",
        "[OD1]",
        "[open1]",
        28,
        '"criteria" is "open1". Write capital letters and a number such as DM1 instead.',
    ),
    # The translation
    "a translation of another criterion": (
        ES_DM1,
        "code: DM1",
        "code: DM2",
        1,
        '"code" is "DM2", but the file is called DM1.yml. Write DM1 instead.',
    ),
    "an item without translation": (
        ES_DM1,
        "  charter: Existe un acta.\n",
        "",
        5,
        '"charter" is missing here. Write charter: and its translation.',
    ),
    "an item that English does not have": (
        ES_DM1,
        "  charter: Existe",
        "  extra: Algo.\n  charter: Existe",
        8,
        '"extra" is not in the English file. Remove it.',
    ),
    "a translation with less evidence": (
        ES_DM1,
        "evidence:\n",
        "evidence:\n  - Otra cosa\n",
        9,
        '"evidence" has 3 texts, but 2 in English. Write 2, in the same order, instead.',
    ),
    "a long translation": (
        ES_OD1,
        "Oficina de datos",
        LONG,
        14,
        '"owner" has 61 characters. Write at most 60 instead.',
    ),
    "a flag in a translation": (
        ES_OD1,
        "good:",
        "core: true\ngood:",
        12,
        'The key "core" is unknown. Remove it; known here: code, title, statement, why, good, weak, owner, checklist, evidence, '
        "effort_reason, part, examples.",
    ),
    "an area without translation": (
        ES_EDITION,
        "  open-data:\n    title: Datos abiertos\n    about: Pregunta cómo se abren los datos.\n",
        "",
        4,
        '"open-data" is missing here. Write open-data: and its translation.',
    ),
    "a misspelled area in a translation": (
        ES_EDITION,
        "  open-data:",
        "  opendata:",
        8,
        '"opendata" is not in the English file. Write open-data instead.',
    ),
    "a fact of a catalog at an item that is none": (
        "edition.yml",
        "catalog_facts: []",
        "catalog_facts: [{fact: dates, place: OD1.role}]",
        30,
        '"OD1.role" is not in this edition. Write OD1.roles instead, or remove it.',
    ),
    "a decision without translation": (
        ES_EDITION,
        "leaders_decide: []",
        "leaders_decide: [Adoptar una]",
        11,
        '"leaders_decide" has 1 texts, but 0 in English. Write 0, in the same order, instead.',
    ),
}


@pytest.mark.parametrize("fault", ONE_FAULT)
def test_one_fault_is_named_with_its_line_and_what_to_write(folder: Path, fault: str) -> None:
    name, old, new, line, sentence = ONE_FAULT[fault]
    change(folder / name, old, new)
    assert check_edition(folder) == [f"{folder / name}:{line}: {sentence}"]


def test_a_decision_needs_its_criterion_and_its_translation(folder: Path) -> None:
    change(folder / "edition.yml", "leaders_decide: []", "leaders_decide: [{code: OD9, kind: policy, text: Adopt one}]")
    assert check_edition(folder) == [
        f'{folder}/edition.yml:29: "OD9" is not in this edition. Write OD1 instead, or remove it.',
        f'{folder}/{ES_EDITION}:11: "leaders_decide" has 0 texts, but 1 in English. Write 1, in the same order, instead.',
    ]


def test_a_language_that_people_can_choose_is_missed_where_nothing_is_in_it(folder: Path) -> None:
    assert check_edition(folder, ["en", "es"]) == []
    (missing,) = check_edition(folder, ["en", "es", "pt"])
    assert missing.startswith(f"{folder}/locale/pt: Nothing is translated into this language")


def test_no_fault_is_hidden_by_another(folder: Path) -> None:
    change(folder / "edition.yml", "total: 3", "total: 4")
    change(folder / DM1, "effort: M", "effort: 5")
    change(folder / DM1, "needed: 2", "needed: 5")
    change(folder / DM2, "why: Why", "why: @Why")
    change(folder / OD1, "[DM1, DM2]", "[DM1, DM7]")
    change(folder / ES_OD1, "good:", "goods:")
    places = [message.removeprefix(f"{folder}/").split(": ")[0] for message in check_edition(folder)]
    assert places == [f"{DM1}:10", f"{DM1}:33", f"{DM2}:7", "edition.yml:6", f"{OD1}:9", f"{ES_OD1}:12"]


def test_a_name_used_twice_in_an_edition_is_named_at_the_second_place(folder: Path) -> None:
    change(folder / "edition.yml", "id: open-data", "id: data-management")
    change(folder / "edition.yml", "prefix: OD", "prefix: DM")
    change(folder / "edition.yml", "[OD1]", "[DM1]")
    twice = [message for message in check_edition(folder) if "a second time" in message]
    assert twice == [
        f'{folder / "edition.yml"}:{line}: "{name}" stands here a second time. Write another name, or remove it.'
        for line, name in [(24, "data-management"), (25, "DM"), (28, "DM1")]
    ]


def test_values_at_their_limits_are_taken(folder: Path) -> None:
    change(folder / "edition.yml", "percent: 51", "percent: 1")
    change(folder / "edition.yml", "percent: 68", "percent: 100")
    change(folder / DM1, "Title of DM1", "x" * 60)
    change(folder / DM1, "needed: 2", "needed: 3")
    change(folder / DM1, "required: true", "required: false")
    change(folder / DM2, "needed: 2", "needed: 1")
    assert check_edition(folder) == []


def test_a_long_wrong_value_is_quoted_in_short(folder: Path) -> None:
    change(folder / DM1, "effort: M", f"effort: {'x' * 41}")
    change(folder / DM2, "effort: M", f"effort: {'y' * 40}")
    assert [message.split('"')[3] for message in check_edition(folder)] == ["x" * 37 + "...", "y" * 40]


def test_each_circle_of_prerequisites_is_named(folder: Path) -> None:
    change(folder / DM1, "prerequisites: []", "prerequisites: [DM2]")
    change(folder / OD1, "[DM1, DM2]", "[OD1]")
    assert check_edition(folder) == [
        f"{folder / DM1}:9: Prerequisites run in a circle: DM1 needs DM2 needs DM1. Remove one of them.",
        f"{folder / OD1}:9: Prerequisites run in a circle: OD1 needs OD1. Remove one of them.",
    ]


BROKEN_BYTES = {
    "an empty file": (b"", 1, "The file is empty. Write its keys, starting from a copy of a similar file."),
    "only a comment": (b"# soon\n", 1, "The file is empty. Write its keys, starting from a copy of a similar file."),
    "only a line of text": (b"\nDM1", 2, "The file must have keys with values. Write keys such as code: DM1 instead."),
    "a list": (b"- DM1", 1, "The file must have keys with values. Write keys such as code: DM1 instead."),
    "another encoding": (
        b"code: DM1\ntitle: Gesti\xf3n",
        2,
        "This line is not UTF-8 text. Save the file as UTF-8 instead.",
    ),
    "a file of 64,001 bytes": (b"#" * 64_001, 1, "The file is larger than 64 kB. Write a shorter one instead."),
    "ten thousand brackets": (
        b"a: " + b"[" * 10_000,
        1,
        "This is nested too deep. Write the keys as in a similar file instead.",
    ),
    "an alias bomb": (b"a: &a [x]\nb: [*a, *a]", 1, "The anchor &a is not allowed. Write the text without it instead."),
}


@pytest.mark.parametrize("fault", BROKEN_BYTES)
def test_a_file_that_is_no_criterion_at_all_is_named(folder: Path, fault: str) -> None:
    content, line, sentence = BROKEN_BYTES[fault]
    (folder / DM1).write_bytes(content)
    assert check_edition(folder)[0] == f"{folder / DM1}:{line}: {sentence}"
    assert all(str(folder / DM1) in message for message in check_edition(folder)), "no other file is to blame"


def test_a_listed_code_without_a_file_is_named_where_it_is_listed(folder: Path) -> None:
    (folder / OD1).unlink()
    (folder / ES_OD1).unlink()
    assert check_edition(folder) == [
        f'{folder / "edition.yml"}:28: "OD1" is listed here, but there is no open-data/OD1.yml. '
        "Write that file, or remove the code."
    ]


def test_a_file_that_is_not_listed_is_named(folder: Path) -> None:
    change(folder / "edition.yml", "[DM1, DM2]", "[DM1]")
    change(folder / "edition.yml", "total: 3", "total: 2")
    change(folder / OD1, "[DM1, DM2]", "[DM1]")
    assert check_edition(folder) == [
        f"{folder / DM2}:1: edition.yml does not list this file. Add its code to its area there, or remove the file."
    ]


def test_another_ending_does_not_hide_a_file(folder: Path) -> None:
    (folder / DM2).rename((folder / DM2).with_suffix(".yaml"))
    (folder / f"locale/es/{DM2}").rename((folder / f"locale/es/{DM2}").with_suffix(".yaml"))
    assert [message.removeprefix(f"{folder}/").split(": ")[0] for message in check_edition(folder)] == [
        "data-management/DM2.yaml:1",
        "edition.yml:23",
    ]


def test_a_missing_translation_is_named(folder: Path) -> None:
    (folder / ES_OD1).unlink()
    sentence = "The file does not exist. Write it as docs/criteria.md shows, or check its name."
    assert check_edition(folder) == [f"{folder / ES_OD1}:1: {sentence}"]


def test_a_translation_of_nothing_is_named(folder: Path) -> None:
    (folder / ES_OD1).with_name("OD2.yml").write_text("code: OD2\n")
    sentence = "There is no open-data/OD2.yml in English. Write the English file first, or remove this one."
    assert check_edition(folder) == [f"{folder / 'locale/es/open-data/OD2.yml'}:1: {sentence}"]


def test_a_language_is_whole_or_wrong(folder: Path) -> None:
    (folder / "locale/pt").mkdir()
    missing = [message.split(":")[0].removeprefix(f"{folder}/") for message in check_edition(folder)]
    assert missing == [f"locale/pt/{name}" for name in (DM1, DM2, "edition.yml", OD1)]


def test_a_broken_edition_is_refused_with_every_message(folder: Path) -> None:
    change(folder / DM1, "core: true", "core: maybe")
    change(folder / ES_DM1, "code: DM1", "code: DM9")
    with pytest.raises(BrokenCriteria) as broken:
        load_edition(folder, "es")
    assert list(broken.value.messages) == check_edition(folder)
    assert str(broken.value) == "\n".join(check_edition(folder))
    assert len(check_edition(folder)) == 2


def test_a_fault_in_one_language_leaves_the_other_usable(folder: Path) -> None:
    change(folder / ES_DM1, "code: DM1", "code: DM9")
    assert load_edition(folder).criteria["DM1"].title == "Title of DM1"


def test_a_folder_without_an_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenCriteria, match=r"edition\.yml:1: The file does not exist"):
        load_edition(tmp_path)
