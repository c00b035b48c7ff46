"""How values of the guide's tables are shown; every template has these."""

from __future__ import annotations

from datetime import datetime, timezone

from django import template
from django.utils.timezone import localtime

from staff.records.words import word_of

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
