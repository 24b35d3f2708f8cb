"""A stand-in for most peers: the same pages in Django as its tutorial teaches them, models and templates, over the same rows.

Without sign-in, but where a page is about someone, and without middleware, so that it is quicker than such a site would be.
"""

from datetime import timedelta
from typing import Any

from django.core.asgi import get_asgi_application
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from tests.bench import django_saving, rows
from tests.bench.django_saving import asking
from tests.bench.django_tables import (
    Assessment,
    Assignment,
    Department,
    Evidence,
    HistoryEvent,
    LocalCriterion,
    NarrativeVersion,
    Response,
    ReviewComment,
    Verdict,
)

NEWS = ("submitted", "taken_back", "verdict_given", "reopened", "report_made")
NEWEST = Verdict.objects.filter(response=OuterRef("pk"), withdrawn_at=None).order_by("-id").values("decision")[:1]


def _run(slug: str) -> Assessment:
    return Assessment.objects.select_related("city").filter(city__slug=slug, state="open").latest("id")


def _city(run: Assessment) -> dict[str, Any]:
    return {"slug": run.city.slug, "name": run.city.name, "assessment": run.name, "due_on": run.due_on}


def _stands(run: Assessment, of: Any = None) -> list[rows.Row]:
    in_use = Q(supports__evidence__withdrawn_at=None)
    responses = Response.objects.filter(assessment=run).annotate(
        decision=Subquery(NEWEST),
        ticked=Count("answers", Q(answers__ticked=True), distinct=True),
        pieces=Count("supports__evidence", in_use, distinct=True),
    )
    found = {response.criterion: response for response in responses}
    tasks = (Assignment.objects if of is None else of).filter(assessment=run).select_related("department")
    return [_row(task, found.get(task.criterion)) for task in tasks]


def _row(task: Assignment, response: Any) -> rows.Row:
    if response is None:
        return rows.row(task.criterion, None, None, None, 0, 0, task.department.name, task.due_on, None)
    return rows.row(
        task.criterion, response.state, response.decision, response.self_rating, response.ticked, response.pieces,
        task.department.name, task.due_on, response.submitted_at,
    )  # fmt: skip


def board(request: HttpRequest, slug: str) -> HttpResponse:
    run = _run(slug)
    departments = [department.name for department in Department.objects.filter(city=run.city).order_by("name")]
    since = timezone.now() - timedelta(days=7)
    events = HistoryEvent.objects.filter(city=run.city, at__gte=since).values_list("verb").annotate(Count("id"))
    news = HistoryEvent.objects.filter(city=run.city, verb__in=NEWS).select_related("by").order_by("-number")[:4]
    told = [(event.verb, event.subject, event.details, event.at, event.by) for event in news]
    page = rows.board(_stands(run), departments, list(events), told)
    return render(request, "board.html", {"city": _city(run), **page})


def criteria(request: HttpRequest, slug: str) -> HttpResponse:
    run = _run(slug)
    page = {"city": _city(run), "groups": rows.groups(_stands(run)), "total": rows.edition().total}
    return render(request, "list.html", page)


def criterion(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    run, asked = _run(slug), rows.edition().criteria[code]
    response = get_object_or_404(Response.objects.select_related("narrative_by"), assessment=run, criterion=code)
    task = get_object_or_404(Assignment.objects.select_related("department", "person"), assessment=run, criterion=code)
    answers = {answer.item: (answer.ticked, answer.version) for answer in response.answers.all()}
    supports = list(response.supports.filter(evidence__withdrawn_at=None).select_related("evidence__stored"))
    items: dict[Evidence, list[str]] = {}
    for support in supports:
        items.setdefault(support.evidence, []).append(support.item)
    decided = Response.objects.filter(assessment=run, state="decided").annotate(decision=Subquery(NEWEST))
    wording = LocalCriterion.objects.filter(city=run.city, edition="wwc-2022", criterion=code)
    page = {
        "city": _city(run),
        "criterion": asked,
        "response": _response(response, task),
        "look": rows.LOOKS.get(response.state, rows.LOOKS["met"]),
        "checklist": rows.checklist(code, answers, [support.item for support in supports]),
        "evidence": [_piece(piece, supported) for piece, supported in items.items()],
        "verdicts": Verdict.objects.filter(response=response).select_related("by"),
        "comments": ReviewComment.objects.filter(response=response).select_related("by"),
        "earlier": NarrativeVersion.objects.filter(response=response).select_related("by").order_by("-number"),
        "wording": wording.values_list("official_wording"),
        "linked": rows.linked(code, {other.criterion for other in decided if other.decision == "met"}),
    }
    return render(request, "criterion.html", page)


def _response(response: Response, task: Assignment) -> Response:
    response.department, response.person, response.due_on = task.department.name, task.person, task.due_on
    return response


def _piece(piece: Any, items: list[str]) -> Any:
    piece.items = " ".join(items)
    piece.file, piece.size_bytes = (piece.stored.name, piece.stored.size_bytes) if piece.stored else ("", 0)
    return piece


def work(request: HttpRequest, slug: str) -> HttpResponse:
    run, person = _run(slug), asking(request)
    mine = Q(person=person) | Q(department__memberships__membership__person=person)
    told = Verdict.objects.filter(response__assessment=run, withdrawn_at=None).order_by("id")
    reasons = dict(told.values_list("response__criterion", "reason"))
    page = rows.work(_stands(run, Assignment.objects.filter(mine).distinct()), reasons)
    return render(request, "work.html", {"city": _city(run), "who": person.name, **page})


def review(request: HttpRequest, slug: str) -> HttpResponse:
    run = _run(slug)
    waiting = Response.objects.filter(assessment=run, state="submitted").select_related("submitted_by", "claimed_by")
    names = {one.criterion: (one.submitted_by or "", one.claimed_by or "") for one in waiting}
    page = rows.queue(_stands(run), names, list(_departments(run)))
    return render(request, "review.html", {"city": _city(run), **page})


def library(request: HttpRequest, slug: str) -> HttpResponse:
    run = _run(slug)
    found = Evidence.objects.filter(city=run.city, withdrawn_at=None).order_by("-id")
    pieces = list(found.prefetch_related("supports__response")[:50])
    for piece in pieces:
        piece.codes = ",".join(sorted({support.response.criterion for support in piece.supports.all()}))
    page = {"pieces": pieces, "total": found.count(), "departments": _departments(run), "areas": rows.edition().areas}
    return render(request, "library.html", {"city": _city(run), **page})


def _departments(run: Assessment) -> Any:
    return Department.objects.filter(city=run.city).order_by("name").values_list("id", "name")


urlpatterns = [
    path("<slug>/board", board),
    path("<slug>/criteria", criteria),
    path("<slug>/criteria/<code>", criterion),
    path("<slug>/my-work", work),
    path("<slug>/review", review),
    path("<slug>/evidence", library),
    path("<slug>/criteria/<code>/checklist", django_saving.tick),
    path("<slug>/criteria/<code>/narrative", django_saving.text),
    path("<slug>/criteria/<code>/evidence", django_saving.piece),
    path("<slug>/review/<code>/verdict", django_saving.verdict),
    path("<slug>/review/<code>/reopen", django_saving.reopen),
]

application = get_asgi_application()
