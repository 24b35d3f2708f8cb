"""The Jinja environment of a language, from which pages and reports are made."""

from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.adapters.state_words import STATE_WORDS, STATES
from app.adapters.translations import load_translations, load_translator
from app.rules.independence import INDEPENDENCE, INDEPENDENCE_BRIEFLY
from app.settings import ROOT

EnvironmentT = TypeVar("EnvironmentT", bound=Environment)


def make_environment(language: str, kind: type[EnvironmentT]) -> EnvironmentT:
    """Templates in a language, with how it writes days and numbers. Autoescape is on for every file name."""
    env = kind(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    tongue = load_translator(language)
    env.install_gettext_translations(load_translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(
        say=tongue.say, day=tongue.day, moment=tongue.moment, number=tongue.number, percent=tongue.percent
    )
    env.globals.update(
        STATES,
        **STATE_WORDS,
        independence=tongue.say(INDEPENDENCE),
        independence_briefly=tongue.say(INDEPENDENCE_BRIEFLY),
    )
    return env
