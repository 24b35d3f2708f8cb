"""The file that says how an edition follows another: read both ways, and broken in many ways."""

import shutil
from pathlib import Path

import pytest

from app.adapters.criteria.editions import BrokenCriteria, check_edition, load_edition, load_succession
from app.rules.criteria.edition_change import ItemPair, SuccessionItem, SuccessionStep, succeed_by_itself
from app.settings import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the editions that ship."""
    return shutil.copytree(ROOT / "criteria", tmp_path / "criteria")


@pytest.fixture
def file(root: Path) -> Path:
    return root / "wwc-2022" / "from" / "wwc-2018.yml"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(file: Path, text: str) -> int:
    """The line of the first place where this text stands, counted from 1."""
    before = file.read_text(encoding="utf-8").partition(text)[0]
    return before.count("\n") + 1


def test_a_file_says_which_codes_and_items_become_which(root: Path) -> None:
    found = load_succession(load_edition(root / "wwc-2018"), load_edition(root / "wwc-2022"), root)
    assert found
    assert (found.old, found.new, found.inferred) == ("wwc-2018", "wwc-2022", True)
    split = next(step for step in found.steps if step.old == ("DG2",))
    assert split.new == ("DM1", "LC5")
    assert ItemPair(SuccessionItem("DG2", "leader"), SuccessionItem("LC5", "named")) in split.items
    assert SuccessionStep(("OD4",), ()) in found.steps
    assert SuccessionStep((), ("PA4",)) in found.steps


def test_one_file_serves_both_ways_and_none_is_needed_to_stay(root: Path) -> None:
    old, new = load_edition(root / "wwc-2018"), load_edition(root / "wwc-2022")
    there, back = load_succession(old, new, root), load_succession(new, old, root)
    assert there
    assert back == there.inverse()
    assert load_succession(new, new, root) == succeed_by_itself(new)


def test_nothing_leads_between_editions_that_no_file_connects(root: Path, file: Path) -> None:
    file.unlink()
    assert check_edition(root / "wwc-2022") == []
    old, new = load_edition(root / "wwc-2018"), load_edition(root / "wwc-2022")
    assert load_succession(old, new, root) is None
    assert load_succession(new, old, root) is None


ONE_FAULT = {
    # Keys and values
    "a missing key": ("basis: inferred\n", "", '"basis" is missing. Write basis: inferred'),
    "a misspelled key": ("retired: [OD4]", "retird: [OD4]", 'The key "retird" is unknown. Write retired instead.'),
    "an item without its criterion": (
        "old: DG1.method",
        "old: method",
        '"old" is "method". Write a code, a point and an item such as DM1.roles instead.',
    ),
    "a step without an old code": (
        "old: [DG1]",
        "old: []",
        '"old" is a list of 0. Write 1 to 9 items, such as [DM1], instead.',
    ),
    "another edition than the file is named after": (
        "from: wwc-2018",
        "from: wwc-2017",
        '"from" is "wwc-2017", but the file is called wwc-2018.yml. Write wwc-2018 instead.',
    ),
    # Codes
    "an old code that does not exist": (
        "retired: [OD4]",
        "retired: [OD4, OD9]",
        '"OD9" is not in wwc-2018. Write OD5 instead, or remove it.',
    ),
    "a new code that does not exist": (
        "new: [DM7,",
        "new: [ZZ1, DM7,",
        '"ZZ1" is not in wwc-2022. Remove it.',
    ),
    "an old code used twice": (
        "retired: [OD4]",
        "retired: [OD4, DG1]",
        '"DG1" stands here a second time. Write another name, or remove it.',
    ),
    "a new code used twice": (
        "new: [DM7,",
        "new: [DM2, DM7,",
        '"DM2" stands here a second time. Write another name, or remove it.',
    ),
    "an old code left out": (
        "retired: [OD4]",
        "retired: []",
        '"OD4" of wwc-2018 is missing. Write it in "old" of a step, or here in "retired".',
    ),
    "a new code left out": (
        "new: [DM7, DM8,",
        "new: [DM8,",
        '"DM7" of wwc-2022 is missing. Write it in "new" of a step, or here in "new".',
    ),
    # Items
    "an old item that does not exist": (
        "old: DG1.method",
        "old: DG1.metod",
        '"DG1.metod" is no item of "old" in this step. Write DG1.method instead, or remove it.',
    ),
    "an item used twice": (
        "{old: DG1.method, new: DM2.method}",
        "{old: DG1.refreshed, new: DM2.method}",
        '"DG1.refreshed" stands here a second time. Write another name, or remove it.',
    ),
}


@pytest.mark.parametrize("fault", ONE_FAULT)
def test_one_fault_is_named_with_its_line_and_what_to_write(root: Path, file: Path, fault: str) -> None:
    old, new, sentence = ONE_FAULT[fault]
    line = line_of(file, old) if new else 1
    change(file, old, new)
    assert check_edition(root / "wwc-2022") == [f"{file}:{line}: {sentence}"]


def test_an_item_of_another_criterion_is_named_twice_because_it_is_taken_there(root: Path, file: Path) -> None:
    change(file, "new: DM2.method", "new: DM4.audit")
    first, second = check_edition(root / "wwc-2022")
    assert first.endswith('"DM4.audit" is no item of "new" in this step. Remove it.')
    assert second.endswith('"DM4.audit" stands here a second time. Write another name, or remove it.')


def test_several_codes_that_become_several_are_named_at_their_step(root: Path, file: Path) -> None:
    line = line_of(file, "  - old: [DG4, OD5]")
    change(file, "new: [DM5]", "new: [DM5, DM7]")
    change(file, "new: [DM7, DM8,", "new: [DM8,")
    assert check_edition(root / "wwc-2022") == [
        f"{file}:{line}: Here several codes become several, so an answer could not tell where it belongs. "
        'Write one code in "old" or one in "new" instead.'
    ]


def test_no_fault_is_hidden_by_another(root: Path, file: Path) -> None:
    lines = [line_of(file, text) for text in ("DG1.method", "retired: [OD4]", "new: [DM7,")]
    change(file, "old: DG1.method", "old: DG1.way")
    change(file, "retired: [OD4]", "retired: [OD9]")
    change(file, "new: [DM7,", "new: [DM2,")
    places = [message.removeprefix(f"{file}:").split(":")[0] for message in check_edition(root / "wwc-2022")]
    assert places == [str(line) for line in (lines[0], lines[1], lines[1], lines[2], lines[2])]


@pytest.mark.parametrize("name", ["wwc-2017", "wwc-2022"])
def test_a_file_named_after_no_other_edition_is_named(root: Path, file: Path, name: str) -> None:
    other = file.rename(file.with_name(f"{name}.yml"))
    change(other, "from: wwc-2018", f"from: {name}")
    assert check_edition(root / "wwc-2022") == [
        f"{other}:1: There is no other edition {name} in the same folder. Name the file after one, or remove it."
    ]


def test_a_code_that_either_edition_gives_up_is_named(root: Path, file: Path) -> None:
    area = root / "wwc-2018" / "edition.yml"
    change(area, "SE2, SE3, SE4]", "SE2, SE3]")
    assert [message.split(": ", 1)[1] for message in check_edition(root / "wwc-2022")] == [
        '"SE4" is not in wwc-2018. Write SE3 instead, or remove it.'
    ]


def test_a_broken_file_is_refused_both_ways_and_leaves_its_edition_usable(root: Path, file: Path) -> None:
    old = load_edition(root / "wwc-2018")
    change(file, "retired: [OD4]", "retired: []")
    new = load_edition(root / "wwc-2022")
    for one, other in ((old, new), (new, old)):
        with pytest.raises(BrokenCriteria) as broken:
            load_succession(one, other, root)
        assert list(broken.value.messages) == check_edition(root / "wwc-2022")


@pytest.mark.parametrize("content", [b"", b"[]", b"steps: 5", b"from: wwc-2018\nsteps: [{}]\nnew: [5]", b"\xff"])
def test_a_file_that_is_no_succession_at_all_is_named(root: Path, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    found = check_edition(root / "wwc-2022")
    assert found
    assert all(message.startswith(f"{file}:") for message in found)
