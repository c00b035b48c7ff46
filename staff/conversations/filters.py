"""Which conversations are asked for: a form whose values stand in the page's address."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import make_aware

from staff.records.models import Tag, TurnAnswer
from staff.records.titles import titles
from staff.records.words import choices

# No account can be named so.
ME, NOBODY = "*me", "*nobody"
MAX_TEXT = 200


@dataclass(frozen=True)
class Filters:
    """What a conversation, and one turn of it, must be; an empty value asks for nothing.

    Times are seconds since 1970, `until` the first moment after; shares are from 0 to 1.
    """

    channel: str = ""
    since: float | None = None
    until: float | None = None
    state: str = ""
    assigned: str | None = None  # a user's name, "" for nobody
    tag: str = ""
    flagged: bool = False
    sample: bool | None = None
    kind: str = ""
    answer: str = ""
    at_least: float | None = None
    below: float | None = None
    feedback: str = ""  # "1" helpful, "0" not, "any"
    text: str = ""

    def conversations(self) -> Q:
        """What a conversation must be: going on in those days, and as staff left it."""
        found = _given(channel=self.channel, state=self.state, sample=self.sample)
        found &= _given(started__lt=self.until, last__gte=self.since)
        if self.flagged:
            found &= Q(flagged=True)
        if self.assigned is not None:
            found &= Q(assigned=self.assigned)
        if self.tag:
            found &= Q(Exists(Tag.objects.filter(conversation=OuterRef("pk"), tag=self.tag)))
        return found

    def turns(self) -> Q:
        """What one turn must be; an empty Q where nothing is asked of turns."""
        found = _given(kind=self.kind, confidence__gte=self.at_least, confidence__lt=self.below)
        if self.feedback == "any":
            found &= Q(feedback__isnull=False)
        elif self.feedback:
            found &= Q(feedback=int(self.feedback))
        if self.answer:
            found &= Q(pk__in=TurnAnswer.objects.filter(answer=self.answer).values("turn"))
        if self.text:
            found &= Q(text__icontains=self.text)
        return found

    def turns_in_time(self) -> Q:
        """As `turns`, within the days, the channel and what else the conversation must be."""
        return self.turns() & _given(
            time__gte=self.since, time__lt=self.until, channel=self.channel
        )

    def told(self) -> dict[str, Any]:
        """What is asked for, by name, as JSON can hold it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value not in (None, "", False)}


def _given(**wanted: Any) -> Q:
    """Of these lookups those that have a value."""
    asked = {name: value for name, value in wanted.items() if value not in (None, "")}
    return Q(**asked)


FEEDBACK = [("any", "Any feedback"), *choices("feedback")]
SAMPLES = [("no", "No samples"), ("yes", "Samples only")]


def _day(**how: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, widget=widget, **how)


def _percent(**how: Any) -> forms.FloatField:
    return forms.FloatField(required=False, min_value=0, max_value=100, **how)


def _one_of(group: list[tuple[str, str]], **how: Any) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, choices=[("", "Any"), *group], **how)


class FilterForm(forms.Form):
    """The fields above the list; read from the page's address."""

    text = forms.CharField(
        required=False, max_length=MAX_TEXT, label="Patient's words contain",
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    channel = _one_of(choices("channels"))
    since = _day(label="From")
    until = _day(label="To, that day too")
    kind = _one_of(choices("kinds"), label="Kind of reply")
    answer = forms.CharField(required=False, max_length=100)
    feedback = _one_of(FEEDBACK)
    at_least = _percent(label="Confidence from, %")
    below = _percent(label="Confidence below, %")
    state = _one_of(choices("states"), label="Review")
    assigned = forms.CharField(required=False, max_length=150)
    tag = forms.CharField(
        required=False, max_length=50, widget=forms.TextInput(attrs={"list": "known-tags"})
    )
    sample = _one_of(SAMPLES, label="Samples")
    flagged = forms.BooleanField(required=False, label="Flagged only")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The answers of today and the names of today can be chosen, and what is asked for."""
        super().__init__(*args, **kwargs)
        # An answer or a colleague may be gone since the address was kept.
        self._offer("answer", [("", "Any"), *titles().items()])
        names = User.objects.filter(is_active=True).order_by("username")
        people = [(name, name) for name in names.values_list("username", flat=True)]
        own = [("", "Anybody"), (ME, "Me"), (NOBODY, "Nobody")]
        self._offer("assigned", [*own, *people])

    def _offer(self, name: str, known: list[tuple[str, str]]) -> None:
        asked = str(self.data.get(name, ""))[:150]
        others = [] if asked in dict(known) else [(asked, asked)]
        self.fields[name].widget = forms.Select(choices=[*known, *others])

    def clean(self) -> dict[str, Any]:
        """Ranges that hold nothing are told rather than shown as an empty list."""
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "This day is before the first one.")
        low, high = found.get("at_least"), found.get("below")
        if low is not None and high is not None and high <= low:
            self.add_error("below", "This must be more than where it begins.")
        return found

    def filters(self, user: User) -> Filters:
        """What the fields ask for; `user` is who "me" is. Only for a form that is valid."""
        found = self.cleaned_data
        who = found["assigned"]
        named = {ME: user.get_username(), NOBODY: "", "": None}
        until = found["until"]
        return Filters(
            **{name: found[name] for name in ("channel", "state", "tag", "flagged", "kind")},
            **{name: found[name] for name in ("answer", "feedback", "text")},
            since=_start(found["since"]),
            until=_start(until + timedelta(days=1)) if until else None,
            assigned=named.get(who, who),
            sample={"yes": True, "no": False}.get(found["sample"]),
            at_least=_share(found["at_least"]),
            below=_share(found["below"]),
        )


def _start(day: date | None) -> float | None:
    """The first moment of a day in the site's time zone."""
    return make_aware(datetime.combine(day, time())).timestamp() if day else None


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
