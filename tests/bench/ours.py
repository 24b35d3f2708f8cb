"""The app with no page kept, so that every request makes its page anew: what a page costs when something has just changed."""

from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from app.web.templating import PageCache


def made_anew(settings: Settings | None = None) -> FastAPI:
    app = create_app(settings)
    app.state.pages = PageCache(most=0)
    return app
