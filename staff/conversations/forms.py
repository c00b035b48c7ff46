"""What staff say of a conversation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User

from staff.records.models import Conversation
from staff.records.words import choices, say

MAX_NOTE = 2000
MAX_TAG = 50


class NoteForm(forms.Form):
    """A note."""

    text = forms.CharField(
        max_length=MAX_NOTE, label=say("fields", "note"), widget=forms.Textarea(attrs={"rows": 3})
    )


class TagForm(forms.Form):
    """A tag: a word or a few."""

    tag = forms.CharField(
        max_length=MAX_TAG,
        label=say("fields", "tag"),
        widget=forms.TextInput(attrs={"list": "known-tags"}),
    )


class ReviewForm(forms.Form):
    """How far the review is, and whose it is."""

    state = forms.ChoiceField(choices=choices("states"), label=say("fields", "state"))
    assigned = forms.ChoiceField(required=False, label=say("fields", "assigned"))
    flagged = forms.BooleanField(required=False, label=say("fields", "flagged"))

    def __init__(self, conversation: Conversation, data: Any = None) -> None:
        """Shows the conversation as it is; who it belongs to may not be an account any more."""
        kept = {name: getattr(conversation, name) for name in ("state", "assigned", "flagged")}
        super().__init__(data, initial=kept, prefix="review", label_suffix="")
        active = User.objects.filter(is_active=True).order_by("username")
        names = {*active.values_list("username", flat=True), conversation.assigned} - {""}
        people = [("", say("choices", "nobody")), *((name, name) for name in sorted(names))]
        field = self.fields["assigned"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells mypy its type
        field.choices = people
