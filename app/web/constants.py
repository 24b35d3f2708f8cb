"""What is the same on every page of a language is worked out when a template is compiled, not each time it is rendered.

Beside it, what Jinja works out again each time for templates that are freer than ours.
"""

from collections.abc import Callable, Mapping, MutableMapping
from enum import StrEnum
from functools import partial
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer


class OneModuleTemplate(Template):
    """A template whose macros are the same for whoever imports them.

    Jinja compares the names of all globals at each import, in case a template was loaded with globals of its own; ours never are.
    A criterion's page has eleven imports.
    """

    def _get_default_module(self, _ctx: Context | None = None) -> Any:
        return super()._get_default_module()


class PlainCallContext(Context):
    """Calls what a template calls as it is: Jinja asks first whether it wants the context, which none of ours does.

    Jinja hands it the variables of the loop and block that it stands in, for what wants the context.
    """

    def call(
        self,
        called: Callable[..., Any],
        /,
        *args: Any,
        _loop_vars: object = None,
        _block_vars: object = None,
        **named: Any,
    ) -> Any:
        return called(*args, **named)


class FoldingEnvironment(Environment):
    """Calls of `folded` with nothing but constants become what they answer, which must depend on nothing else.

    `folded_states` are enums whose members become their values, and `folded_words` what `|say` makes of the names of states, by table.
    `folded_macros` are macros of which that is so, too, with the template that each stands in; no other may bear their names.
    """

    template_class = OneModuleTemplate
    context_class = PlainCallContext
    folded: Mapping[str, Callable[..., Any]] = {}
    folded_states: Mapping[str, type[StrEnum]] = {}
    folded_words: Mapping[str, Mapping[Any, str]] = {}
    folded_macros: Mapping[str, str] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """All names in one dictionary, which each rendering copies; copying Jinja's chain of two takes twenty times as long."""
        return {**self.globals, **d} if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        macros = {} if name in self.folded_macros.values() else self.folded_macros
        called = {macro: partial(self._call_macro, template, macro) for macro, template in macros.items()}
        folding = _Folding({**self.folded, **called}, self.folded_states, self.folded_words)
        template: nodes.Template = folding.visit(parsed)
        return template

    def _call_macro(self, template: str, macro: str, *values: Any) -> Any:
        return getattr(self.get_template(template).module, macro)(*values)


class _Folding(NodeTransformer):
    def __init__(
        self,
        folded: Mapping[str, Callable[..., Any]],
        states: Mapping[str, type[StrEnum]],
        words: Mapping[str, Mapping[Any, str]],
    ) -> None:
        self._folded, self._states, self._words = folded, states, words

    def visit_Getattr(self, getting: nodes.Getattr, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(getting, *args, **kwargs)
        if not isinstance(getting.node, nodes.Name) or getting.node.name not in self._states:
            return getting
        state = self._states[getting.node.name][getting.attr]
        return nodes.Const(state.value, lineno=getting.lineno, environment=getting.environment)

    def visit_Filter(self, said: nodes.Filter, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(said, *args, **kwargs)
        taken = said.node
        if said.name != "say" or not isinstance(taken, nodes.Getitem) or not isinstance(taken.node, nodes.Name):
            return said
        words = self._words.get(taken.node.name)
        if words is None or not isinstance(taken.arg, nodes.Const):
            return said
        return nodes.Const(words[taken.arg.value], lineno=said.lineno, environment=said.environment)

    def visit_Call(self, call: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(call, *args, **kwargs)
        if not isinstance(call.node, nodes.Name) or call.node.name not in self._folded:
            return call
        if (
            call.kwargs
            or call.dyn_args
            or call.dyn_kwargs
            or not all(isinstance(arg, nodes.Const) for arg in call.args)
        ):
            return call
        values = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
        return nodes.Const(self._folded[call.node.name](*values), lineno=call.lineno, environment=call.environment)
