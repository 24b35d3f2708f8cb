"""Uploads in parts: which size begins, and which part comes next."""

import pytest

from app.rules.errors import Conflict, Invalid
from app.rules.files.kinds import CSV, PDF, PNG, check_named_kind, kinds_named
from app.rules.files.offered import dialog_types
from app.rules.files.upload import check_part, check_size


@pytest.mark.parametrize(("size", "right"), [(1, True), (100, True), (101, False), (0, False), (-1, False)])
def test_a_file_has_something_in_it_and_fits(size: int, right: bool) -> None:
    if right:
        check_size(size, 100)
    else:
        with pytest.raises(Invalid):
            check_size(size, 100)


@pytest.mark.parametrize("begins_at", [0, 39, 41, 100])
def test_a_part_begins_where_the_last_one_ended(begins_at: int) -> None:
    check_part(40, 100, 40, 60)
    with pytest.raises(Conflict):
        check_part(40, 100, begins_at, 1)


@pytest.mark.parametrize("part_bytes", [61, 0])
def test_a_part_is_not_empty_and_does_not_go_beyond_the_end(part_bytes: int) -> None:
    with pytest.raises(Invalid):
        check_part(40, 100, 40, part_bytes)


def test_a_city_may_keep_fewer_kinds_of_files() -> None:
    assert kinds_named("pdf, .PNG csv".replace(",", "")) == (PDF, PNG, CSV)
    assert len(kinds_named("")) > 10
    assert dialog_types((PDF, PNG)) == "image/png,.pdf,.png"
    with pytest.raises(ValueError, match="exe"):
        kinds_named("pdf exe")
    check_named_kind("plan.pdf", (PDF,))
    with pytest.raises(Invalid):
        check_named_kind("plan.png", (PDF,))
