"""What staff type, without the personal details that may stand in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from guide.privacy import remover
from staff.records.words import say


def cleaned(text: str) -> str:
    """Each detail replaced by its kind, such as <NAME>; blanks and line ends as one space."""
    line = " ".join(text.split())
    return remover().clean(line) if line else ""


def typed(request: HttpRequest, text: str) -> str:
    """`cleaned`, and who typed it is told that something was removed."""
    clean = cleaned(text)
    if clean != " ".join(text.split()):
        messages.warning(request, say("notices", "cleaned"))
    return clean
