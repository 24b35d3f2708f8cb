"""The Jinja environment of a language, from which pages and reports are made."""

from typing import TypeVar

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.adapters.state_words import STATE_WORDS, STATES
from app.adapters.translations import load_translations, load_translator
from app.rules.independence import INDEPENDENCE, INDEPENDENCE_BRIEFLY
from app.rules.report.title_size import title_size
from app.settings import ROOT

EnvironmentT = TypeVar("EnvironmentT", bound=Environment)


def make_environment(language: str, kind: type[EnvironmentT]) -> EnvironmentT:
    """Templates in a language, with how it writes days and numbers. Autoescape is on for every file name.

    `|tongue` marks an element whose text is in another language, by its code; of one that is not known it says nothing.
    `on_web` tells a template that paper and pages share where it stands.
    """
    env = kind(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,  # all of them: looking one up in a bounded cache moves it among hundreds
    )
    tongue = load_translator(language)
    env.install_gettext_translations(load_translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(
        say=tongue.say, day=tongue.day, moment=tongue.moment, number=tongue.number, percent=tongue.percent,
        month_and_year=tongue.month_and_year, title_size=title_size, language_name=Locale.parse(language).languages.get,
    )  # fmt: skip
    env.filters["tongue"] = lambda code: Markup(' lang="{}"').format(code) if code and code != language else ""
    env.globals.update(
        STATES,
        **STATE_WORDS,
        on_web=False,
        independence=tongue.say(INDEPENDENCE),
        independence_briefly=tongue.say(INDEPENDENCE_BRIEFLY),
    )
    return env
