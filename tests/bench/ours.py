"""The app with no page kept and nothing of what pages are made from, so that every request makes its page anew.

Pieces of HTML that are kept by what they say are still kept: a change ends none but its own.
"""

from fastapi import FastAPI

from app.main import create_app
from app.services.kept import KeptResults
from app.settings import Settings
from app.web.page_cache import PageCache


def made_anew(settings: Settings | None = None) -> FastAPI:
    app = create_app(settings)
    app.state.pages = PageCache(most=0)
    app.state.site.kept = KeptResults(app.state.site.database, most=0)
    return app
