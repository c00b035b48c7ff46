"""The line for a message in another language, in that language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier


@lru_cache(maxsize=1)
def _identifier(codes: tuple[str, ...]) -> Any:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE)
    identifier.set_languages(list(codes))
    return identifier


def language_line(message: str, lines: Mapping[str, str]) -> str:
    """The line of the likeliest language that has one; "" for English.

    Only asked once the classifier took the message for another language: on short English
    messages a language identifier errs too often to decide that.
    """
    code, _ = _identifier((*sorted(lines), "en")).classify(message)
    return lines.get(code, "")
