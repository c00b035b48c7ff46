"""A reviewer who edits an answer, and what became of it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from staff.mend.drafts import draft_path
from staff.mend.writing import values_of
from tests.unit.content.small_content import SmallContent

COST = "/mend/of/cost/"


class Editor:
    """A reviewer with a form open."""

    def __init__(self, client: Client, path: str = COST) -> None:
        self.client = client
        self.path = path
        self.open()

    def open(self) -> None:
        """Loads the form as it stands now."""
        context = self.client.get(self.path).context
        self.fields = {**context["form"].initial, "seen": context["seen"]}

    def press(self, do: str = "save", **fields: str) -> Any:
        """Types and presses a button; the answer, followed."""
        self.fields.update(fields)
        known = {name: value for name, value in self.fields.items() if value is not None}
        return self.client.post(self.path, {**known, "do": do}, follow=True)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def live_bytes(small: SmallContent) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in small.folder.rglob("*.yml")}


def drafted(answer: str = "cost") -> dict[str, Any]:
    return values_of(draft_path(answer), answer)[0]
