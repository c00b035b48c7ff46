"""A reply that is too long for one message, as few messages that are not."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

from guide.channels.markup import BREAK, Block, Span, Spans, marks

_TAG = re.compile(r"</?[abi](?: href=\"[^\"]*\")?>")
# Where to split, best first; the "2." of a list ends no sentence.
_BORDERS = [re.compile(border) for border in (r"\n", r"[^\d\s][.!?][\"')\]]*\s", r"\s", r".")]


def telegram_units(rendered: str) -> int:
    """The length of Telegram HTML as Telegram counts it: UTF-16 units without the tags."""
    shown = html.unescape(_TAG.sub("", rendered))
    return len(shown.encode("utf-16-le", "surrogatepass")) // 2


def chunks(
    blocks: Sequence[Block],
    limit: int,
    render: Callable[[Sequence[Block]], str],
    measure: Callable[[str], int] = telegram_units,
) -> list[str]:
    """A reply as few messages: split between blocks, else lines, sentences, words, anywhere.

    Args:
        blocks: the reply.
        limit: how long a message may be, as `measure` counts it.
        render: one of the renderers of guide/channels/markup.py.
        measure: the length of what was rendered.
    """

    def fits(*part: Block) -> bool:
        return measure(render(part)) <= limit

    parts: list[tuple[Block, ...]] = []
    for block in blocks:
        if parts and fits(*parts[-1], block):
            parts[-1] += (block,)
            continue
        rest = block
        while any(rest.items) and not fits(rest):
            head, rest = _cut(_as_lines(rest), fits)
            parts.append((head,))
        parts += [(rest,)] if any(rest.items) else []
    return [render(part) for part in parts]


def _cut(block: Block, fits: Callable[[Block], bool]) -> tuple[Block, Block]:
    """The longest beginning that fits, and the rest; one character at least."""
    spans = block.items[0]
    text = "".join(span.text for span in spans)

    def head(at: int) -> Block:
        return _stretch(spans, 0, len(text[:at].rstrip()))

    for border in _BORDERS:
        ends = [found.end() for found in border.finditer(text)]
        fitting = bisect_left(ends, True, key=lambda at: not fits(head(at)))
        if fitting:
            break
    at = ends[max(0, fitting - 1)]
    return head(at), _stretch(spans, len(text) - len(text[at:].lstrip()), len(text))


def _stretch(spans: Spans, start: int, end: int) -> Block:
    """A paragraph of the characters from start to end."""
    kept, position = [], 0
    for span in spans:
        kept.append(
            replace(span, text=span.text[max(0, start - position) : max(0, end - position)])
        )
        position += len(span.text)
    return Block("paragraph", (tuple(span for span in kept if span.text),))


def _as_lines(block: Block) -> Block:
    """A list as a paragraph with its marks, so that a part of it keeps its numbers."""
    items = zip(marks(block), block.items, strict=True)
    lines = [span for mark, item in items for span in (BREAK, Span(mark), *item)]
    return Block("paragraph", (tuple(lines[1:]),))
