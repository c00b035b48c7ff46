"""Who may import whom (design.md), told from the source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("guide", "actions", "staff", "tools", "benchmarks")
BASE = ("guide.content", "guide.privacy", "guide.safety")
MAY = {
    **{package: (package,) for package in BASE},
    "guide.trials": ("guide.trials", *BASE),
    "guide.nlu": ("guide.nlu", "guide.trials", *BASE),
    "guide.store": ("guide.store", "guide.settings", *BASE),
    "guide.channels": (
        "guide.channels", *BASE, "guide.replies", "guide.store", "guide.workarounds",
        "guide.settings", "guide.live", "guide.rollout", "guide.shared", "guide.metrics",
        "guide.logs",
    ),
    "actions": ("actions", "guide.trials", "guide.metrics", *BASE),
    # Staff pages share the tables and the erasing of the store, the encoder, which is ONNX alone,
    # the markup of the channels, and what tells how far a Try is: one way each rather than two.
    # What trains and measures runs beside them, as `python -m guide.learn`.
    "staff": (
        "staff", *BASE, "guide.store", "guide.settings", "guide.nlu.encoder",
        "guide.channels.markup", "guide.learn", "guide.logs", "guide.ports",
    ),
}  # fmt: skip


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def imported(source: str, module: str, is_package: bool = False) -> set[str]:
    """The modules that a source imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".") if is_package else module.split(".")[:-1]
                parents = parts[: len(parts) - (node.level - 1)]
                base = ".".join([*parents, *([base] if base else [])])
            found |= {_module(base, alias.name) for alias in node.names}
        elif isinstance(node, ast.Call):
            found |= _by_name(node)
    return found


def _module(base: str, name: str) -> str:
    """`from guide import replies` imports guide.replies; below that, the package tells enough."""
    return f"{base}.{name}" if "." not in base else base


def _by_name(call: ast.Call) -> set[str]:
    """`import_module("guide.x")` and `__import__("guide.x")`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    if name in {"import_module", "__import__"} and isinstance(first, ast.Constant):
        return {str(first.value)}
    return set()


def modules() -> Iterator[tuple[str, set[str]]]:
    """(module, what it imports) of all our source."""
    for top in OURS:
        for path in sorted((ROOT / top).rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield name, imported(path.read_text(encoding="utf-8"), name, is_package)


MODULES = dict(modules())


Imports = Mapping[str, set[str]]


def not_allowed(modules: Imports, package: str) -> list[str]:
    """What a package imports of ours beyond what it may."""
    return [
        f"{module} imports {target}"
        for module, targets in modules.items()
        if within(module, package)
        for target in sorted(targets)
        if any(within(target, top) for top in OURS)
        and not any(within(target, allowed) for allowed in MAY[package])
    ]


def uses(modules: Imports, package: str, of: str | None = None) -> list[str]:
    """Who imports a package: among the modules of `of`, else among all but its own."""
    return [
        f"{module} imports {target}"
        for module, targets in modules.items()
        if (within(module, of) if of else not within(module, package))
        for target in sorted(targets)
        if within(target, package)
    ]


@pytest.mark.parametrize("package", MAY)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    wrong = not_allowed(MODULES, package)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", ["actions", "staff"])
def test_nobody_imports(package: str) -> None:
    wrong = uses(MODULES, package)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "package", ["guide.content", "guide.privacy", "guide.safety", "guide.trials", "staff"]
)
@pytest.mark.parametrize("rasa", ["rasa", "rasa_sdk"])
def test_staff_tools_can_use_it_without_rasa(package: str, rasa: str) -> None:
    wrong = uses(MODULES, rasa, of=package)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("module", "target", "package"),
    [
        ("guide.content.model", "guide.safety", "guide.content"),
        ("guide.safety", "guide.content.model", "guide.safety"),
        ("guide.nlu.turn", "guide.replies", "guide.nlu"),
        ("guide.nlu.turn", "guide", "guide.nlu"),
        ("guide.store.conversations", "guide.channels.rest", "guide.store"),
        ("guide.channels.rest", "guide.train", "guide.channels"),
        ("actions.trials", "guide.settings", "actions"),
        ("guide.trials.places", "guide.nlu", "guide.trials"),
    ],
)
def test_a_wrong_import_is_found(module: str, target: str, package: str) -> None:
    assert not_allowed({module: {target, "os"}}, package) == [f"{module} imports {target}"]


def test_other_wrong_imports_are_found() -> None:
    modules = {
        "guide.content": {"rasa.core"},
        "guide.chat": {"actions.shared"},
        "actions": {"actions"},
    }
    assert uses(modules, "rasa", of="guide.content") == ["guide.content imports rasa.core"]
    assert uses(modules, "actions") == ["guide.chat imports actions.shared"]
    assert uses({"guide.contents": {"rasa"}}, "rasa", of="guide.content") == []


def test_the_packages_are_found() -> None:
    for package in ("guide.content", "guide.safety", "guide.nlu", "guide.channels", "actions"):
        assert any(within(module, package) for module in MODULES), package
    assert "guide.content.model" in MODULES["guide.content.checks"]
    assert any(within(target, "rasa") for target in MODULES["guide.importer"])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import guide.replies", {"guide.replies"}),
        ("import os, guide.replies as r", {"os", "guide.replies"}),
        ("from guide.replies import nlg", {"guide.replies"}),
        ("from guide import replies, chat", {"guide.replies", "guide.chat"}),
        ("from . import reply", {"guide.store"}),
        ("from .inbox import Inbox", {"guide.store.inbox"}),
        ("from .. import settings", {"guide.settings"}),
        ("from ..replies.nlg import Replies", {"guide.replies.nlg"}),
        ("def f():\n    import actions.trials", {"actions.trials"}),
        ("if TYPE_CHECKING:\n    from staff.models import Turn", {"staff.models"}),
        ("importlib.import_module('actions.shared')", {"actions.shared"}),
        ("__import__('actions')", {"actions"}),
        ("'import actions'  # import actions", set()),
    ],
)
def test_how_imports_are_read(source: str, found: set[str]) -> None:
    assert imported(source, "guide.store.conversations") == found


def test_a_relative_import_of_a_package_is_its_own() -> None:
    assert imported("from . import nlg", "guide.replies", is_package=True) == {"guide.replies"}
    assert imported("from .nlg import a", "guide.replies", is_package=True) == {"guide.replies.nlg"}
