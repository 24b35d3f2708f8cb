"""Who answers for what, narrowed as the page is asked."""

from collections.abc import Callable
from dataclasses import replace

from app.rules.criteria.edition import Edition
from app.rules.listing.bar import ListBar, ListFilter, only_offered
from app.rules.listing.filters import CORE, DUE, ON, area_filter, department_filter, due_choice, is_of_department
from app.rules.listing.query import WORDS, ListQuery, count_without, narrow_entries
from app.rules.message import say
from app.rules.my_work import WITH_THE_DEPARTMENT
from app.rules.review.moves import ResponseState
from app.rules.site_search import asked_words, begins_words, criterion_words, has_words
from app.services.assigning.assignment import AssignmentsPage, CriterionTask, list_assignments
from app.services.desk import Desk
from app.store import response

MOST_UNFOLDED = 9
"""Rows that stand open in a list that is not narrowed: one area."""
UNASSIGNED = ListFilter("open", say("Without a department"), ((ON, say("Without a department")),))


def narrow_assignments(desk: Desk, query: ListQuery, editing: str = "") -> AssignmentsPage:
    """The page of assignments as it is asked for. Not narrowed, the areas in which something has no department stand open."""
    page = list_assignments(desk, editing)
    edition = desk.site.edition(page.edition, desk.who.language)
    persons = ListFilter("person", say("Person"), tuple((str(person_id), name) for person_id, name in page.people))
    filters = (UNASSIGNED, CORE, DUE, area_filter(edition.areas), department_filter(page.departments), persons)
    query = only_offered(query, filters)
    tests = _task_tests(desk, edition, page.assessment_id, query)
    tasks = tuple(task for group in page.areas for task in group.tasks)
    fitting = {task.code for task in narrow_entries(tasks, tests)} | ({page.editing} if page.editing else set())
    bar = ListBar(
        query, filters, len(fitting), len(tasks), without={} if fitting else count_without(tasks, tests), folds=True
    )
    groups = (
        replace(group, version_of_all=group.version, tasks=tuple(task for task in group.tasks if task.code in fitting))
        for group in page.areas
    )
    narrowed = replace(page, areas=tuple(group for group in groups if group.tasks), bar=bar)
    return replace(narrowed, open_areas=_open_areas(narrowed, bar))


def _task_tests(
    desk: Desk, edition: Edition, assessment_id: int, query: ListQuery
) -> dict[str, Callable[[CriterionTask], bool]]:
    asked, today = asked_words(query.typed), desk.who.today

    briefs = response.load_briefs(desk.session, desk.city_id, assessment_id) if query.value("due") else {}

    def is_due(task: CriterionTask) -> bool:
        state = briefs[task.code].state if task.code in briefs else ResponseState.NOT_STARTED
        return due_choice(task.due_on, state in WITH_THE_DEPARTMENT, today) == query.value("due")

    def has_asked(task: CriterionTask) -> bool:
        criterion = edition.criteria[task.code]
        around = (edition.area_of(task.code).title, task.department, task.person, task.deputy, task.title)
        return begins_words(criterion_words(criterion), asked) or has_words(around, asked)

    tests: dict[str, Callable[[CriterionTask], bool]] = {
        "open": lambda task: task.department_id is None,
        "core": lambda task: edition.criteria[task.code].core,
        "due": is_due,
        "area": lambda task: edition.criteria[task.code].area == query.value("area"),
        "department": lambda task: is_of_department(task.department_id, query.value("department")),
        "person": lambda task: query.value("person") in {str(task.person_id), str(task.deputy_id)},
    }
    chosen = {name: test for name, test in tests.items() if query.value(name)}
    return chosen | ({WORDS: has_asked} if asked else {})


def _open_areas(page: AssignmentsPage, bar: ListBar) -> frozenset[str]:
    if bar.is_narrowed or bar.query.unfolded:
        return frozenset(group.area.id for group in page.areas)
    is_open, room = set(), MOST_UNFOLDED
    for group in page.areas:
        is_edited = any(task.code == page.editing for task in group.tasks)
        lacks = any(task.department_id is None for task in group.tasks)
        if is_edited or (lacks and len(group.tasks) <= room):
            is_open.add(group.area.id)
            room -= len(group.tasks)
    return frozenset(is_open)
