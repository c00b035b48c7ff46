"""Reads YAML in which every value an editor writes is text, and says so by line where it is not.

Plain YAML turns `- no` into False, `- 911` into a number and `- Is it: safe?` into a mapping; an
editor who writes a question means the words. Strings, lists and mappings with text keys are all
that content files need, so anything else is a fault with its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from guide.content.problems import Problem

_STRING = "tag:yaml.org,2002:str"
_BOOLEAN = "tag:yaml.org,2002:bool"
_WHOLE = "tag:yaml.org,2002:int"
_DATE = "tag:yaml.org,2002:timestamp"


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 30  # lists and mappings inside each other; far deeper ones would end the process


class _TextLoader(_Loader):
    """A safe loader that collects faults instead of guessing a type."""

    file = ""
    allow_booleans = False
    allow_numbers = False
    problems: list[Problem]

    def fault(self, node: yaml.Node, id: str, text: str) -> None:
        self.problems.append(Problem(self.file, f"line {node.start_mark.line + 1}", id, text))


def _mapping(loader: _TextLoader, node: yaml.MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            loader.fault(key_node, "yaml.E002", f"the key {key!r} must be text")
            continue
        if key in result:
            loader.fault(key_node, "yaml.E003", f"the key {key!r} stands twice")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _not_text(loader: _TextLoader, node: yaml.ScalarNode) -> Any:
    if node.tag == _BOOLEAN and loader.allow_booleans:
        return loader.construct_yaml_bool(node)
    if node.tag == _WHOLE and loader.allow_numbers:
        return loader.construct_yaml_int(node)
    loader.fault(node, "yaml.E004", f"{node.value!r} is no text here; put it in quotes")
    return node.value


_TextLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
# Dates (2027-05-22, 2025-06) are written without quotes and kept as their text.
_TextLoader.add_constructor(_DATE, lambda loader, node: node.value)
for _kind in ("bool", "int", "float", "null"):
    _TextLoader.add_constructor(f"tag:yaml.org,2002:{_kind}", _not_text)


def read_yaml(
    path: Path, file: str, *, allow_booleans: bool = False, allow_numbers: bool = False
) -> tuple[Any, list[Problem]]:
    """Read one file.

    Args:
        path: the file.
        file: its name as problems should give it.
        allow_booleans: accept true and false as such (flags of facts).
        allow_numbers: accept whole numbers as such (settings).

    Returns:
        The value (None when the file cannot be read or is no YAML) and the faults found.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(file, "", "yaml.E005", f"cannot be read: {type(error).__name__}")]
    if control := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = f"line {text.count(chr(10), 0, control.start()) + 1}"
        reason = f"holds the control character {control.group()!r}"
        return None, [Problem(file, line, "yaml.E001", reason)]
    loader = _TextLoader(text)
    loader.file, loader.problems = file, []
    loader.allow_booleans, loader.allow_numbers = allow_booleans, allow_numbers
    try:
        if _too_deep(text):
            reason = f"holds more than {MAX_DEPTH} lists and mappings inside each other"
            return None, [Problem(file, "", "yaml.E001", reason)]
        return loader.get_single_data(), loader.problems
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or "is no YAML"
        return None, [Problem(file, line, "yaml.E001", str(reason))]
    finally:
        loader.dispose()


def _too_deep(text: str) -> bool:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return True
    return False
