"""Many at once: two hundred writers on one text, and several workers on one queue."""

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from uuid import uuid4

from sqlmodel import select

from app.rules.installation.job import JobKind, JobLane
from app.services.site import Site
from app.settings import ROOT
from app.store import job, response
from app.store.history import events
from app.store.job import Job
from tests.world import World

PROCESSES, THREADS, TIMES = 2, 100, 5


def test_of_two_hundred_people_on_one_narrative_nobody_loses_a_text_that_was_confirmed(
    site: Site, seeded: World, database_url: str
) -> None:
    city, response_id = seeded.alpha.id, seeded.alpha.responses["LC1"]
    with site.database.reading() as session:
        events_before = len(events.list_chain(session, city))
    command = [sys.executable, "-m", "tests.store.writers", database_url, str(city), str(response_id)]
    running = [
        subprocess.Popen([*command, str(THREADS), str(TIMES), name], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in "ab"[:PROCESSES]
    ]
    results = [json.loads(process.communicate(timeout=60)[0]) for process in running]

    assert [error for result in results for error in result["errors"]] == []
    saved = [mark for result in results for mark in result["saved"]]
    refused = sum(result["refused"] for result in results)
    assert refused > 0, "nobody collided, so this showed nothing"
    assert len(saved) + refused == PROCESSES * THREADS * TIMES
    with site.database.reading() as session:
        stored = response.find_response_by_id(session, city, response_id)
        recorded = [event.subject for event in events.list_chain(session, city)[events_before:]]
    assert stored
    assert Counter(stored.narrative.split()[5:]) == Counter(saved)
    assert stored.narrative_version == 1 + len(saved)
    assert Counter(recorded) == Counter(saved)


def test_a_save_from_a_page_that_is_out_of_date_writes_nothing(site: Site, seeded: World) -> None:
    city, response_id = seeded.alpha.id, seeded.alpha.responses["LC1"]
    person = seeded.alpha.people["lead"]
    with site.database.writing() as session:
        assert response.save_narrative(session, city, response_id, 1, "The first text.", person)
        assert not response.save_narrative(session, city, response_id, 1, "The second text.", person)
        assert not response.save_response(session, city, response_id, 99, self_rating="not_met")
    with site.database.reading() as session:
        stored = response.find_response_by_id(session, city, response_id)
        assert stored
        assert (stored.narrative, stored.narrative_version, stored.self_rating) == ("The first text.", 2, "met")


def test_a_page_of_one_city_cannot_save_a_response_of_another(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        assert not response.save_narrative(session, seeded.alpha.id, seeded.beta.responses["LC1"], 1, "Mine.", 1)
        assert not response.save_response(
            session, seeded.alpha.id, seeded.beta.responses["LC1"], 1, self_rating="not_met"
        )


def test_eight_workers_share_a_queue_and_no_job_is_done_twice(site: Site, seeded: World) -> None:
    with site.database.writing() as session:
        expected = [
            job.enqueue_job(session, seeded.alpha.id, JobKind.LOOK_AT_LINK, number=number).id for number in range(40)
        ]
    taken: list[int | None] = []

    def work() -> None:
        while True:
            with site.database.writing() as session:
                found = job.take_job(session, JobLane.LINKS, uuid4().hex)
            if found is None:
                return
            taken.append(found.id)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken, key=str) == sorted(expected, key=str)
    with site.database.reading() as session:
        assert {row.attempts for row in session.exec(select(Job))} == {1}


def test_no_two_advisory_locks_have_the_same_number() -> None:
    """On PostgreSQL they share one list of numbers: whoever waits for another's lock may wait for ever."""
    numbers = [
        number
        for path in (ROOT / "app").rglob("*.py")
        for number in re.findall(r"(?m)^_\w*LOCK = ([\d_]+)$", path.read_text("utf-8"))
    ]
    assert len(numbers) >= 3
    assert len(set(numbers)) == len(numbers)
