"""A stand-in for most peers: the same three pages in Django as its tutorial teaches them, models and templates, over the same rows.

Without sign-in and without middleware, so that it is quicker than such a site would be.
"""

import os
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from tests.bench import rows
from tests.bench.bare import TEMPLATES

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DATABASE"], "CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["tests.bench"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of the benchmark alone",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [TEMPLATES]}],
    USE_TZ=True,
)  # fmt: skip
django.setup()


class Row(models.Model):
    """A table that belongs to the app."""

    class Meta:
        abstract = True
        app_label = "bench"
        managed = False


def _key(to: str, **more: Any) -> "models.ForeignKey[Any]":
    return models.ForeignKey(to, models.DO_NOTHING, null=True, **more)


class City(Row):
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=120)

    class Meta(Row.Meta):
        db_table = "city"


class Department(Row):
    city = _key(City)
    name = models.CharField(max_length=120)

    class Meta(Row.Meta):
        db_table = "department"


class Person(Row):
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name

    class Meta(Row.Meta):
        db_table = "person"


class Assessment(Row):
    city = _key(City)
    name = models.CharField(max_length=120)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10)

    class Meta(Row.Meta):
        db_table = "assessment"


class Assignment(Row):
    assessment = _key(Assessment)
    criterion = models.CharField(max_length=12)
    department = _key(Department)
    person = _key(Person)
    due_on = models.DateField(null=True)

    class Meta(Row.Meta):
        db_table = "assignment"


class Response(Row):
    assessment = _key(Assessment)
    criterion = models.CharField(max_length=12)
    narrative = models.TextField()
    narrative_version = models.IntegerField()
    narrative_by = _key(Person, db_column="narrative_by")
    narrative_at = models.DateTimeField(null=True)
    self_rating = models.CharField(max_length=10, null=True)
    state = models.CharField(max_length=12)
    version = models.IntegerField()
    submitted_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        db_table = "response"


class ChecklistAnswer(Row):
    response = _key(Response, related_name="answers")
    item = models.CharField(max_length=40)
    ticked = models.BooleanField()
    version = models.IntegerField()

    class Meta(Row.Meta):
        db_table = "checklist_answer"


class StoredFile(Row):
    name = models.CharField(max_length=200)
    size_bytes = models.IntegerField()

    class Meta(Row.Meta):
        db_table = "stored_file"


class Evidence(Row):
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    page_pointer = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    visibility = models.CharField(max_length=12)
    stored = _key(StoredFile, db_column="file_id")
    url = models.CharField(max_length=2000)
    link_state = models.CharField(max_length=10)
    note = models.TextField()
    unit = models.CharField(max_length=60)
    baseline_value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    current_value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    published_percent = models.DecimalField(max_digits=9, decimal_places=1, null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        db_table = "evidence"


class EvidenceSupport(Row):
    evidence = _key(Evidence)
    response = _key(Response, related_name="supports")
    item = models.CharField(max_length=40)

    class Meta(Row.Meta):
        db_table = "evidence_support"


class NarrativeVersion(Row):
    response = _key(Response)
    number = models.IntegerField()
    text = models.TextField()
    by = _key(Person, db_column="person_id")
    at = models.DateTimeField()

    class Meta(Row.Meta):
        db_table = "narrative_version"


class LocalCriterion(Row):
    city = _key(City)
    edition = models.CharField(max_length=40)
    criterion = models.CharField(max_length=12)
    official_wording = models.TextField()

    class Meta(Row.Meta):
        db_table = "local_criterion"


class Verdict(Row):
    response = _key(Response)
    decision = models.CharField(max_length=14)
    reason = models.TextField()
    by = _key(Person, db_column="reviewer_id")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Row.Meta):
        db_table = "verdict"


class ReviewComment(Row):
    response = _key(Response)
    text = models.TextField()
    by = _key(Person, db_column="person_id")
    at = models.DateTimeField()

    class Meta(Row.Meta):
        db_table = "review_comment"


class HistoryEvent(Row):
    city = _key(City)
    number = models.IntegerField()
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    details = models.TextField()
    by = _key(Person, db_column="person_id")
    at = models.DateTimeField()

    class Meta(Row.Meta):
        db_table = "history_event"


NEWS = ("submitted", "taken_back", "verdict_given", "reopened", "report_made")
NEWEST = Verdict.objects.filter(response=OuterRef("pk"), withdrawn_at=None).order_by("-id").values("decision")[:1]


def _run(slug: str) -> Assessment:
    return Assessment.objects.select_related("city").filter(city__slug=slug, state="open").latest("id")


def _city(run: Assessment) -> dict[str, Any]:
    return {"slug": run.city.slug, "name": run.city.name, "assessment": run.name, "due_on": run.due_on}


def _stands(run: Assessment) -> list[rows.Row]:
    in_use = Q(supports__evidence__withdrawn_at=None)
    responses = Response.objects.filter(assessment=run).annotate(
        decision=Subquery(NEWEST),
        ticked=Count("answers", Q(answers__ticked=True), distinct=True),
        pieces=Count("supports__evidence", in_use, distinct=True),
    )
    found = {response.criterion: response for response in responses}
    tasks = Assignment.objects.filter(assessment=run).select_related("department")
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


urlpatterns = [
    path("<slug>/board", board),
    path("<slug>/criteria", criteria),
    path("<slug>/criteria/<code>", criterion),
]

application = get_asgi_application()
