"""The planner: the cheapest ways to a level, sets picked by hand, and scenarios."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.rules.errors import CorrectableProblem, Invalid
from app.services.planning import estimates, scenarios
from app.services.planning import page as planner
from app.web.access import Ask, RowId, reads, works, writes
from app.web.forms import TypedForm, read_day, typed_form
from app.web.templating import redirect_to, show_kept_page, show_page, show_page_again, wants_fragment

router = APIRouter()
PAGE, TILES, SCENARIO = "planning/index.html", "planning/tiles.html", "planning/show.html"


def _planning_path(ask: Ask, below: str = "") -> str:
    return f"/{ask.who.city.slug}/planning{below}"


def _load_planning(ask: Ask, level: str = "", by: date | None = None) -> planner.PlanningPage:
    return planner.find_options(ask.desk, level, by)


@router.get("/{city}/planning")
def show_planning(level: str = "", by: str = "", ask: Ask = works("planning.read")) -> Response:
    """In a thread, because finding the cheapest sets takes a tenth of a second of computing that nobody else should wait for."""
    try:
        day = read_day("by", by)
        return show_kept_page(ask, PAGE, lambda: _load_planning(ask, level, day))
    except Invalid as problem:
        return show_page_again(ask, PAGE, lambda: _load_planning(ask), problem, {"level": level, "by": by})


def _load_tiles(ask: Ask, level: str, by: date | None, scenario: int | None) -> planner.TilesPage:
    picked = ask.request.query_params.getlist("pick")
    return planner.load_tiles(ask.desk, level, by, picked, scenario)


@router.get("/{city}/planning/tiles")
async def show_tiles(
    level: str = "",
    by: str = "",
    scenario: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    ask: Ask = reads("planning.read"),
) -> Response:
    """The picks stand in the address, so that a set can be passed on; htmx asks for the result alone."""
    template = "planning/_outcome.html" if wants_fragment(ask.request) else TILES
    try:
        day = read_day("by", by)
        return show_kept_page(ask, template, lambda: _load_tiles(ask, level, day, scenario))
    except Invalid as problem:
        build: Callable[[], Any] = lambda: planner.load_tiles(ask.desk, "", None, [])  # noqa: E731
        return show_page_again(ask, template, build, problem, {"level": level, "by": by})


def _read_scenario(form: TypedForm) -> dict[str, Any]:
    return {"name": form.text("name"), "level": form.text("level"), "by": form.day("by"), "codes": form.all("pick")}


@router.post("/{city}/planning/scenarios")
def save_scenario(ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    try:
        scenario_id = scenarios.save_scenario(ask.desk, **_read_scenario(form))
    except CorrectableProblem as problem:
        return _show_tiles_again(ask, form, problem)
    return redirect_to(ask, _planning_path(ask, f"/scenarios/{scenario_id}"), "scenario-saved")


def _show_tiles_again(
    ask: Ask,
    form: TypedForm,
    problem: CorrectableProblem,
    scenario: int | None = None,
) -> Response:
    """The tiles as they were picked, as far as they can be read."""

    def load_page() -> planner.TilesPage:
        try:
            entered = _read_scenario(form)
            return planner.load_tiles(ask.desk, entered["level"], entered["by"], entered["codes"], scenario)
        except Invalid:
            return planner.load_tiles(ask.desk, "", None, [], scenario)

    return show_page_again(ask, TILES, load_page, problem, form.kept)


@router.get("/{city}/planning/compare")
async def compare_scenarios(ask: Ask = reads("planning.read")) -> Response:
    chosen = [int(text) for text in ask.request.query_params.getlist("scenario") if text.isdecimal() and len(text) < 10]
    try:
        page = scenarios.compare_scenarios(ask.desk, chosen)
    except Invalid as problem:
        return show_page_again(ask, PAGE, lambda: _load_planning(ask), problem, {})
    return show_page(ask, "planning/compare.html", page)


@router.get("/{city}/planning/estimates")
async def show_estimates(ask: Ask = reads("planning.write"), edit: str = "") -> Response:
    return show_kept_page(ask, "planning/estimates.html", lambda: estimates.list_estimates(ask.desk, edit))


@router.post("/{city}/planning/estimates/{code}")
def set_estimate(code: str, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    try:
        estimates.set_estimate(
            ask.desk,
            code,
            effort=form.text("effort"),
            lead_days=form.integer("lead_days"),
            version=form.version(),
        )
    except CorrectableProblem as problem:
        build = lambda: estimates.list_estimates(ask.desk, code)  # noqa: E731
        return show_page_again(ask, "planning/estimates.html", build, problem, form.kept)
    return redirect_to(ask, _planning_path(ask, f"/estimates#{code}"), "saved")


@router.get("/{city}/planning/scenarios/{scenario_id}")
async def show_scenario(scenario_id: RowId, ask: Ask = reads("planning.read")) -> Response:
    return show_kept_page(ask, SCENARIO, lambda: _load_scenario(ask, scenario_id))


def _load_scenario(ask: Ask, scenario_id: int) -> scenarios.ScenarioPage:
    return scenarios.load_scenario(ask.desk, scenario_id)


@router.post("/{city}/planning/scenarios/{scenario_id}")
def change_scenario(
    scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()
) -> Response:
    try:
        scenarios.change_scenario(ask.desk, scenario_id, form.version(), **_read_scenario(form))
    except CorrectableProblem as problem:
        return _show_tiles_again(ask, form, problem, scenario_id)
    return redirect_to(ask, _planning_path(ask, f"/scenarios/{scenario_id}"), "saved")


def _take_scenario_step(
    ask: Ask, scenario_id: int, form: TypedForm, take: Callable[[int], None], done: str
) -> Response:
    try:
        take(form.version())
    except CorrectableProblem as problem:
        return show_page_again(ask, SCENARIO, lambda: _load_scenario(ask, scenario_id), problem, form.kept)
    return redirect_to(ask, _planning_path(ask, f"/scenarios/{scenario_id}"), done)


@router.post("/{city}/planning/scenarios/{scenario_id}/share")
def share_scenario(scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    """`shared` is 1 to share the scenario, and left out to stop."""
    shared = form.ticked("shared")
    take = lambda version: scenarios.share_scenario(ask.desk, scenario_id, version, shared)  # noqa: E731
    return _take_scenario_step(ask, scenario_id, form, take, "scenario-shared" if shared else "saved")


@router.post("/{city}/planning/scenarios/{scenario_id}/adopt")
def adopt_scenario(scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    take = lambda version: scenarios.adopt_scenario(ask.desk, scenario_id, version)  # noqa: E731
    return _take_scenario_step(ask, scenario_id, form, take, "scenario-adopted")


@router.post("/{city}/planning/scenarios/{scenario_id}/adopt/undo")
def undo_adoption(scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    take = lambda version: scenarios.undo_adoption(ask.desk, scenario_id, version)  # noqa: E731
    return _take_scenario_step(ask, scenario_id, form, take, "adoption-undone")


@router.post("/{city}/planning/scenarios/{scenario_id}/withdraw")
def withdraw_scenario(
    scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()
) -> Response:
    take = lambda version: scenarios.withdraw_scenario(ask.desk, scenario_id, version)  # noqa: E731
    return _take_scenario_step(ask, scenario_id, form, take, "scenario-withdrawn")


@router.post("/{city}/planning/scenarios/{scenario_id}/restore")
def restore_scenario(
    scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()
) -> Response:
    take = lambda version: scenarios.restore_scenario(ask.desk, scenario_id, version)  # noqa: E731
    return _take_scenario_step(ask, scenario_id, form, take, "scenario-restored")
