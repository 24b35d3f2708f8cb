"""Steps that a form asks for: what stands in the way of one is said on the page that it began from, with what was typed.

A handler takes its step inside `with form_again(ask, form, template, build):` and leads on after it; each noun has its own short name for
the page that it shows again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from starlette.responses import Response

from app.rules.errors import CityReadyError, CorrectableProblem, Invalid
from app.web.access import Visit
from app.web.forms import TypedForm
from app.web.templating import show_page_again

Problems = type[CityReadyError] | tuple[type[CityReadyError], ...]


class StepNotTaken(Exception):
    """A step that did not work, with the answer to whoever asked for it. It ends the transaction as any other error does."""

    def __init__(self, reply: Response) -> None:
        super().__init__(reply.status_code)
        self.reply = reply


@contextmanager
def answer_problems(
    show_problem: Callable[[CityReadyError], Response], problems: Problems = CorrectableProblem
) -> Iterator[None]:
    """Inside it a step is taken; what stands in the way is answered with what `show_problem` makes of it. Raises StepNotTaken."""
    try:
        yield
    except problems as problem:
        raise StepNotTaken(show_problem(problem)) from problem


@contextmanager
def rename_fields(names: Mapping[str, str]) -> Iterator[None]:
    """What is wrong with these fields is said at the fields of these other names: where a page has several forms with a field of one name."""
    try:
        yield
    except Invalid as problem:
        raise Invalid({names.get(name, name): said for name, said in problem.fields.items()}) from problem


def form_again(
    visit: Visit,
    form: TypedForm | Mapping[str, Any],
    template: str,
    build: Callable[[], Any],
    problems: Problems = CorrectableProblem,
    /,
    **more: Any,
) -> AbstractContextManager[None]:
    """Inside it a step is taken; what stands in the way is said on this page, with what was typed: the form, or of a page without one, just that."""
    typed_values = form.kept if isinstance(form, TypedForm) else form
    return answer_problems(
        lambda problem: show_page_again(visit, typed_values, template, build, problem, **more), problems
    )
