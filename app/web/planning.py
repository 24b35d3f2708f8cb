"""The planner: the cheapest ways to a level, sets picked by hand, and scenarios."""

from contextlib import AbstractContextManager
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.rules.errors import Invalid
from app.services.planning import estimates, scenarios
from app.services.planning import page as planner
from app.web.access import Ask, RowId, reads, works, writes
from app.web.forms import TypedForm, read_day, typed_form
from app.web.page_cache import show_kept_page
from app.web.steps import form_again
from app.web.templating import redirect_to, show_page, wants_fragment

router = APIRouter()
PAGE, TILES, SCENARIO = "planning/index.html", "planning/tiles.html", "planning/show.html"


def _planning_path(ask: Ask, below: str = "") -> str:
    return f"/{ask.who.city.slug}/planning{below}"


def _load_planning(ask: Ask, level: str = "", by: date | None = None) -> planner.PlanningPage:
    return planner.find_options(ask.desk, level, by)


@router.get("/{city}/planning")
def show_planning(level: str = "", by: str = "", ask: Ask = works("planning.read")) -> Response:
    """In a thread, because finding the cheapest sets takes a tenth of a second of computing that nobody else should wait for."""
    with form_again(ask, {"level": level, "by": by}, PAGE, lambda: _load_planning(ask), Invalid):
        day = read_day("by", by)
        return show_kept_page(ask, PAGE, lambda: _load_planning(ask, level, day))


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
    with form_again(
        ask, {"level": level, "by": by}, template, lambda: planner.load_tiles(ask.desk, "", None, []), Invalid
    ):
        day = read_day("by", by)
        return show_kept_page(ask, template, lambda: _load_tiles(ask, level, day, scenario))


def _read_scenario(form: TypedForm) -> dict[str, Any]:
    return {"name": form.text("name"), "level": form.text("level"), "by": form.day("by"), "codes": form.all("pick")}


@router.post("/{city}/planning/scenarios")
def save_scenario(ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    with _tiles_again(ask, form):
        scenario_id = scenarios.save_scenario(ask.desk, **_read_scenario(form))
    return redirect_to(ask, _planning_path(ask, f"/scenarios/{scenario_id}"), "scenario-saved")


def _tiles_again(ask: Ask, form: TypedForm, scenario: int | None = None) -> AbstractContextManager[None]:
    """The tiles as they were picked, as far as they can be read."""

    def load_page() -> planner.TilesPage:
        try:
            entered = _read_scenario(form)
            return planner.load_tiles(ask.desk, entered["level"], entered["by"], entered["codes"], scenario)
        except Invalid:
            return planner.load_tiles(ask.desk, "", None, [], scenario)

    return form_again(ask, form, TILES, load_page)


@router.get("/{city}/planning/compare")
async def compare_scenarios(ask: Ask = reads("planning.read")) -> Response:
    chosen = [int(text) for text in ask.request.query_params.getlist("scenario") if text.isdecimal() and len(text) < 10]
    with form_again(ask, {}, PAGE, lambda: _load_planning(ask), Invalid):
        page = scenarios.compare_scenarios(ask.desk, chosen)
    return show_page(ask, "planning/compare.html", page)


@router.get("/{city}/planning/estimates")
async def show_estimates(ask: Ask = reads("planning.write"), edit: str = "") -> Response:
    return show_kept_page(ask, "planning/estimates.html", lambda: estimates.list_estimates(ask.desk, edit))


@router.post("/{city}/planning/estimates/{code}")
def set_estimate(code: str, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    with form_again(ask, form, "planning/estimates.html", lambda: estimates.list_estimates(ask.desk, code)):
        estimates.set_estimate(
            ask.desk,
            code,
            effort=form.text("effort"),
            lead_days=form.integer("lead_days"),
            version=form.version(),
        )
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
    with _tiles_again(ask, form, scenario_id):
        scenarios.change_scenario(ask.desk, scenario_id, form.version(), **_read_scenario(form))
    return redirect_to(ask, _planning_path(ask, f"/scenarios/{scenario_id}"), "saved")


def _scenario_path(ask: Ask, scenario_id: int) -> str:
    return _planning_path(ask, f"/scenarios/{scenario_id}")


def _scenario_again(ask: Ask, form: TypedForm, scenario_id: int) -> AbstractContextManager[None]:
    return form_again(ask, form, SCENARIO, lambda: _load_scenario(ask, scenario_id))


@router.post("/{city}/planning/scenarios/{scenario_id}/share")
def share_scenario(scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    """`shared` is 1 to share the scenario, and left out to stop."""
    shared = form.ticked("shared")
    with _scenario_again(ask, form, scenario_id):
        scenarios.share_scenario(ask.desk, scenario_id, form.version(), shared)
    return redirect_to(ask, _scenario_path(ask, scenario_id), "scenario-shared" if shared else "saved")


@router.post("/{city}/planning/scenarios/{scenario_id}/adopt")
def adopt_scenario(scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    with _scenario_again(ask, form, scenario_id):
        scenarios.adopt_scenario(ask.desk, scenario_id, form.version())
    return redirect_to(ask, _scenario_path(ask, scenario_id), "scenario-adopted")


@router.post("/{city}/planning/scenarios/{scenario_id}/adopt/undo")
def undo_adoption(scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()) -> Response:
    with _scenario_again(ask, form, scenario_id):
        scenarios.undo_adoption(ask.desk, scenario_id, form.version())
    return redirect_to(ask, _scenario_path(ask, scenario_id), "adoption-undone")


@router.post("/{city}/planning/scenarios/{scenario_id}/withdraw")
def withdraw_scenario(
    scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()
) -> Response:
    with _scenario_again(ask, form, scenario_id):
        scenarios.withdraw_scenario(ask.desk, scenario_id, form.version())
    return redirect_to(ask, _scenario_path(ask, scenario_id), "scenario-withdrawn")


@router.post("/{city}/planning/scenarios/{scenario_id}/restore")
def restore_scenario(
    scenario_id: RowId, ask: Ask = writes("planning.write"), form: TypedForm = typed_form()
) -> Response:
    with _scenario_again(ask, form, scenario_id):
        scenarios.restore_scenario(ask.desk, scenario_id, form.version())
    return redirect_to(ask, _scenario_path(ask, scenario_id), "scenario-restored")
