"""What the guide says: answers with their source, proposals, several answers, refusals."""

from guide.replies.nlg import Replies

__all__ = ["Replies"]
