"""Many people saving one narrative, as a process of its own: `python -m tests.store.writers ADDRESS CITY RESPONSE THREADS TIMES NAME`.

Each thread opens the page, adds its own mark to the text that it saw, and saves, again and again, without trying twice. Prints
JSON: the marks whose saving was confirmed, how many saves were refused, and every error.
"""

import json
import sys
import threading

from app.rules.history.verbs import Verb
from app.store import response, tables  # noqa: F401 (a table needs those that it points to)
from app.store.database.engine import Database
from app.store.history import events


class Writers:
    def __init__(self, address: str, city_id: int, response_id: int) -> None:
        self.database = Database(address)
        self.city_id, self.response_id = city_id, response_id
        self.saved: list[str] = []
        self.refused: list[str] = []
        self.errors: list[str] = []

    def run(self, threads: int, times: int, name: str) -> None:
        start = threading.Barrier(threads)
        writers = [threading.Thread(target=self._write, args=(start, times, f"{name}{n}")) for n in range(threads)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        self.database.close()

    def _write(self, start: threading.Barrier, times: int, name: str) -> None:
        start.wait()
        for number in range(times):
            mark = f"{name}.{number}"
            try:
                (self.saved if self._save(mark) else self.refused).append(mark)
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {error}")

    def _save(self, mark: str) -> bool:
        with self.database.reading() as session:
            seen = response.find_response_by_id(session, self.city_id, self.response_id)
            assert seen
        with self.database.writing() as session:
            response.find_response_by_id(
                session, self.city_id, self.response_id
            )  # a save reads before it writes, as in the services
            text, version = f"{seen.narrative} {mark}", seen.narrative_version
            saved = response.save_narrative(session, self.city_id, self.response_id, version, text, 1)
            if saved:
                events.record_event(session, self.city_id, 1, Verb.NARRATIVE_WRITTEN, mark)
        return saved


if __name__ == "__main__":
    address, city, response_id, threads, times, name = sys.argv[1:]
    writers = Writers(address, int(city), int(response_id))
    writers.run(int(threads), int(times), name)
    print(json.dumps({"saved": writers.saved, "refused": len(writers.refused), "errors": writers.errors}))
