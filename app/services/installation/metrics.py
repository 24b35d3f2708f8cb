"""The state of an installation in figures, for a monitor that comes by every few seconds."""

import shutil
from dataclasses import dataclass

from sqlmodel import Session

from app.rules.installation.job import JobLane, JobState
from app.services.site import Site
from app.store.database.engine import now
from app.store.installation.backup import find_last_backup
from app.store.installation.metrics import count_jobs, measure_database


@dataclass(frozen=True)
class InstallationFigures:
    """Jobs by lane and state, as long as they are kept; the seconds that the oldest open one of a lane has waited; the rest of the house."""

    jobs: dict[tuple[str, str], int]
    oldest_job_seconds: dict[str, float]
    backup_age_seconds: float | None
    database_bytes: int
    disk_free_bytes: int


WAITED_FOR = {JobState.WAITING.value, JobState.RUNNING.value}


def installation_figures(session: Session, site: Site) -> InstallationFigures:
    """Four short queries; nothing in it comes from what people typed."""
    moment, job_counts, backup = now(), count_jobs(session), find_last_backup(session)
    jobs = {(lane.value, state.value): 0 for lane in JobLane for state in JobState}
    oldest = dict.fromkeys([lane.value for lane in JobLane], 0.0)
    for lane, state, count, since in job_counts:
        jobs[lane, state] = count
        if state in WAITED_FOR:
            oldest[lane] = max(oldest.get(lane, 0.0), (moment - since).total_seconds())
    return InstallationFigures(
        jobs,
        oldest,
        (moment - backup.made_at).total_seconds() if backup else None,
        measure_database(session),
        shutil.disk_usage(site.settings.data_dir).free,
    )
