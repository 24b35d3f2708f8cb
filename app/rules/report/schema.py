"""The report's data as JSON, and the schema that says what each part of it means; both go into the PDF."""

import json
import types
import typing
from dataclasses import MISSING, asdict, fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from app.rules.report.page import ReportPage

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def write_report_json(page: ReportPage) -> bytes:
    """The whole page as JSON; what is no text (half a sign) becomes a question mark."""
    return json.dumps(asdict(page), ensure_ascii=False, indent=1).encode(errors="replace")


def write_report_schema() -> bytes:
    """The JSON Schema of `write_report_json`, from the classes and their own descriptions."""
    parts: dict[str, Any] = {}
    root = _describe_type(ReportPage, parts)
    return json.dumps({"$schema": DIALECT, "title": "CityReady report", **root, "$defs": parts}, indent=1).encode()


def _describe_type(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """The schema of one type; classes are described once, in `parts`."""
    if kind in PLAIN_TYPES:
        return {"type": PLAIN_TYPES[kind]}
    if get_origin(kind) is tuple:
        return _describe_tuple(get_args(kind), parts)
    if get_origin(kind) in (types.UnionType, typing.Union):
        return {"anyOf": [_describe_type(choice, parts) for choice in get_args(kind)]}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if is_dataclass(kind):
        return _describe_class(kind, parts)
    raise TypeError(f"a report has no parts of the kind {kind}")


def _describe_tuple(kinds: tuple[Any, ...], parts: dict[str, Any]) -> dict[str, Any]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return {"type": "array", "items": _describe_type(kinds[0], parts)}
    return {"type": "array", "prefixItems": [_describe_type(kind, parts) for kind in kinds]}


def _describe_class(kind: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in parts:
        parts[kind.__name__] = {}
        hints = get_type_hints(kind)
        own_words = (kind.__doc__ or "").startswith(
            f"{kind.__name__}("
        )  # dataclasses make such a line where there is none
        parts[kind.__name__] = {
            "type": "object",
            **({} if own_words else {"description": " ".join((kind.__doc__ or "").split())}),
            "properties": {each.name: _describe_type(hints[each.name], parts) for each in fields(kind)},
            "required": [each.name for each in fields(kind) if each.default is MISSING],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
