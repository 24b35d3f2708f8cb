"""The four changes of a city hall in Django, each in a transaction with its event in the record."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone

from app.web.cookies import SESSION_COOKIE
from tests.bench.django_tables import (
    ChecklistAnswer,
    City,
    Evidence,
    EvidenceSupport,
    HistoryEvent,
    Person,
    Response,
    ReviewComment,
    SignInSession,
    Verdict,
)

Change = Callable[[HttpRequest, Response, Person], None]


def asking(request: HttpRequest) -> Person:
    """Whoever holds the cookie."""
    token = hashlib.sha256(request.COOKIES[SESSION_COOKIE].encode()).hexdigest()
    session = SignInSession.objects.select_related("person").get(token_hash=token, expires_at__gt=timezone.now())
    return session.person


def _saving(verb: str) -> Callable[[Change], Any]:
    def around(change: Change) -> Any:
        @transaction.atomic
        def view(request: HttpRequest, slug: str, code: str) -> HttpResponse:
            response = get_object_or_404(
                Response.objects.select_related("city"), city__slug=slug, assessment__state="open", criterion=code
            )
            person = asking(request)
            change(request, response, person)
            _record(response.city, person, verb, code)
            return HttpResponseRedirect(request.path.rsplit("/", 1)[0], status=303)

        return view

    return around


def _record(city: City, person: Person, verb: str, code: str) -> None:
    told = HistoryEvent(
        city=city, by=person, number=city.history_count + 1, verb=verb, subject=code, previous_hash=city.history_head, at=timezone.now()
    )  # fmt: skip
    told.hash = hashlib.sha256(f"{told.number} {told.at} {verb} {code} {told.previous_hash}".encode()).hexdigest()
    told.save()
    city.history_count, city.history_head = told.number, told.hash
    city.save()


def _need(current: int, sent: str) -> None:
    if str(current) != sent:
        raise RuntimeError("someone else was first")


@_saving("item_ticked")
def tick(request: HttpRequest, response: Response, _: Person) -> None:
    item = next(name.removeprefix("was.") for name in request.POST if name.startswith("was."))
    answer, _created = ChecklistAnswer.objects.get_or_create(
        response=response, item=item, defaults={"city": response.city}
    )
    _need(answer.version, request.POST[f"version.{item}"])
    answer.ticked, answer.version = f"item.{item}" in request.POST, answer.version + 1
    answer.save()


@_saving("narrative_written")
def text(request: HttpRequest, response: Response, person: Person) -> None:
    _need(response.narrative_version, request.POST["narrative_version"])
    response.narrative, response.narrative_version = request.POST["narrative"], response.narrative_version + 1
    response.narrative_by, response.narrative_at = person, timezone.now()
    response.save()


@_saving("evidence_added")
def piece(request: HttpRequest, response: Response, person: Person) -> None:
    title, note = request.POST["title"], request.POST["note"]
    added = Evidence.objects.create(city=response.city, kind="note", title=title, note=note, created_by=person)
    EvidenceSupport.objects.create(city=response.city, evidence=added, response=response, item=request.POST["item"])


def _move(request: HttpRequest, response: Response, state: str) -> None:
    _need(response.version, request.POST["version"])
    response.state, response.version = state, response.version + 1
    response.save()


@_saving("verdict_given")
def verdict(request: HttpRequest, response: Response, person: Person) -> None:
    _move(request, response, "decided")
    decision, reason = request.POST["decision"], request.POST["reason"]
    Verdict.objects.create(city=response.city, response=response, decision=decision, reason=reason, by=person)


@_saving("reopened")
def reopen(request: HttpRequest, response: Response, person: Person) -> None:
    _move(request, response, "submitted")
    Verdict.objects.filter(response=response, withdrawn_at=None).update(withdrawn_at=timezone.now())
    ReviewComment.objects.create(city=response.city, response=response, text=request.POST["why"], by=person)
