"""The project's content and replies, read once."""

from __future__ import annotations

import pytest

from guide.content import DATA, Content, load
from guide.content.wording import Wording, load_wording
from guide.replies import Replies
from tests.unit.replies.conversation import Conversation


@pytest.fixture(scope="session")
def content() -> Content:
    return load(DATA)


@pytest.fixture(scope="session")
def wording(content: Content) -> Wording:
    return load_wording(DATA, content.article)


@pytest.fixture(scope="session")
def replies() -> Replies:
    return Replies()


@pytest.fixture
def talk(replies: Replies) -> Conversation:
    return Conversation(replies)
