"""How values of the guide's tables are shown; every template has these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from django import template
from django.utils.timezone import localtime

from guide.channels.markup import BREAK, Span
from staff.records.words import MAX_SHOWN, word_of

register = template.Library()


@register.filter
def when(seconds: float | None) -> datetime | None:
    """Seconds since 1970 as a date and time of the site's time zone."""
    if seconds is None:
        return None
    try:
        return localtime(datetime.fromtimestamp(seconds, timezone.utc))
    except (ValueError, OverflowError, OSError, TypeError):  # a row of somebody else's
        return None


@register.filter
def percent(share: float | None) -> str:
    """0.123 as "12 %"; "–" for None."""
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


@register.filter
def words(name: object, group: str) -> str:
    """The words of staff/words.yml: `{{ turn.kind|words:"kinds" }}`."""
    return word_of(group, name)


@register.filter
def is_break(span: Span) -> bool:
    """Whether a stretch of what the guide said is a line break (see records/said.html)."""
    return span == BREAK


@register.filter
def title_of(answer: str, titles: Mapping[str, str]) -> str:
    """The title of an answer; of one that is gone its id, cut to 60 characters."""
    return titles.get(answer, answer[:MAX_SHOWN])
