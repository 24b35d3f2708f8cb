"""Elements that are the same to every rule are matched once: those of one name, with the same attributes, in the same place."""

import re
from typing import Any

from weasyprint.html import UA_STYLESHEET

ONLY_THERE = ("href", "id", "src", "alt", "title")
"""Attributes that rules ask for, but not for what they say; so do those for data."""
CONTROLS = frozenset(("button", "input", "option", "select", "textarea"))
"""Rules of every sheet ask more of these than of other elements."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{};]+)\{")
"""What stands before a block, in a block of another rule, too."""
ASKS_MORE = re.compile(
    rf"[+~#]|(?<!:):(?!:|first-child|last-child|is\b|link)|\[(?:data-[a-z]+|{'|'.join(ONLY_THERE)})[^\w\]-]"
)
"""What a rule may ask beside names, classes, attributes, and who stands first or last."""


def asks_little(text: str) -> bool:
    """Whether the rules of a style sheet tell elements apart by no more than `Places` does."""
    rules = RULE.findall(COMMENT.sub("", text))
    return not any(ASKS_MORE.search(rule) for rule in rules if not rule.lstrip().startswith("@"))


class Places(dict[Any, int]):
    """A number for all elements that are the same to rules that ask little."""

    def __init__(self, sheets: list[Any]) -> None:
        super().__init__()
        self._are_enough = all(sheet is UA_STYLESHEET or sheet.__dict__.get("asks_little") for sheet in sheets)
        self._of_elements: dict[Any, int] = {}

    def find(self, element: Any) -> int | None:
        """The number of an element whose parent has been asked for; None where rules may tell it from all others."""
        node, parent = element.etree_element, element.parent
        if not self._are_enough or node.tag in CONTROLS:
            return None
        around: tuple[Any, ...] = ()
        if parent is not None:
            number = self._of_elements.get(parent.etree_element)
            if number is None:
                return None
            around = number, element.index == 0, element.index == len(parent.etree_children) - 1
        attributes = [
            (name, None if name in ONLY_THERE or name.startswith("data-") else said)
            for name, said in node.attrib.items()
        ]
        found = self._of_elements[node] = self.setdefault((node.tag, *attributes, around), len(self))
        return found
