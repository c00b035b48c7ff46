"""The YAML of an answer, read for a form and written as neatly as it was found."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    LiteralScalarString,
    SingleQuotedScalarString,
)

from guide.content.problems import Problem
from guide.content.reader import ANSWER_LISTS, ANSWER_TEXTS
from guide.content.yaml_text import read_yaml

Values = Mapping[str, Any]  # text keys: a text; list keys: a list of texts
ORDER = (
    "title", "answer", "more", "facts", "references", "related", "as_of", "review_due",
    "reviewed_by", "reviewed_on", "questions",
)  # fmt: skip
LEFT_OUT = ("more", "as_of")  # where they are empty
BLOCKS = ("answer", "more")
LINES = ("questions",)
SIGNED = ("reviewed_by", "reviewed_on")
MAX_ITEM = 1000  # characters of what an editor put where a text belongs


def values_of(path: Path, file: str) -> tuple[dict[str, Any], list[Problem]]:
    """Every key of an answer's file, empty where it cannot be read; and what is wrong with it."""
    raw, problems = read_yaml(path, file)
    found = raw if isinstance(raw, dict) else {}
    texts = {key: _text(found.get(key, "")) for key in ANSWER_TEXTS}
    lists = {key: _texts(found.get(key, [])) for key in ANSWER_LISTS}
    return {**texts, **lists}, problems


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else []
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


def written(base: str, values: Values) -> str:
    """The text of a file with these values. What is as it was in `base` stays as it was written.

    Args:
        base: the text of the file so far, "" for a new one.
        values: every key of ORDER.
    """
    document = _loaded(base)
    for key in ORDER:
        value = values[key]
        if not value and key in LEFT_OUT:
            document.pop(key, None)
        elif key not in document:
            document.insert(_place(document, key), key, _styled(key, value))
        elif _plain(document[key]) != value:
            _replace(document, key, value)
    stream = io.StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()


def _yaml() -> Any:
    found: Any = YAML()
    found.width = 1_000_000  # a paragraph is a line
    found.preserve_quotes = True
    found.indent(mapping=2, sequence=4, offset=2)
    return found


def _loaded(base: str) -> CommentedMap:
    """A file that cannot be read, or that holds its parts by reference, is written anew."""
    try:
        found = _yaml().load(base)
    except (YAMLError, ValueError, RecursionError):
        return CommentedMap()
    fits = isinstance(found, CommentedMap) and all(map(_is_simple, found.values()))
    return found if fits else CommentedMap()


def _is_simple(value: Any) -> bool:
    """A text, or a list of texts that nothing refers to."""
    if isinstance(value, CommentedSeq):
        nested = any(isinstance(item, list | dict) for item in value)
        return value.anchor.value is None and not nested
    return not isinstance(value, dict)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [str(item).strip() for item in value]
    return str(value).strip()


def _place(document: CommentedMap, key: str) -> int:
    """Before the first of the keys that come after it in ORDER."""
    after = ORDER[ORDER.index(key) + 1 :]
    places = [place for place, other in enumerate(document) if other in after]
    return places[0] if places else len(document)


def _styled(key: str, value: Any) -> Any:
    if key in BLOCKS:
        return LiteralScalarString(f"{value}\n") if value else _scalar(value)
    if not isinstance(value, list):
        return _scalar(value)
    found = CommentedSeq(map(_scalar, value))
    if key not in LINES or not value:
        found.fa.set_flow_style()
    return found


def _scalar(text: str) -> Any:
    """Quoted where YAML would read something else than the text."""
    if not text:
        return DoubleQuotedScalarString("")
    try:
        found = yaml.safe_load(f"- {text}")
    except yaml.YAMLError:
        found = None
    # Dates stand without quotes, as everywhere in data/.
    fits = isinstance(found, list) and str(found[0]) == text and isinstance(found[0], str | date)
    return found[0] if fits else SingleQuotedScalarString(text)


def _replace(document: CommentedMap, key: str, value: Any) -> None:
    old = document[key]
    if isinstance(value, list) and isinstance(old, CommentedSeq) and old and value:
        _change_items(old, value)
        return
    new = _styled(key, value)
    if isinstance(new, LiteralScalarString) and hasattr(old, "comment"):
        new.comment = old.comment  # type: ignore[attr-defined]  # what stands under the text
    document[key] = new


def _change_items(items: CommentedSeq, wanted: Sequence[str]) -> None:
    """In place, so that what stays keeps its quotes and comments."""
    changes = SequenceMatcher(None, _plain(items), list(wanted), autojunk=False).get_opcodes()
    for what, start, end, first, last in reversed(changes):
        if what == "equal":
            continue
        for _ in range(start, end):
            del items[start]
        for offset, text in enumerate(wanted[first:last]):
            items.insert(start + offset, _scalar(text))
