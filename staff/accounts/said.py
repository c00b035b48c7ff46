"""Messages after a deed: staff/accounts/words.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from django.contrib import messages
from django.http import HttpRequest

FILE = Path(__file__).with_name("words.yml")


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, str]]:
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {id_: (level, words) for id_, (level, words) in read.items()}


def say(request: HttpRequest, id_: str, **values: str) -> None:
    """Show these words on the next page. KeyError: no such id, or a value is lacking."""
    level, words = _words()[id_]
    messages.add_message(request, messages.DEFAULT_LEVELS[level.upper()], words.format(**values))
