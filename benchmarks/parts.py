"""Tells what the parts of a piece of work take, by a clock around each of them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any


class Parts:
    """`seconds` by part; what a part calls counts for the part that is called.

    For work that does one thing at a time: of two tasks at once it could not say whose time it is.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner: list[float] = []  # of each part that is open, what its own parts took

    def around(self, owner: Any, name: str, part: str) -> None:
        """Put the clock around a function or method of a module, class or object."""
        setattr(owner, name, self.timed(getattr(owner, name), part))

    def timed(self, call: Callable[..., Any], part: str) -> Callable[..., Any]:
        """The same function, or coroutine function, with a clock around it."""

        async def awaited(*arguments: Any, **named: Any) -> Any:
            began = self._enter()
            try:
                return await call(*arguments, **named)
            finally:
                self._leave(part, began)

        def called(*arguments: Any, **named: Any) -> Any:
            began = self._enter()
            try:
                return call(*arguments, **named)
            finally:
                self._leave(part, began)

        return awaited if iscoroutinefunction(call) else called

    def _enter(self) -> float:
        self._inner.append(0.0)
        return time.perf_counter()

    def _leave(self, part: str, began: float) -> None:
        seconds = time.perf_counter() - began
        self.seconds[part] += seconds - self._inner.pop()
        if self._inner:
            self._inner[-1] += seconds
