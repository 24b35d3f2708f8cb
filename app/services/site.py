"""One installation: its settings and everything outside the process that services need."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from app.adapters import trash
from app.adapters.criteria import editions as criteria_files
from app.adapters.criteria.guide import load_guide
from app.adapters.pdf.maker import PdfMakers
from app.adapters.storage.file_store import Storage
from app.adapters.storage.opening import open_storage
from app.rules.criteria.edition import Edition
from app.rules.criteria.edition_change import Succession
from app.rules.criteria.guide import EditionGuide
from app.rules.files.kinds import FileKind, kinds_named
from app.services.kept import KeptResults
from app.settings import ROOT, Settings
from app.store.database.engine import Database, commits_of_request

NEWEST_EDITION = "wwc-2022"


@dataclass
class Site:
    """Made once per app by `create_app`; two in one process do not know of each other."""

    settings: Settings
    database: Database
    _editions: dict[tuple[str, str], Edition] = field(default_factory=dict)
    _guides: dict[tuple[str, str], EditionGuide] = field(default_factory=dict)
    _successions: dict[tuple[str, str], Succession | None] = field(default_factory=dict)

    def edition(self, edition_id: str, language: str) -> Edition:
        """The edition in the language, or in English where it has no translation. Read from its files once."""
        key = (edition_id, language)
        if key not in self._editions:
            self._editions[key] = criteria_files.load_edition(ROOT / "criteria" / edition_id, language)
        return self._editions[key]

    def guide(self, edition_id: str, language: str) -> EditionGuide:
        """The glossary and the public facts that go with an edition, in the language or in English. Read from their files once."""
        key = (edition_id, language)
        if key not in self._guides:
            self._guides[key] = load_guide(ROOT / "criteria" / edition_id, language)
        return self._guides[key]

    def succession(self, old: str, new: str) -> Succession | None:
        """How answers get from one edition to the other, by their ids; None when no way is known. Read from its file once."""
        if (old, new) not in self._successions:
            editions = (self.edition(old, "en"), self.edition(new, "en"))
            self._successions[old, new] = criteria_files.load_succession(*editions)
        return self._successions[old, new]

    @cached_property
    def kept(self) -> KeptResults:
        return KeptResults(self.database)

    @cached_property
    def kinds(self) -> tuple[FileKind, ...]:
        """The kinds of files that this installation keeps."""
        return kinds_named(self.settings.file_types)

    @cached_property
    def storage(self) -> Storage:
        return open_storage(self.settings)

    @cached_property
    def trash(self) -> trash.Trash:
        return trash.open_trash(self.settings)

    @cached_property
    def pdf(self) -> PdfMakers:
        return PdfMakers(self.settings.pdf_makers, self.settings.pdf_seconds, self.settings.pdf_memory_mb)

    def close(self) -> None:
        """Let go of the database and of the PDF processes, if there are any."""
        if "pdf" in self.__dict__:
            self.pdf.close()
        self.database.close()


@contextmanager
def counting_commits() -> Iterator[list[int]]:
    """A list that gets longer with each commit of what is done inside, in whatever thread of this request."""
    commits: list[int] = []
    token = commits_of_request.set(commits)
    try:
        yield commits
    finally:
        commits_of_request.reset(token)


def open_site(settings: Settings, *, alone: bool = False) -> Site:
    """Make the data folder and open the database; nothing is migrated here. Raises ValueError for a setting that cannot be.

    `alone` as `Database` has it: Refused while another process has the database open.
    """
    kinds_named(settings.file_types)
    settings.data_dir.mkdir(0o700, parents=True, exist_ok=True)
    return Site(settings, Database(settings.database, alone=alone))
