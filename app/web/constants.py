"""What is the same on every page of a language is worked out when a template is compiled, not each time it is rendered."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer


class FoldingEnvironment(Environment):
    """Calls of `folded` with nothing but constants become what they answer, which must depend on nothing else."""

    folded: Mapping[str, Callable[..., Any]] = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template: nodes.Template = _Folding(self.folded).visit(super()._parse(source, name, filename))
        return template


class _Folding(NodeTransformer):
    def __init__(self, folded: Mapping[str, Callable[..., Any]]) -> None:
        self._folded = folded

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
