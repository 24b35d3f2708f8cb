"""What the worker does for letters, again and again."""

import structlog

from app.services.outbox.bundling import bundle_letters
from app.services.outbox.collecting import collect_news, note_dates
from app.services.outbox.sending import queue_letters
from app.services.site import Site

log = structlog.get_logger()

STEPS = (collect_news, note_dates, bundle_letters, queue_letters)


def tend_outbox(site: Site) -> int:
    """Read the history on, bundle what waits, and ask for what is due to be sent; returns how many letters. A step that fails stops none."""
    asked = 0
    for step in STEPS:
        try:
            asked = step(site)
        except Exception as problem:
            log.error("letters could not be prepared", step=step.__name__, exc_info=problem)
            asked = 0
    return asked
