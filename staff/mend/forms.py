"""The form of an answer: every key of its file but the sign-off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from staff.mend.drafts import ID, exists
from staff.mend.writing import SIGNED, Values

MAX_TEXT, MAX_LINE, MAX_QUESTIONS = 10_000, 300, 100_000
IDS = ("facts", "references", "related")
# What YAML cannot hold, and what it takes for the end of a line.
_CONTROL = re.compile(rf"{yaml.reader.Reader.NON_PRINTABLE.pattern}|[\x85\u2028\u2029]")


def _line(label: str, help_text: str, needed: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=MAX_LINE, required=needed)


def _area(label: str, help_text: str, rows: int, **how: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    limit = {"max_length": MAX_TEXT, **how}
    return forms.CharField(label=label, help_text=help_text, widget=widget, **limit)


class AnswerForm(forms.Form):
    """Texts as they are typed; whether they will do is told by `staff.mend.checking`."""

    title = _line("Title", "A question in the patient's words; it is also a button.", True)
    answer = _area(
        "Answer",
        "Markdown: **bold**, lists with “- ”, [links](https://...); {as_of} is a month.",
        9,
    )
    more = _area("More", "For “tell me more”; may be empty.", 5, required=False)
    facts = _line("Facts", "Numbers of the article's facts that it states, such as F29, F30.")
    references = _line("References", "Ids of the references behind it.")
    related = _line("Related answers", "Ids of at most three answers, offered as buttons.")
    as_of = _line("As of", "A month like 2025-06; empty for the article's own.")
    review_due = _line("Review due", "A date like 2027-05-22.", True)
    questions = _area(
        "Questions", "Messages that ask for this answer, one a line.", 12,
        required=False, max_length=MAX_QUESTIONS,
    )  # fmt: skip

    @staticmethod
    def initial_of(values: Values) -> dict[str, str]:
        """What stands in the fields."""
        ids = {key: ", ".join(values[key]) for key in IDS}
        return {**values, **ids, "questions": "\n".join(values["questions"])}

    def clean(self) -> Mapping[str, Any]:
        """No character that a file cannot hold."""
        for name, text in list(self.cleaned_data.items()):
            if found := _CONTROL.search(text):
                self.add_error(name, f"Holds the control character {found.group()!r}.")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """For the file, without the sign-off."""
        found: dict[str, Any] = {}
        for name in AnswerForm.base_fields:
            text = _plain(self.cleaned_data.get(name))
            if name in IDS:
                found[name] = [part for part in re.split(r"[\s,;]+", text) if part]
            elif name == "questions":
                found[name] = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
            elif name in ("answer", "more"):
                found[name] = "\n".join(line.rstrip() for line in text.strip().split("\n"))
            else:
                found[name] = " ".join(text.split())
        return {**found, **dict.fromkeys(SIGNED, "")}


class NewAnswerForm(AnswerForm):
    """With the id, which is the file's name and never changes."""

    id = _line("Id", "Such as travel_costs. It cannot be changed later.", True)
    field_order = ("id",)

    def clean_id(self) -> str:
        """An id that no answer has."""
        id_ = str(self.cleaned_data["id"]).strip()
        if not ID.fullmatch(id_):
            raise ValidationError("Use 2 to 40 small letters, digits and _, a letter first.")
        if exists(id_):
            raise ValidationError("There is an answer of this id.")
        return id_


def _plain(text: Any) -> str:
    return str(text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


class SignForm(forms.Form):
    """Who looked at the answer, by role, and when."""

    role = _line("Clinician's role", "Such as rheumatologist: a role, no name.", True)
    day = forms.DateField(
        label="Signed off on", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def clean_day(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["day"]
        if day > localdate():
            raise ValidationError("The day has not come yet.")
        return day


class WithdrawForm(forms.Form):
    """Why an answer is withdrawn, and that it is meant."""

    reason = forms.CharField(max_length=500)
    sure = forms.BooleanField()
