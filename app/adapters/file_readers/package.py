"""Finds the parts of a file in the Open XML formats by what it says of itself: content types and relationships, never by names."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from app.adapters.file_readers.words import TextCollector, TextMarks, find_attribute, local_name, parse_member

MOST_PARTS = 5_000


@dataclass(frozen=True)
class PartLink:
    """One relationship inside the file: `kind` is the last word of its type, the same in both dialects; `part` is where it leads."""

    id: str
    kind: str
    part: str


class LinkCollector(TextCollector):
    """Collects the relationships of a part; those that lead out of the file are left out."""

    def __init__(self, folder: str) -> None:
        super().__init__(TextMarks(frozenset()))
        self._folder = folder
        self.links: list[PartLink] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if (
            local_name(tag) == "Relationship"
            and attributes.get("TargetMode") != "External"
            and len(self.links) < MOST_PARTS
        ):
            kind = attributes.get("Type", "").rstrip("/").rpartition("/")[2]
            self.links.append(
                PartLink(attributes.get("Id", ""), kind, _resolve(self._folder, attributes.get("Target", "")))
            )


class ElementCollector(TextCollector):
    """Collects the attributes of the elements of one name, in their order."""

    def __init__(self, wanted: str) -> None:
        super().__init__(TextMarks(frozenset()))
        self._wanted = wanted
        self.elements: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if local_name(tag) == self._wanted and len(self.elements) < MOST_PARTS:
            self.elements.append(dict(attributes))


class OfficePackage:
    """A zip of parts that lead to each other. Raises KeyError where a part that must be there is not."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.zip = package
        self._members = {unquote(name).lower().lstrip("/"): name for name in package.namelist()}

    def find_main_part(self, usual: str) -> str:
        """Where the document itself is; at the usual place where the file does not say."""
        return next((link.part for link in self.list_links("") if link.kind == "officeDocument"), usual)

    def list_links(self, part: str) -> list[PartLink]:
        """Where the part leads inside the file, those only that are there; of the package itself for an empty name."""
        folder, name = posixpath.split(part)
        member = self._members.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
        if member is None:
            return []
        collector = LinkCollector(folder)
        parse_member(self.zip, member, collector)
        return [link for link in collector.links if link.part.lower() in self._members]

    def walk_links(self, part: str) -> Iterator[PartLink]:
        """Every part that this one leads to, over others too, each once."""
        seen, waiting = {part.lower()}, [part]
        while waiting and len(seen) < MOST_PARTS:
            for link in self.list_links(waiting.pop(0)):
                if link.part.lower() not in seen:
                    seen.add(link.part.lower())
                    waiting.append(link.part)
                    yield link

    def read_texts(self, part: str, marks: TextMarks) -> TextCollector:
        collector = TextCollector(marks)
        parse_member(self.zip, self.find_member(part), collector)
        return collector

    def list_elements(self, part: str, wanted: str) -> list[dict[str, str]]:
        """The attributes of the elements of that name in the part."""
        collector = ElementCollector(wanted)
        parse_member(self.zip, self.find_member(part), collector)
        return collector.elements

    def list_targets(self, part: str, wanted: str) -> list[tuple[dict[str, str], str]]:
        """The elements of that name, each with the part to which its relationship leads."""
        targets = {link.id: link.part for link in self.list_links(part)}
        elements = self.list_elements(part, wanted)
        linked = ((element, targets.get(_relationship_id(element))) for element in elements)
        return [(element, target) for element, target in linked if target]

    def find_member(self, part: str) -> str:
        return self._members[part.lower()]


def _relationship_id(element: dict[str, str]) -> str:
    """The `r:id` of an element, which may have an `id` of its own beside it."""
    return next(
        (value for name, value in element.items() if local_name(name) == "id" and "}" in name), ""
    ) or find_attribute(element, "id")


def _resolve(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(target.replace("\\", "/")))).lstrip("/")
