"""The filter of the audit."""

from __future__ import annotations

from typing import Any

from django import forms

from staff.audit.queries import NOBODY, Wanted, actions, people


class Filter(forms.Form):
    """A field that cannot be read filters nothing and says so."""

    day = forms.DateField(
        label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Made for each page: accounts and deeds come while the site runs.
        names = [(name, name) for name in people()]
        self._choose("person", [("", "everybody"), *names, (NOBODY, "no account")])
        self._choose("action", [("", "everything"), *((action, action) for action in actions())])
        self.order_fields(["person", "action", "day"])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=name.capitalize(), required=False, choices=choices
        )

    def wanted(self) -> Wanted:
        """What was asked for, as far as it can be read."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(asked.get("person", ""), asked.get("action", ""), asked.get("day"))
