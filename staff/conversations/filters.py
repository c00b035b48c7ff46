"""Which conversations are asked for: a form whose values stand in the page's address."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Exists, Func, OuterRef, Q, QuerySet
from django.utils.timezone import make_aware

from staff.records.models import Tag, Turn, TurnAnswer
from staff.records.titles import titles
from staff.records.words import choices, say

# No account can be named so.
ME, NOBODY = "*me", "*nobody"
MAX_TEXT = 200


class Plain(Func):
    """A column that SQLite looks for by no index."""

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """With the sign that has no other meaning there."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


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

    def review(self) -> Q:
        """What staff must have made of a conversation."""
        found = Q(**_given(state=self.state))
        # A bare boolean column would not be found by its index.
        if self.sample is not None:
            found &= Q(sample__in=[self.sample])
        if self.flagged:
            found &= Q(flagged__in=[True])
        if self.assigned is not None:
            found &= Q(assigned=self.assigned)
        if self.tag:
            found &= Q(pk__in=Tag.objects.filter(tag=self.tag).values("conversation"))
        return found

    def conversations(self) -> Q:
        """What a conversation must be: going on in those days, and as staff left it."""
        going_on = _given(started__lt=self.until, last__gte=self.since, channel=self.channel)
        return Q(**going_on) & self.review()

    def asks_of_turns(self) -> bool:
        """Whether more is asked of a turn than when and where it was."""
        shares = (self.at_least, self.below)
        return bool(self.kind or self.answer or self.feedback or self.text) or shares != (
            None,
            None,
        )

    def among(self, turns: QuerySet[Turn], by_index: bool = True) -> QuerySet[Turn]:
        """Those of some turns that are as asked, in those days.

        Args:
            by_index: False where the turns are those of a few conversations: their own index is
                the best then, and SQLite, which has no statistics, would take another.
        """
        asked = _given(
            kind=self.kind, confidence__gte=self.at_least, confidence__lt=self.below,
            time__gte=self.since, time__lt=self.until, channel=self.channel,
        )  # fmt: skip
        if self.feedback == "any":
            asked["feedback__gte"] = 0
        elif self.feedback:
            asked["feedback"] = int(self.feedback)
        if self.text:
            asked["text__icontains"] = self.text
        shown = TurnAnswer.objects.filter(answer=self.answer)
        if by_index:
            turns = turns.filter(**asked)
            return turns.filter(pk__in=shown.values("turn")) if self.answer else turns
        columns = {name.partition("__")[0] for name in asked}
        turns = turns.alias(**{f"plain_{name}": Plain(name) for name in columns})
        turns = turns.filter(**{f"plain_{name}": value for name, value in asked.items()})
        return turns.filter(Exists(shown.filter(turn=OuterRef("pk")))) if self.answer else turns

    def told(self) -> dict[str, Any]:
        """What is asked for, by name, as JSON can hold it."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value not in (None, "", False)}


def _given(**wanted: Any) -> dict[str, Any]:
    """Of these lookups those that have a value."""
    return {name: value for name, value in wanted.items() if value not in (None, "")}


def _day() -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, widget=widget)


def _percent() -> forms.FloatField:
    return forms.FloatField(required=False, min_value=0, max_value=100)


def _one_of(options: list[tuple[str, str]]) -> forms.ChoiceField:
    any_of_them = ("", say("choices", "any"))
    return forms.ChoiceField(required=False, choices=[any_of_them, *options])


def _own(*names: str) -> list[tuple[str, str]]:
    """(value, words) of choices that stand in no list of the database's names."""
    return [
        (value, say("choices", name)) for value, name in zip(names[::2], names[1::2], strict=True)
    ]


class FilterForm(forms.Form):
    """The fields above the list; read from the page's address."""

    text = forms.CharField(
        required=False, max_length=MAX_TEXT, widget=forms.TextInput(attrs={"type": "search"})
    )
    channel = _one_of(choices("channels"))
    since = _day()
    until = _day()
    kind = _one_of(choices("kinds"))
    answer = forms.CharField(required=False, max_length=100)
    feedback = _one_of([*_own("any", "any_feedback"), *choices("feedback")])
    at_least = _percent()
    below = _percent()
    state = _one_of(choices("states"))
    assigned = forms.CharField(required=False, max_length=150)
    tag = forms.CharField(
        required=False, max_length=50, widget=forms.TextInput(attrs={"list": "known-tags"})
    )
    sample = _one_of(_own("no", "no_samples", "yes", "only_samples"))
    flagged = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The answers of today and the names of today can be chosen, and what is asked for."""
        super().__init__(*args, label_suffix="", **kwargs)
        for name, field in self.fields.items():
            field.label = say("filters", name)
        # An answer or a colleague may be gone since the address was kept.
        self._offer("answer", [*_own("", "any"), *titles().items()])
        names = User.objects.filter(is_active=True).order_by("username")
        people = [(name, name) for name in names.values_list("username", flat=True)]
        own = _own("", "anybody", ME, "me", NOBODY, "nobody")
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
            self.add_error("until", say("choices", "wrong_days"))
        low, high = found.get("at_least"), found.get("below")
        if low is not None and high is not None and high <= low:
            self.add_error("below", say("choices", "wrong_range"))
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
