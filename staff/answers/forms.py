"""Of which days and in which order answers are listed."""

from __future__ import annotations

from django import forms

from staff.overview.periods import MOST_DAYS, Period, of_days

DAYS = (30, 90, 365)
DEFAULT = 90
ORDERS = (
    ("asked", "Most asked"),
    ("unhelpful", "Least helpful"),
    ("due", "Review due first"),
    ("title", "Title"),
)


class ListForm(forms.Form):
    """Read from the page's address; what cannot be is left at its default."""

    days = forms.IntegerField(required=False, min_value=1, max_value=MOST_DAYS)
    order = forms.ChoiceField(required=False, choices=ORDERS)

    def period(self) -> Period:
        """The last days."""
        self.is_valid()
        return of_days(self.cleaned_data.get("days") or DEFAULT)

    def chosen_order(self) -> str:
        """One of ORDERS."""
        self.is_valid()
        return self.cleaned_data.get("order") or "asked"
