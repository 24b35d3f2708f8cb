"""The house stays walkable: what `tests.house` counts keeps within its bounds."""

from dataclasses import dataclass

from app.store.city import City, Department
from tests import frozen_pages, house


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    assert house.long_files() == []


def test_no_function_is_too_long_to_be_read_at_once() -> None:
    assert house.long_functions() == []


def test_a_class_is_called_the_same_in_one_module_only() -> None:
    assert house.classes_of_one_name() == {}


def test_most_functions_say_what_they_act_on() -> None:
    assert house.share_of_one_word(house.functions()) <= house.MOST_ONE_WORD


def test_hardly_a_variable_has_a_name_that_says_nothing() -> None:
    assert house.share_of_fillers() <= house.MOST_FILLERS


def test_no_line_of_a_template_is_too_wide_to_be_read_at_once() -> None:
    assert house.wide_template_lines() == []


def test_no_page_that_the_web_is_given_holds_a_row_of_a_table() -> None:
    assert len(frozen_pages.answers_for_the_web()) > 150
    assert frozen_pages.rows_given_to_the_web() == []


@dataclass(frozen=True)
class _Inner:
    departments: tuple[Department, ...]

    @property
    def city(self) -> City | None:
        return None


@dataclass(frozen=True)
class _Page:
    inner: dict[str, _Inner]


def test_a_row_deep_in_a_page_is_noticed() -> None:
    assert sorted(frozen_pages.rows_within(list[_Page])) == ["_Inner.city -> City", "_Inner.departments -> Department"]
