"""Several people at the review and renewal of a few criteria, step by step at random, beside a plain model of what should happen.

The tests go 1,200 steps. `python -m tests.review_machine 20000` goes as far as one likes.

Each step is a call of a service in a real SQLite database. The model says beforehand whether something changes. Then the database must
have been committed to once, with one event, or not at all; and what is stored must be what the model has.
"""

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, event
from sqlmodel import Session, col, func, select

from app.rules.criteria.edition import EvidenceKind
from app.rules.errors import CityReadyError
from app.rules.evidence.entry import EvidenceEntry
from app.rules.history.verbs import Verb
from app.rules.review.moves import RenewalState, ResponseState
from app.rules.scoring.score import VerdictKind
from app.services.assessment.overview import load_overview
from app.services.desk import Desk
from app.services.evidence import adding, changing, finding, new_file, removing
from app.services.evidence.adding import IncomingFile
from app.services.history.verifying import verify_city
from app.services.response import answering, submission
from app.services.review import asking, deciding, renewing
from app.services.review.queue import ReviewFilters
from app.services.site import Site, open_site
from app.settings import Settings
from app.store.evidence.pieces import Evidence, EvidenceSupport
from app.store.history import events
from app.store.history.event import HistoryEvent
from app.store.judged_response import JudgedResponse
from app.store.migrating import upgrade_database
from app.store.response import Response
from app.store.review import ReviewComment, Verdict
from tests import world
from tests.world import World

STEPS_OF_RUN = 100
CODES = ("LC1", "LC2", "LC4", "LC5", "LC7", "DM1")
"""In progress, with the reviewer, met, not met, never opened; the last is met and another department's."""
WRITERS = {
    "lead": {"LC1", "LC2", "LC4", "LC5", "LC7"},
    "colleague": set(),
    "official": set(),
    "reviewer": {*CODES},
    "admin": {*CODES},
}
REVIEWERS = ("reviewer", "admin")
WRITABLE = {ResponseState.NOT_STARTED, ResponseState.IN_PROGRESS, ResponseState.RETURNED}
SUBMITTABLE = {ResponseState.IN_PROGRESS, ResponseState.RETURNED}
ALL = ReviewFilters()

PEOPLE = ("lead", "admin", "reviewer", "colleague", "official")
REASONS = ("It is signed.", "It is signed.", "It is signed.", " ")

STEPS = (
    "write",
    "tick",
    "rate",
    "bring",
    "submit",
    "take_back",
    "answer_again",
    "comment",
    "decide",
    "assign",
    "unassign",
    "reopen",
)
PIECE_STEPS = ("change_piece", "replace_file", "remove", "restore", "use_elsewhere")
RENEWAL_STEPS = ("confirm_renewal", "return_renewal")


@dataclass
class Answered:
    """A response as it should be stored; `copies` counts what verdicts were given on, `standing` is the verdict that counts."""

    state: ResponseState = ResponseState.NOT_STARTED
    version: int = 1
    text: str = ""
    text_version: int = 0
    ticks: dict[str, tuple[bool, int]] = field(default_factory=dict)
    rating: str = ""
    renewal: RenewalState = RenewalState.NONE
    holder: str = ""
    submitted_by: str = ""
    renewed_by: str = ""
    verdicts: list[VerdictKind] = field(default_factory=list)
    withdrawn: set[int] = field(default_factory=set)
    copies: int = 0
    comments: list[tuple[str, str]] = field(default_factory=list)
    backed: bool = False
    """By evidence that is there from the beginning and that nobody touches."""

    @property
    def standing(self) -> VerdictKind | None:
        return next((v for n, v in reversed([*enumerate(self.verdicts)]) if n not in self.withdrawn), None)

    @property
    def is_met(self) -> bool:
        return self.state is ResponseState.DECIDED and self.standing is VerdictKind.MET

    def takes_evidence(self) -> bool:
        return self.state in WRITABLE or self.is_met

    def take_evidence(self, by: str) -> None:
        if self.state is ResponseState.NOT_STARTED:
            self.state = ResponseState.IN_PROGRESS
        elif self.is_met:
            self.renewal, self.renewed_by, self.version = RenewalState.WAITING, by, self.version + 1

    def withdraw(self) -> None:
        last = max(n for n in range(len(self.verdicts)) if n not in self.withdrawn)
        self.withdrawn.add(last)


@dataclass
class Brought:
    """A piece that someone has brought; `supports` are codes."""

    id: int
    title: str
    kind: EvidenceKind
    supports: set[str]
    version: int = 1
    in_use: bool = True


class ReviewMachine(RuleBasedStateMachine):
    """One run of several people; `template` is the database that each begins with, `steps` counts all that were made."""

    template: Path
    world: World
    steps: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="review"))
        shutil.copytree(self.template, self.folder / "data")
        self.site = open_site(_settings(self.folder / "data"))
        self.who = {role: world.identify(self.site, id) for role, id in self.world.alpha.people.items()}
        self.role = {person.person_id: role for role, person in self.who.items()}
        self.answers = self._read_beginning()
        self.pieces: list[Brought] = []
        self.commits = _count_commits(self.site)
        self.told = self._count_events()
        self.number = 0

    def teardown(self) -> None:
        with self.site.database.reading() as session:
            assert verify_city(session, self.world.alpha.id).count == 0, (
                "the chain and the states are as they were told"
            )
        self.site.database.close()
        shutil.rmtree(self.folder)

    def _read_beginning(self) -> dict[str, Answered]:
        begun = {code: Answered() for code in CODES}
        with self.site.database.reading() as session:
            for row in self._rows(session):
                mine = begun[row.criterion]
                mine.state, mine.version = ResponseState(row.state), row.version
                mine.text, mine.text_version, mine.rating = row.narrative, row.narrative_version, row.self_rating or ""
                mine.submitted_by = self.role[row.submitted_by] if row.submitted_by else ""
                mine.verdicts = [VerdictKind(v.decision) for v in _list(session, Verdict, row.id)]
                mine.comments = [(self.role[c.person_id], c.text) for c in _list(session, ReviewComment, row.id)]
                mine.backed = bool(_list(session, EvidenceSupport, row.id))
        return begun

    def _rows(self, session: Session) -> list[Response]:
        query = select(Response).where(Response.city_id == self.world.alpha.id, col(Response.criterion).in_(CODES))
        return list(session.exec(query))

    def _count_events(self) -> int:
        with self.site.database.reading() as session:
            return session.exec(select(func.count()).where(HistoryEvent.city_id == self.world.alpha.id)).one()

    def _last_verb(self) -> str:
        with self.site.database.reading() as session:
            return events.list_events(session, self.world.alpha.id, limit=1)[0].verb

    # A step, and what came of it

    def _step(self, name: str, changes: bool | None, step: Callable[[], None], also: int = 0) -> bool:
        """Do it. `changes` is what the model expects: True, False, or None for a refusal; `also`, how many items it ticks besides.

        Returns whether it changed something.
        """
        note(name)
        self.commits.clear()
        try:
            step()
            refused = False
        except CityReadyError:
            refused = True
        now_told = self._count_events()
        done = (not refused and now_told > self.told) if not refused else None
        self.steps[f"{name}: {'refused' if refused else 'changed' if done else 'nothing'}"] += 1
        assert done is changes, f"{name}: {done}, and the model says {changes}"
        assert (now_told - self.told, len(self.commits)) == ((1 + also, 1) if changes else (0, 0)), name
        self.told = now_told
        assert not changes or self._last_verb() != Verb.CHANGED_UNNAMED, f"{name} has no event of its own"
        return bool(changes)

    def _writing(self, by: str, use: Callable[[Desk], object]) -> Callable[[], None]:
        def step() -> None:
            with self.site.database.writing() as session:
                use(Desk(session, self.site, self.who[by]))

        return step

    def _deal(self, is_possible: Callable[[Answered], bool], among: Sequence[str] = PEOPLE) -> tuple[str, str, int]:
        """Who does the next step, on which criterion, and how many versions ago their page was opened."""
        by, ago = self._deal_person(among)
        likely = [code for code in CODES if is_possible(self.answers[code]) and code in WRITERS[by]]
        return by, self.dice.choice(likely if likely and self.dice.random() < 0.9 else CODES), ago

    def _deal_person(self, among: Sequence[str] = PEOPLE) -> tuple[str, int]:
        by = self.dice.choice(among if self.dice.random() < 0.2 else [role for role in among if WRITERS[role]])
        return by, int(self.dice.random() < 0.1)

    def _items(self, code: str) -> list[str]:
        return [item.id for item in self.site.edition(world.EDITION, "en").criteria[code].checklist]

    @rule(seed=st.integers(0, 2**32))
    def step(self, seed: int) -> None:
        """Which step, by whom and on what: drawn from the seed, since otherwise nearly all would be refused. What waits is looked at
        more often, because it takes several steps until something does.
        """
        self.number += 1
        self.dice = Random(f"{seed} {self.number}")
        waits = any(mine.renewal is RenewalState.WAITING for mine in self.answers.values())
        of_pieces = PIECE_STEPS if self.pieces else ()
        names = (*STEPS, *of_pieces, *(RENEWAL_STEPS * (4 if waits else 1)))
        getattr(self, self.dice.choice(names))()

    # The department

    def write(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state in WRITABLE)
        text = self.dice.choice(["", "One.", "Two.", "Three."])
        mine = self.answers[code]
        known = mine.text_version - ago
        changes: bool | None = None
        if code in WRITERS[by] and mine.state in WRITABLE:
            changes = False if text == mine.text else (True if not ago else None)
        if self._step("write", changes, self._writing(by, lambda d: answering.write_narrative(d, code, text, known))):
            mine.text, mine.text_version = text, mine.text_version + 1
            mine.take_evidence(by)

    def tick(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state in WRITABLE)
        ticked = self.dice.random() < 0.7
        mine, items = self.answers[code], self._items(code)
        item = self.dice.choice(items)
        was, version = mine.ticks.get(item, (False, 0))
        changes: bool | None = None
        if code in WRITERS[by] and mine.state in WRITABLE:
            changes = True if not ago else (False if version and was == ticked else None)
        step = self._writing(by, lambda d: world.tick_item(d, code, item, ticked, version - ago))
        if self._step("tick", changes, step):
            mine.ticks[item] = (ticked, version + 1)
            mine.take_evidence(by)

    def rate(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state in WRITABLE)
        rating = self.dice.choice(["", "met", "not_met"])
        mine = self.answers[code]
        changes = True if code in WRITERS[by] and mine.state in WRITABLE and not ago else None
        step = self._writing(by, lambda d: answering.set_self_rating(d, code, rating, mine.version - ago))
        if self._step("rate", changes, step):
            mine.rating, mine.version = rating, mine.version + 1
            mine.take_evidence(by)

    def bring(self) -> None:
        by, code, _ = self._deal(lambda mine: mine.takes_evidence())
        kind = self.dice.choice([EvidenceKind.NOTE, EvidenceKind.NOTE, EvidenceKind.FILE])
        mine, items = self.answers[code], self._items(code)
        title = f"Piece {self.number}"
        item = self.dice.choice(items)
        entry = EvidenceEntry(kind, title=title, note=title, items=(item,))
        changes = True if code in WRITERS[by] and mine.takes_evidence() else None
        also = self._count_ticks(mine, item)
        if self._step("bring", changes, lambda: self._bring(by, code, entry), also):
            self._tick_supported(mine, item, also)
            self.pieces.append(Brought(self._newest_piece(), title, kind, {code}))
            mine.take_evidence(by)

    def _count_ticks(self, mine: Answered, item: str) -> int:
        """How many items evidence for this one ticks: it, unless it is ticked or the answer is with a reviewer or decided."""
        return int(mine.state in WRITABLE and not mine.ticks.get(item, (False, 0))[0])

    def _tick_supported(self, mine: Answered, item: str, also: int) -> None:
        if also:
            mine.ticks[item] = (True, mine.ticks.get(item, (False, 0))[1] + 1)

    def _bring(self, by: str, code: str, entry: EvidenceEntry) -> None:
        if entry.kind is EvidenceKind.NOTE:
            adding.add_evidence(self.site, self.who[by], code, entry)
        else:
            self._add_file(by, code, entry)

    def _add_file(self, by: str, code: str, entry: EvidenceEntry) -> None:
        upload = IncomingFile(f"{entry.title}.txt", BytesIO(entry.title.encode()))
        [outcome] = adding.add_files(self.site, self.who[by], code, entry, [upload])
        assert outcome.problem is None

    def _newest_piece(self) -> int:
        with self.site.database.reading() as session:
            return session.exec(select(func.max(Evidence.id))).one()

    def change_piece(self) -> None:
        by, ago = self._deal_person()
        title = self.dice.choice(["", "Minutes"])
        piece = self.dice.choice(self.pieces)
        given = f"{title} {piece.id}" if title else piece.title
        changes: bool | None = None
        if piece.in_use and self._may_change(by, piece):
            changes = False if given == piece.title else (True if not ago else None)
        if self._step("change piece", changes, self._writing(by, lambda d: _change(d, piece, given, ago))):
            piece.title = given
            self._touch(by, piece)

    def replace_file(self) -> None:
        by, ago = self._deal_person()
        files = [piece for piece in self.pieces if piece.kind is EvidenceKind.FILE]
        if not files:
            return
        piece = self.dice.choice(files)
        upload = IncomingFile("newer.txt", BytesIO(f"File {self.number}".encode()))
        changes = True if piece.in_use and self._may_change(by, piece) and not ago else None
        who, version = self.who[by], piece.version - ago
        step = lambda: new_file.replace_file(self.site, who, piece.id, version, "", [upload])  # noqa: E731
        if self._step("replace file", changes, step):
            self._touch(by, piece)

    def remove(self) -> None:
        """Of one criterion where the piece supports more, else altogether."""
        by, ago = self._deal_person()
        within = self.dice.random() < 0.5
        piece = self.dice.choice(self.pieces)
        code = self.dice.choice(sorted(piece.supports)) if within else ""
        touched = {code} if within and len(piece.supports) > 1 else piece.supports
        free = all(code in WRITERS[by] and self.answers[code].state in WRITABLE for code in touched)
        altogether = touched == piece.supports
        changes = (False if altogether and not piece.in_use else (True if not ago else None)) if free else None
        step = self._writing(by, lambda d: removing.withdraw_piece(d, piece.id, piece.version - ago, code))
        if self._step("remove", changes, step):
            piece.version += 1
            if altogether:
                piece.in_use = False
            else:
                piece.supports.discard(code)

    def restore(self) -> None:
        by, ago = self._deal_person()
        piece = self.dice.choice(self.pieces)
        free = bool(piece.supports & WRITERS[by]) and all(self.answers[c].state in WRITABLE for c in piece.supports)
        changes = (False if piece.in_use else (True if not ago else None)) if free else None
        if self._step(
            "restore", changes, self._writing(by, lambda d: removing.restore_piece(d, piece.id, piece.version - ago))
        ):
            piece.version, piece.in_use = piece.version + 1, True

    def use_elsewhere(self) -> None:
        by, code, _ = self._deal(lambda mine: mine.takes_evidence())
        piece, mine = self.dice.choice(self.pieces), self.answers[code]
        changes: bool | None = None
        if code in WRITERS[by] and mine.takes_evidence() and piece.in_use:
            changes = code not in piece.supports
        step = self._writing(by, lambda d: removing.use_for_criterion(d, code, piece.id, []))
        if self._step("use elsewhere", changes, step):
            piece.version += 1
            piece.supports.add(code)
            mine.take_evidence(by)

    def submit(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state in SUBMITTABLE)
        mine = self.answers[code]
        is_backed = mine.backed or any(piece.in_use and code in piece.supports for piece in self.pieces)
        changes: bool | None = None
        if code in WRITERS[by]:
            if mine.state is ResponseState.SUBMITTED and mine.submitted_by == by and ago:
                changes = False  # a second click on the same page
            elif mine.state in SUBMITTABLE and is_backed and not ago:
                changes = True
        step = self._writing(by, lambda d: submission.submit_response(d, code, mine.version - ago))
        if self._step("submit", changes, step):
            mine.state, mine.version, mine.submitted_by, mine.holder = ResponseState.SUBMITTED, mine.version + 1, by, ""

    def take_back(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state is ResponseState.SUBMITTED)
        mine = self.answers[code]
        changes = True if code in WRITERS[by] and mine.state is ResponseState.SUBMITTED and not ago else None
        step = self._writing(by, lambda d: submission.take_back_submission(d, code, mine.version - ago))
        if self._step("take back", changes, step):
            mine.state, mine.version, mine.holder = ResponseState.IN_PROGRESS, mine.version + 1, ""

    def answer_again(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.standing is VerdictKind.NOT_MET)
        mine = self.answers[code]
        was_not_met = mine.state is ResponseState.DECIDED and mine.standing is VerdictKind.NOT_MET
        changes = True if code in WRITERS[by] and was_not_met and not ago else None
        if self._step(
            "answer again", changes, self._writing(by, lambda d: answering.answer_again(d, code, mine.version - ago))
        ):
            mine.state, mine.version, mine.holder = ResponseState.IN_PROGRESS, mine.version + 1, ""
            mine.withdraw()

    def comment(self) -> None:
        by, code, _ = self._deal(lambda mine: True)
        text = self.dice.choice(["Seen.", "Where is it?"])
        mine = self.answers[code]
        changes = mine.comments[-1:] != [(by, text)]
        if self._step("comment", changes, self._writing(by, lambda d: asking.add_comment(d, code, text))):
            mine.comments.append((by, text))

    # The data office

    def decide(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state is ResponseState.SUBMITTED, REVIEWERS)
        decision = self.dice.choice([*VerdictKind])
        reason = self.dice.choice(REASONS)
        mine = self.answers[code]
        said = reason if decision is not VerdictKind.MET else "It is signed."
        free = mine.state is ResponseState.SUBMITTED and mine.submitted_by != by and said.strip() and not ago
        step = self._writing(by, lambda d: deciding.give_verdict(d, code, decision, said, mine.version - ago, ALL))
        if self._step(f"decide {decision}", True if free else None, step):
            returned = decision is VerdictKind.CHANGES_ASKED
            mine.state = ResponseState.RETURNED if returned else ResponseState.DECIDED
            mine.version, mine.copies = mine.version + 1, mine.copies + 1
            mine.verdicts.append(decision)

    def assign(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state is ResponseState.SUBMITTED, REVIEWERS)
        mine = self.answers[code]
        changes: bool | None = None
        if mine.state is ResponseState.SUBMITTED:
            changes = False if mine.holder == by else (True if not mine.holder and not ago else None)
        if self._step(
            "assign", changes, self._writing(by, lambda d: deciding.assign_to_me(d, code, mine.version - ago))
        ):
            mine.holder, mine.version = by, mine.version + 1

    def unassign(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state is ResponseState.SUBMITTED, REVIEWERS)
        mine = self.answers[code]
        changes: bool | None = None
        if mine.state is ResponseState.SUBMITTED:
            changes = False if not mine.holder else (True if not ago else None)
        step = self._writing(by, lambda d: deciding.unassign_reviewer(d, code, mine.version - ago))
        if self._step("unassign", changes, step):
            mine.holder, mine.version = "", mine.version + 1

    def reopen(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.state is ResponseState.DECIDED, REVIEWERS)
        reason = self.dice.choice(REASONS)
        mine = self.answers[code]
        changes = True if mine.state is ResponseState.DECIDED and reason.strip() and not ago else None
        step = self._writing(by, lambda d: deciding.reopen_response(d, code, reason, mine.version - ago))
        if self._step("reopen", changes, step):
            mine.state, mine.renewal, mine.holder = ResponseState.SUBMITTED, RenewalState.NONE, by
            mine.version += 1
            mine.withdraw()
            mine.comments.append((by, reason))

    def confirm_renewal(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.renewal is RenewalState.WAITING, REVIEWERS)
        mine = self.answers[code]
        step = self._writing(by, lambda d: renewing.confirm_renewal(d, code, mine.version - ago, ALL))
        if self._step("confirm renewal", self._may_renew(by, mine, ago), step):
            mine.renewal, mine.version, mine.copies = RenewalState.NONE, mine.version + 1, mine.copies + 1

    def return_renewal(self) -> None:
        by, code, ago = self._deal(lambda mine: mine.renewal is RenewalState.WAITING, REVIEWERS)
        reason = self.dice.choice(REASONS)
        mine = self.answers[code]
        step = self._writing(by, lambda d: renewing.return_renewal(d, code, reason, mine.version - ago, ALL))
        if self._step("return renewal", self._may_renew(by, mine, ago) if reason.strip() else None, step):
            mine.renewal, mine.version, mine.copies = RenewalState.RETURNED, mine.version + 1, mine.copies + 1

    # What holds after every step

    @invariant()
    def stored_as_the_model_says(self) -> None:
        with self.site.database.reading() as session:
            rows = {row.criterion: row for row in self._rows(session)}
            for code, mine in self.answers.items():
                row = rows.get(code, Response(city_id=self.world.alpha.id, assessment_id=0, criterion=code))
                assert self._seen(row) == _expected(mine), code
                if row.id:
                    self._check_kept(session, row, mine)
            kept = {
                row.id: row
                for row in session.exec(select(Evidence).where(col(Evidence.id).in_(p.id for p in self.pieces)))
            }
        for piece in self.pieces:
            row_of = kept[piece.id]
            assert (row_of.version, row_of.withdrawn_at is None, row_of.title) == (
                piece.version,
                piece.in_use,
                piece.title,
            )

    @invariant()
    def the_result_is_that_of_the_verdicts_that_stand(self) -> None:
        if sum(self.steps.values()) % 10:
            return
        with self.site.database.reading() as session:
            seen = load_overview(session, self.site, self.who["reviewer"].city, "en")
        for code, mine in self.answers.items():
            stand = seen.stand_of(code)
            assert (stand.state, stand.met, stand.renewal) == (mine.state, mine.is_met, mine.renewal), code

    def _seen(self, row: Response) -> tuple[object, ...]:
        who = [self.role.get(person or 0, "") for person in (row.claimed_by, row.submitted_by, row.renewed_by)]
        return (row.state, row.version, row.narrative, row.narrative_version, row.self_rating or "", row.renewal, *who)

    def _check_kept(self, session: Session, row: Response, mine: Answered) -> None:
        verdicts = _list(session, Verdict, row.id)
        stored = [(VerdictKind(verdict.decision), verdict.withdrawn_at is not None) for verdict in verdicts]
        assert stored == [(kind, number in mine.withdrawn) for number, kind in enumerate(mine.verdicts)]
        assert len(_list(session, JudgedResponse, row.id)) == mine.copies
        comments = [(self.role[comment.person_id], comment.text) for comment in _list(session, ReviewComment, row.id)]
        assert comments == mine.comments

    def _may_change(self, by: str, piece: Brought) -> bool:
        is_free = all(self.answers[code].state is not ResponseState.SUBMITTED for code in piece.supports)
        return is_free and bool(piece.supports & WRITERS[by])

    def _touch(self, by: str, piece: Brought) -> None:
        piece.version += 1
        for code in piece.supports:
            self.answers[code].take_evidence(by)

    def _may_renew(self, by: str, mine: Answered, ago: int) -> bool | None:
        waits = mine.state is ResponseState.DECIDED and mine.renewal is RenewalState.WAITING
        return True if waits and mine.renewed_by != by and not ago else None


def _expected(mine: Answered) -> tuple[object, ...]:
    who = (mine.holder, mine.submitted_by, mine.renewed_by)
    return (mine.state, mine.version, mine.text, mine.text_version, mine.rating, mine.renewal, *who)


def _change(desk: Desk, piece: Brought, title: str, ago: int) -> None:
    entry = changing.build_entry(finding.find_piece(desk, piece.id), title=title)
    changing.change_piece(desk, piece.id, entry, piece.version - ago)


def _list(session: Session, table: Any, response_id: int) -> list[Any]:
    return list(session.exec(select(table).where(table.response_id == response_id).order_by(table.id)))


def _count_commits(site: Site) -> list[int]:
    """Gets longer with each transaction that is committed after it has written."""
    wrote: set[int] = set()
    commits: list[int] = []

    def note(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            wrote.add(id(connection.connection.dbapi_connection))

    def count(connection: Connection) -> None:
        if id(connection.connection.dbapi_connection) in wrote:
            commits.append(1)
        forget(connection)

    def forget(connection: Connection) -> None:
        wrote.discard(id(connection.connection.dbapi_connection))

    event.listen(site.database.engine, "after_cursor_execute", note)
    event.listen(site.database.engine, "commit", count)
    event.listen(site.database.engine, "rollback", forget)
    return commits


def _settings(data_dir: Path) -> Settings:
    address = f"sqlite:///{data_dir / 'cityready.db'}"
    return Settings(data_dir=data_dir, database_url=address, secret_key="a secret", worker="none")


@contextmanager
def _made_template() -> Iterator[tuple[Path, World]]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        settings_here = _settings(data)
        data.mkdir()
        upgrade_database(settings_here.database)
        with closing(open_site(settings_here)) as site, site.database.writing() as session:
            built = world.build(session, site.storage)
        yield data, built


def walk(steps: int, template: Path, built: World, *, derandomize: bool = False) -> Counter[str]:
    """Make about so many steps, with `derandomize` the same each time; returns how often each was made and what came of it."""

    class Machine(ReviewMachine):
        pass

    Machine.template, Machine.world, Machine.steps = template, built, Counter()
    health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    runs = max(1, steps // STEPS_OF_RUN)
    how = settings(max_examples=runs, stateful_step_count=STEPS_OF_RUN, deadline=None, suppress_health_check=health,
        database=None, derandomize=derandomize, phases=[Phase.generate])  # fmt: skip
    run_state_machine_as_test(Machine, settings=how)
    return Machine.steps


if __name__ == "__main__":
    with _made_template() as (template, built):
        counts = walk(int(sys.argv[1]) if len(sys.argv) > 1 else 1_200, template, built)
    for name, times in sorted(counts.items()):
        print(f"{times:6} {name}")
    print(f"{sum(counts.values()):6} steps")
