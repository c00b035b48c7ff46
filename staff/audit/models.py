"""Who did what, when. Entries are only ever added."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class NotEditableError(Exception):
    """Somebody tried to change or delete an entry."""


class Entries(models.QuerySet["Entry"]):
    """Adds and reads."""

    def update(self, **_: Any) -> int:
        """Refused."""
        raise NotEditableError

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise NotEditableError


class Entry(models.Model):
    """One deed. `subject` is a conversation's key, an answer, a group: never a patient's words."""

    time = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    # Of the account, "" where there is none: what was typed as a name may be a password.
    name = models.CharField(max_length=150)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=255, default="", blank=True)
    detail = models.JSONField(default=dict)

    objects = Entries.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["time", "id"], name="audit_time"),
            models.Index(fields=["name", "time", "id"], name="audit_name"),
            models.Index(fields=["action", "time", "id"], name="audit_action"),
        )

    @property
    def told(self) -> list[tuple[str, str]]:
        """The detail as pairs of words; [] where it is none."""
        pairs = self.detail.items() if isinstance(self.detail, dict) else ()
        return [(str(name).replace("_", " "), _words(value)) for name, value in pairs]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only once."""
        if self.pk is not None:
            raise NotEditableError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise NotEditableError


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def record(user: Any, action: str, subject: str = "", **detail: Any) -> None:
    """Add an entry.

    Args:
        user: the account; one that is not signed in is named "".
        action: a word, such as "opened", "labelled", "exported", "erased", "withdrew".
        subject: what it was done to.
        detail: numbers and ids, as JSON can hold them.
    """
    known = user if getattr(user, "pk", None) else None
    name = known.get_username() if known else ""
    Entry.objects.create(user=known, name=name, action=action, subject=subject, detail=detail)
