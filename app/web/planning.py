"""The planner: the cheapest ways to a level, sets picked by hand, and scenarios."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.rules.errors import Invalid, Problem
from app.services.planning import estimates, scenarios
from app.services.planning import page as planner
from app.web.access import Ask, Id, reads, works, writes
from app.web.forms import Typed, read_day, typed
from app.web.templating import again, go, show, show_kept, wants_fragment

router = APIRouter()
PAGE, TILES, SCENARIO = "planning/index.html", "planning/tiles.html", "planning/show.html"


def _path(ask: Ask, rest: str = "") -> str:
    return f"/{ask.who.city.slug}/planning{rest}"


def _index(ask: Ask, level: str = "", by: date | None = None) -> planner.PlanningPage:
    return planner.find_options(ask.desk, level, by)


@router.get("/{city}/planning")
def index(level: str = "", by: str = "", ask: Ask = works("planning.read")) -> Response:
    """In a thread, because finding the cheapest sets takes a tenth of a second of computing that nobody else should wait for."""
    try:
        day = read_day("by", by)
        return show_kept(ask, PAGE, lambda: _index(ask, level, day))
    except Invalid as problem:
        return again(ask, PAGE, lambda: _index(ask), problem, {"level": level, "by": by})


def _tiles(ask: Ask, level: str, by: date | None, scenario: int | None) -> planner.TilesPage:
    picked = ask.request.query_params.getlist("pick")
    return planner.load_tiles(ask.desk, level, by, picked, scenario)


@router.get("/{city}/planning/tiles")
async def tiles(
    level: str = "",
    by: str = "",
    scenario: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    ask: Ask = reads("planning.read"),
) -> Response:
    """The picks stand in the address, so that a set can be passed on; htmx asks for the result alone."""
    template = "planning/_outcome.html" if wants_fragment(ask.request) else TILES
    try:
        day = read_day("by", by)
        return show_kept(ask, template, lambda: _tiles(ask, level, day, scenario))
    except Invalid as problem:
        build: Callable[[], Any] = lambda: planner.load_tiles(ask.desk, "", None, [])  # noqa: E731
        return again(ask, template, build, problem, {"level": level, "by": by})


def _sent(form: Typed) -> dict[str, Any]:
    return {"name": form.text("name"), "level": form.text("level"), "by": form.day("by"), "codes": form.all("pick")}


@router.post("/{city}/planning/scenarios")
def save(ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    try:
        made = scenarios.save_scenario(ask.desk, **_sent(form))
    except Problem as problem:
        return _tiles_again(ask, form, problem)
    return go(ask, _path(ask, f"/scenarios/{made}"), "scenario-saved")


def _tiles_again(
    ask: Ask,
    form: Typed,
    problem: Problem,
    scenario: int | None = None,
) -> Response:
    """The tiles as they were picked, as far as they can be read."""

    def build() -> planner.TilesPage:
        try:
            sent = _sent(form)
            return planner.load_tiles(ask.desk, sent["level"], sent["by"], sent["codes"], scenario)
        except Invalid:
            return planner.load_tiles(ask.desk, "", None, [], scenario)

    return again(ask, TILES, build, problem, form.kept)


@router.get("/{city}/planning/compare")
async def compare(ask: Ask = reads("planning.read")) -> Response:
    chosen = [int(one) for one in ask.request.query_params.getlist("scenario") if one.isdecimal() and len(one) < 10]
    try:
        page = scenarios.compare_scenarios(ask.desk, chosen)
    except Invalid as problem:
        return again(ask, PAGE, lambda: _index(ask), problem, {})
    return show(ask, "planning/compare.html", page)


@router.get("/{city}/planning/estimates")
async def all_estimates(ask: Ask = reads("planning.write"), edit: str = "") -> Response:
    return show_kept(ask, "planning/estimates.html", lambda: estimates.list_estimates(ask.desk, edit))


@router.post("/{city}/planning/estimates/{code}")
def set_estimate(code: str, ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    try:
        estimates.set_estimate(
            ask.desk,
            code,
            effort=form.text("effort"),
            lead_days=form.integer("lead_days"),
            version=form.version(),
        )
    except Problem as problem:
        build = lambda: estimates.list_estimates(ask.desk, code)  # noqa: E731
        return again(ask, "planning/estimates.html", build, problem, form.kept)
    return go(ask, _path(ask, f"/estimates#{code}"), "saved")


@router.get("/{city}/planning/scenarios/{scenario_id}")
async def one(scenario_id: Id, ask: Ask = reads("planning.read")) -> Response:
    return show_kept(ask, SCENARIO, lambda: _scenario(ask, scenario_id))


def _scenario(ask: Ask, scenario_id: int) -> scenarios.ScenarioPage:
    return scenarios.load_scenario(ask.desk, scenario_id)


@router.post("/{city}/planning/scenarios/{scenario_id}")
def change(scenario_id: Id, ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    try:
        scenarios.change_scenario(ask.desk, scenario_id, form.version(), **_sent(form))
    except Problem as problem:
        return _tiles_again(ask, form, problem, scenario_id)
    return go(ask, _path(ask, f"/scenarios/{scenario_id}"), "saved")


def _step(ask: Ask, scenario_id: int, form: Typed, step: Callable[[int], None], done: str) -> Response:
    try:
        step(form.version())
    except Problem as problem:
        return again(ask, SCENARIO, lambda: _scenario(ask, scenario_id), problem, form.kept)
    return go(ask, _path(ask, f"/scenarios/{scenario_id}"), done)


@router.post("/{city}/planning/scenarios/{scenario_id}/share")
def share(scenario_id: Id, ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    """`shared` is 1 to share the scenario, and left out to stop."""
    shared = form.ticked("shared")
    step = lambda version: scenarios.share_scenario(ask.desk, scenario_id, version, shared)  # noqa: E731
    return _step(ask, scenario_id, form, step, "scenario-shared" if shared else "saved")


@router.post("/{city}/planning/scenarios/{scenario_id}/adopt")
def adopt(scenario_id: Id, ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    step = lambda version: scenarios.adopt_scenario(ask.desk, scenario_id, version)  # noqa: E731
    return _step(ask, scenario_id, form, step, "scenario-adopted")


@router.post("/{city}/planning/scenarios/{scenario_id}/adopt/undo")
def undo(scenario_id: Id, ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    step = lambda version: scenarios.undo_adoption(ask.desk, scenario_id, version)  # noqa: E731
    return _step(ask, scenario_id, form, step, "adoption-undone")


@router.post("/{city}/planning/scenarios/{scenario_id}/withdraw")
def withdraw(scenario_id: Id, ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    step = lambda version: scenarios.withdraw_scenario(ask.desk, scenario_id, version)  # noqa: E731
    return _step(ask, scenario_id, form, step, "scenario-withdrawn")


@router.post("/{city}/planning/scenarios/{scenario_id}/restore")
def restore(scenario_id: Id, ask: Ask = writes("planning.write"), form: Typed = typed()) -> Response:
    step = lambda version: scenarios.restore_scenario(ask.desk, scenario_id, version)  # noqa: E731
    return _step(ask, scenario_id, form, step, "scenario-restored")
