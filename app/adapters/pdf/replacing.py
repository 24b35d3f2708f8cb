"""To put another function in the place of one of WeasyPrint, wherever that one was imported to."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

LIBRARY = "weasyprint"


@contextmanager
def replace_function(old: Callable[..., Any], new: Callable[..., Any]) -> Iterator[None]:
    """While the block runs every module of the library that calls `old` calls `new`."""
    name = old.__name__
    modules = [
        module
        for path, module in list(sys.modules.items())
        if path.split(".")[0] == LIBRARY and vars(module).get(name) is old
    ]
    for module in modules:
        setattr(module, name, new)
    try:
        yield
    finally:
        for module in modules:
            setattr(module, name, old)


@contextmanager
def replace_attribute(owner: Any, name: str, new: Any) -> Iterator[None]:
    """While the block runs the class or module `owner` has `new` under that name."""
    old = vars(owner)[name]
    setattr(owner, name, new)
    try:
        yield
    finally:
        setattr(owner, name, old)
