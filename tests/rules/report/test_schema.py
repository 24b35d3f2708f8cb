import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, ValidationError

from app.rules.report.schema import write_report_json, write_report_schema
from tests.report_sample import sample_page

SCHEMA = json.loads(write_report_schema())


@pytest.mark.parametrize("length", ["full", "one-page"])
def test_a_report_is_valid_by_its_own_schema(length: str) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(write_report_json(sample_page(length=length))))


@pytest.mark.parametrize("change", [{"figures": None}, {"gaps": [3]}, {"surprise": 1}])
def test_what_is_no_report_is_not(change: dict[str, object]) -> None:
    changed = json.loads(write_report_json(sample_page())) | change
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMA).validate(changed)


def test_the_schema_says_what_the_parts_mean() -> None:
    assert "always shown apart" in SCHEMA["$defs"]["ReportFigures"]["description"]
    assert "description" not in SCHEMA["$defs"]["ReportStrength"], "a class without words gets none that a machine made"


def test_the_data_keeps_the_letters_that_were_typed() -> None:
    page = replace(sample_page(), assessment="xʷməθkʷəy̓əm \ud800")
    assert json.loads(write_report_json(page))["assessment"] == "xʷməθkʷəy̓əm ?"
