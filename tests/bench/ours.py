"""The app with no page kept, so that every request makes its page anew: what a page costs when something has just changed."""

from fastapi import FastAPI

from app.main import create_app
from app.web.templating import PageCache


def made_anew() -> FastAPI:
    app = create_app()
    app.state.pages = PageCache(most=0)
    return app
