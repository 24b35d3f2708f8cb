"""Collects what layouts and master pages put on every slide, and leaves out the words that only ask for words."""

from app.adapters.file_readers.words import OFFICE_MARKS, OPEN_SLIDE_MARKS, TextCollector, find_attribute, local_name
from app.rules.files.file_text import TextPlace

SHAPE, PLACEHOLDER = "sp", "ph"
OPEN_FRAMES = ("frame", "custom-shape")
PROMPT_CLASS = "class"
"""The attribute (`presentation:class`) of a frame that asks for words, or repeats those of the slide."""


class LayoutCollector(TextCollector):
    """Of a layout or master of PowerPoint."""

    def __init__(self) -> None:
        super().__init__(OFFICE_MARKS)
        self._begin = 0
        self._is_prompt = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        name = local_name(tag)
        if name == SHAPE:
            self._begin, self._is_prompt = len(self._parts[TextPlace.BODY]), False
        elif name == PLACEHOLDER:
            self._is_prompt = True

    def end(self, tag: str) -> None:
        super().end(tag)
        if local_name(tag) == SHAPE and self._is_prompt:
            del self._parts[TextPlace.BODY][self._begin :]


class OpenLayoutCollector(TextCollector):
    """Of the master pages of OpenDocument slides."""

    def __init__(self) -> None:
        super().__init__(OPEN_SLIDE_MARKS)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        is_prompt = local_name(tag) in OPEN_FRAMES and find_attribute(attributes, PROMPT_CLASS)
        if is_prompt and not self._left_out_from:
            self._left_out_from = self._deep
