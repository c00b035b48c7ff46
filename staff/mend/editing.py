"""From a filled form to a draft: cleaned, checked, saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guide.privacy import remover
from staff.audit.models import Entry, record
from staff.mend.changes import Piece, changes
from staff.mend.checking import Checked, check
from staff.mend.drafts import draft_path, live_path, name_of, newest_path, save, seen
from staff.mend.forms import IDS, AnswerForm
from staff.mend.writing import ORDER, SIGNED, values_of, written

Difference = list[tuple[str, list[Piece]]]
SAVED, SAME, AS_LIVE = "saved", "same", "live"
# Faults that another file has because of an answer, and the field that made them.
CAUSED_BY = {
    "fact.E010": "facts", "faq.E022": "title", "nlu.E010": "questions", "nlu.E011": "questions",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """An answer's file as it stands: the draft or, without one, the live file."""

    id: str
    values: dict[str, Any]
    text: str
    seen: str
    drafted: bool

    @property
    def differs(self) -> Difference:
        """What the draft changes."""
        return changes(live_values(self.id), self.values)


def standing(answer: str) -> Standing:
    """Read anew."""
    path = newest_path(answer)
    hash_ = seen(answer)
    values, _ = values_of(path, name_of(answer)) if path.is_file() else (blank(), [])
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return Standing(answer, values, text, hash_, draft_path(answer).is_file())


def blank() -> dict[str, Any]:
    """The values of a file that is not there."""
    return {key: [] if key in (*IDS, "questions") else "" for key in ORDER}


def live_values(answer: str) -> dict[str, Any]:
    """What patients are answered from now; blank where the answer is new."""
    path = live_path(answer)
    return values_of(path, name_of(answer))[0] if path.is_file() else blank()


def without_details(values: dict[str, Any], before: Mapping[str, Any]) -> bool:
    """Take personal details out of questions that are new; True where there were any."""
    known = set(before["questions"])
    cleaned = [text if text in known else remover().clean(text) for text in values["questions"]]
    found: bool = cleaned != values["questions"]
    values["questions"] = cleaned
    return found


def put_errors(form: AnswerForm, checked: Checked) -> None:
    """Each error beside its field."""
    for field, problems in checked.by_field().items():
        for one in problems:
            if one.level == "error":
                where = f"{one.key}: " if one.key not in (field, "") else ""
                name = field if field in form.fields else None
                form.add_error(name, f"{where}{one.text} ({one.id})")
    for one in checked.elsewhere:
        if one.level == "error":
            form.add_error(CAUSED_BY.get(one.id), str(one))


def text_of(values: Mapping[str, Any], found: Standing) -> str:
    """The file that these values make of the one that stands."""
    return written(found.text, values)


def tried(values: Mapping[str, Any], found: Standing) -> Checked:
    """The checks of what would be saved."""
    return check(found.id, text_of(values, found))


def keep(user: Any, values: dict[str, Any], found: Standing, opened: str) -> str:
    """Save as a draft without sign-off: SAVED, SAME (nothing was changed) or AS_LIVE.

    Raises:
        ChangedError: somebody saved since the form was opened.
    """
    edited = {key: value for key, value in values.items() if key not in SIGNED}
    if _unsigned(found.values) == edited and opened == found.seen:
        return SAME
    live = live_values(found.id)
    if found.drafted and _unsigned(live) == edited:
        save(found.id, live_path(found.id).read_text(encoding="utf-8"), opened)
        record(user, "took back a draft", found.id)
        return AS_LIVE
    changed = [key for key, _ in changes(found.values, values)]
    save(found.id, text_of(values, found), opened)
    record(user, "edited", found.id, changed=changed)
    return SAVED


def _unsigned(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in SIGNED}


def sign(user: Any, found: Standing, role: str, day: str, opened: str) -> None:
    """Write the sign-off into the draft.

    Raises:
        ChangedError: somebody saved since the page was opened.
    """
    values = {**found.values, "reviewed_by": role, "reviewed_on": day}
    save(found.id, text_of(values, found), opened)
    record(user, "signed off", found.id, role=role, day=day)


def last_edit(answer: str) -> Entry | None:
    """Who changed the draft last, as the audit has it."""
    deeds = ("edited", "signed off", "took back a draft", "discarded a draft")
    return Entry.objects.filter(subject=answer, action__in=deeds).order_by("-pk").first()
