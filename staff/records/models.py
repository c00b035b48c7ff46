"""The guide's tables as Django sees them; `guide.store.tables` makes them and says what they hold.

Times are seconds since 1970; the template filter `when` shows them.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class Conversation(models.Model):
    """One conversation. Pages show its `key` alone: the id can tell who a patient is."""

    id = models.CharField(primary_key=True, max_length=255)
    key = models.CharField(max_length=16, unique=True, null=True)
    channel = models.CharField(max_length=20)
    started = models.FloatField()
    last = models.FloatField()
    turns = models.IntegerField(default=0)
    slots = models.TextField(default="{}")
    urgent = models.BooleanField(default=False)
    unhelpful = models.BooleanField(default=False)
    sample = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="new")
    flagged = models.BooleanField(default=False)
    assigned = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        managed = False
        db_table = "conversations"


class Turn(models.Model):
    """One message of a patient and the reply to it."""

    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, db_column="conversation", related_name="turn_set"
    )
    time = models.FloatField()
    channel = models.CharField(max_length=20)
    text = models.TextField()
    kind = models.CharField(max_length=20)
    answers = models.TextField(default="[]")
    intent = models.CharField(max_length=255, default="")
    confidence = models.FloatField(null=True)
    scores = models.TextField(default="[]")
    version = models.CharField(max_length=64, default="")
    urgent = models.BooleanField(default=False)
    milliseconds = models.FloatField(null=True)
    feedback = models.IntegerField(null=True)
    reason = models.CharField(max_length=200, default="")
    outcome = models.CharField(max_length=10, default="")
    first_event = models.IntegerField(default=0)
    last_event = models.IntegerField(default=0)

    class Meta:
        managed = False
        db_table = "turns"

    @property
    def answer_ids(self) -> list[str]:
        """The answers that it showed or proposed; [] where the row cannot be read."""
        return [encodable(id_) for id_ in _json_list(self.answers) if isinstance(id_, str)]

    @property
    def best_scores(self) -> list[tuple[str, float]]:
        """The three best scores: (answer or intent, probability)."""
        pairs = [pair for pair in _json_list(self.scores) if isinstance(pair, list)]
        return [
            (encodable(pair[0]), float(pair[1]))
            for pair in pairs
            if len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], int | float)
        ]


def encodable(text: str) -> str:
    """A text out of JSON, whose escapes can name halves of characters, as a page can hold it."""
    return text.encode(errors="replace").decode()


def _json_list(text: str) -> list[Any]:
    try:
        value = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return []
    return value if isinstance(value, list) else []


class TurnAnswer(models.Model):
    """An answer that a turn showed or proposed."""

    pk = models.CompositePrimaryKey("turn", "answer")
    turn = models.ForeignKey(Turn, models.DO_NOTHING, db_column="turn", related_name="shown")
    answer = models.CharField(max_length=100)
    time = models.FloatField()

    class Meta:
        managed = False
        db_table = "turn_answers"


class Event(models.Model):
    """A row of Rasa's own table; `data` is JSON, which another version may have written."""

    sender_id = models.CharField(max_length=255)
    type_name = models.CharField(max_length=255)
    timestamp = models.FloatField(null=True)
    data = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "events"


class Note(models.Model):
    """What a member of staff wrote about a conversation, without personal details."""

    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, db_column="conversation", related_name="note_set"
    )
    time = models.FloatField()
    by = models.CharField(max_length=150)
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "notes"


class Tag(models.Model):
    """A word that staff find conversations by."""

    pk = models.CompositePrimaryKey("conversation", "tag")
    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, db_column="conversation", related_name="tag_set"
    )
    tag = models.CharField(max_length=50)

    class Meta:
        managed = False
        db_table = "tags"


class Label(models.Model):
    """What a message should have been answered with, and the sentence to learn from it."""

    turn = models.OneToOneField(
        Turn, models.DO_NOTHING, db_column="turn", primary_key=True, related_name="label"
    )
    time = models.FloatField()
    by = models.CharField(max_length=150)
    verdict = models.CharField(max_length=20)
    target = models.CharField(max_length=100, default="", blank=True)
    sentence = models.TextField(default="", blank=True)
    approved_by = models.CharField(max_length=150, default="", blank=True)
    rejected_by = models.CharField(max_length=150, default="", blank=True)
    held_out = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "labels"


class Meaning(models.Model):
    """The sentence embedding of a message: 384 float32."""

    turn = models.OneToOneField(
        Turn, models.DO_NOTHING, db_column="turn", primary_key=True, related_name="meaning"
    )
    vector = models.BinaryField()
    encoder = models.CharField(max_length=12, default="")

    class Meta:
        managed = False
        db_table = "meanings"


class Withdrawn(models.Model):
    """An answer in whose place the doctor line stands."""

    answer = models.CharField(primary_key=True, max_length=100)
    time = models.FloatField()
    by = models.CharField(max_length=150)
    reason = models.TextField()

    class Meta:
        managed = False
        db_table = "withdrawn"


class Removal(models.Model):
    """What retention or an erasing removed, in numbers."""

    time = models.FloatField()
    kind = models.CharField(max_length=20)
    conversations = models.IntegerField()
    turns = models.IntegerField()
    events = models.IntegerField()
    seconds = models.FloatField()

    class Meta:
        managed = False
        db_table = "removals"
