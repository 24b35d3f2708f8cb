"""Stopping without a failed request: a proxy is told first, and the server stops when the proxy sends nobody any more."""

import time
from types import FrameType

import uvicorn
from fastapi import FastAPI


class DrainingServer(uvicorn.Server):
    """Told to stop, it serves on for `seconds` while `/health` answers 503, then ends what it has begun. Told twice, it stops at once."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, seconds: float) -> None:
        super().__init__(config)
        self._app = app
        self._seconds = seconds
        self._until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.draining = True
        if self._until is None and self._seconds:
            self._captured_signals.append(sig)  # raised again at the end, as by the server itself
            self._until = time.monotonic() + self._seconds
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if self._app.state.draining and self._app.state.worker:
            self._app.state.worker.leave()  # jobs go to others now, not after the last request
        if self._until is not None and time.monotonic() >= self._until:
            self.should_exit = True
        return await super().on_tick(counter)
