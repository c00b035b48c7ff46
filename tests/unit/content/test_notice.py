"""The first ordinary reply carries the notice, an urgent one never uses it up."""

from __future__ import annotations

import pytest

from guide.content.notice import notice_due


@pytest.mark.parametrize(
    ("kinds", "due"),
    [
        ([], True),
        (["urgent"], True),
        (["emergency", "crisis", "urgent"], True),
        (["answer"], False),
        (["small_talk"], False),
        (["emergency", "fallback"], False),
        (["answer", "emergency"], False),
        ([None], False),
    ],
)
def test_when_the_notice_is_due(kinds: list[str | None], due: bool) -> None:
    assert notice_due(kinds) is due
