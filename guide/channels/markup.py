"""One Markdown subset, read once, in the form of every channel.

Bold, italic, links, bullet and numbered lists, paragraphs and hard line breaks mean something;
everything else, HTML too, is text as it stands. Rules of the platforms:
https://docs.slack.dev/messaging/formatting-message-text
https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Kind = Literal["paragraph", "bullets", "numbers"]
BULLET, INNER_BULLET = "• ", "– "
ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True)
class Span:
    """A stretch of text of one look; "\\n" alone is a line break. `href` is http(s) or ""."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


Spans = tuple[Span, ...]
BREAK = Span("\n")


@dataclass(frozen=True)
class Block:
    """A paragraph, which has one item, or a list; numbers count from 1."""

    kind: Kind
    items: tuple[Spans, ...]


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """A link of any kind is read as one; `_safe` decides which address is kept."""
        return True


_MARKDOWN = _Markdown("zero").enable(["list", "emphasis", "link", "autolink", "newline", "escape"])
_MARKDOWN.options["maxNesting"] = 100  # deeper text would be dropped


def parse(markdown: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text; () where it has no words."""
    root = SyntaxTreeNode(_MARKDOWN.parse(markdown))
    blocks = (_block(node) for node in root.children)
    return tuple(block for block in blocks if any(block.items))


def _block(node: SyntaxTreeNode) -> Block:
    if node.type == "paragraph":
        return Block("paragraph", (_paragraph(node),))
    if node.type == "bullet_list":
        return Block("bullets", tuple(_item(child) for child in node.children))
    if node.attrs.get("start", 1) == 1:
        return Block("numbers", tuple(_item(child) for child in node.children))
    # "1986. It began." is no list, and a list that goes on elsewhere keeps its numbers.
    return Block("paragraph", (_lines(_listed(node)),))


def _item(node: SyntaxTreeNode) -> Spans:
    """What stands in a list item, each part on its line; a list in a list becomes lines."""
    parts: list[Spans] = []
    for child in node.children:
        parts += [_paragraph(child)] if child.type == "paragraph" else _listed(child)
    return _lines(parts)


def _listed(node: SyntaxTreeNode) -> list[Spans]:
    first = int(node.attrs.get("start", 1))
    marks = (
        INNER_BULLET if node.type == "bullet_list" else f"{number}. "
        for number in range(first, first + len(node.children))
    )
    return [_merged([Span(mark), *_item(n)]) for mark, n in zip(marks, node.children, strict=True)]


def _lines(parts: Iterable[Spans]) -> Spans:
    joined = [span for part in parts if part for span in (BREAK, *part)]
    return tuple(joined[1:])


def _paragraph(node: SyntaxTreeNode) -> Spans:
    return _merged(span for inline in node.children for span in _inline(inline, Span("")))


def _inline(node: SyntaxTreeNode, look: Span) -> Iterator[Span]:
    """The spans of a node inside a look (a span whose text does not count)."""
    for child in node.children:
        if child.type == "hardbreak":
            yield BREAK
        elif child.type == "softbreak":
            yield replace(look, text=" ")
        elif child.type == "strong":
            yield from _inline(child, replace(look, bold=True))
        elif child.type == "em":
            yield from _inline(child, replace(look, italic=True))
        elif child.type == "link":
            yield from _inline(child, replace(look, href=_safe(str(child.attrs["href"]))))
        else:
            yield replace(look, text=child.content)


def _safe(href: str) -> str:
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return href if parts.scheme in {"http", "https"} and parts.hostname else ""


def _merged(spans: Iterable[Span]) -> Spans:
    """Neighbours of one look as one span, line breaks apart."""
    merged: list[Span] = []
    for span in filter(lambda span: span.text, spans):
        last = merged[-1] if merged else BREAK
        if BREAK not in (span, last) and replace(last, text=span.text) == span:
            merged[-1] = replace(last, text=last.text + span.text)
        else:
            merged.append(span)
    return tuple(merged)


def to_web(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """JSON for the widget: keys of a span are there only where they say something."""
    return [
        {"kind": block.kind, "items": [[_as_dict(span) for span in item] for item in block.items]}
        for block in blocks
    ]


def _as_dict(span: Span) -> dict[str, Any]:
    looks = {"bold": span.bold, "italic": span.italic, "href": span.href}
    return {"text": span.text, **{name: value for name, value in looks.items() if value}}


def to_plain(blocks: Sequence[Block]) -> str:
    """Words only; a link is "label (address)"."""
    return _laid_out(blocks, lambda spans: "".join(_linked(*link) for link in _links(spans)))


def _linked(href: str, spans: Spans) -> str:
    label = "".join(span.text for span in spans)
    if not href or _bare(label) == _bare(href):
        return href or label
    return f"{label} ({href})"


def _bare(address: str) -> str:
    return re.sub(r"^https?://|/$", "", address)


def to_telegram(blocks: Sequence[Block]) -> str:
    """HTML with the tags b, i and a."""
    return _laid_out(blocks, lambda spans: _nested(spans, _TELEGRAM))


def _telegram_link(href: str, spans: Spans) -> str:
    label = html.escape("".join(span.text for span in spans), quote=False)
    return f'<a href="{html.escape(href)}">{label}</a>' if href else label


def to_slack(blocks: Sequence[Block]) -> str:
    """Slack's mrkdwn, whose marks do not cross lines."""
    return _laid_out(blocks, lambda spans: "\n".join(map(_slack_line, _split_lines(spans))))


def _slack_line(spans: Spans) -> str:
    line = _nested(spans, _SLACK)
    # At the beginning of a line it would make a quotation.
    return f"{ZERO_WIDTH_SPACE}{line}" if line.startswith("&gt;") else line


def _slack_link(href: str, spans: Spans) -> str:
    label = _slack_text("".join(span.text for span in spans))
    # markdown-it has percent-encoded <, > and | in the address.
    return f"<{html.escape(href, quote=False)}|{label}>" if href else label


# A mark at the border of a word would begin or end a look; inside a word or alone it is text.
_SLACK_MARK = re.compile(r"(?<![^\W_])[*_~`](?!\s)|(?<!\s)[*_~`](?![^\W_])")
# Slack knows no escape for its marks: look-alikes stand for them.
_LOOK_ALIKES = str.maketrans("*_~`", "∗ˍ∼ˋ")


def _slack_text(text: str) -> str:
    shown = _SLACK_MARK.sub(lambda found: found[0].translate(_LOOK_ALIKES), text)
    return html.escape(shown, quote=False)


def _marked(mark: str) -> Callable[[str], str]:
    """Slack wants the mark at the words; spaces stand outside."""
    return lambda text: re.sub(r"\S(?:.*\S)?", lambda words: f"{mark}{words[0]}{mark}", text)


def _apart(pieces: Iterable[str]) -> str:
    """Slack reads *bold* only where no letter touches it: a space of no width stands between."""
    line = ""
    for piece in pieces:
        touching = line[-1:] + piece[:1]
        marked = len(touching) == 2 and ("*" in touching or "_" in touching)
        close = marked and all(c.isalnum() or c in "*_<>" for c in touching)
        line += f"{ZERO_WIDTH_SPACE}{piece}" if close else piece
    return line


@dataclass(frozen=True)
class _Form:
    """How a platform writes what stands in a line."""

    bold: Callable[[str], str]
    italic: Callable[[str], str]
    link: Callable[[str, Spans], str]
    join: Callable[[Iterable[str]], str]


_TELEGRAM = _Form("<b>{}</b>".format, "<i>{}</i>".format, _telegram_link, "".join)
_SLACK = _Form(_marked("*"), _marked("_"), _slack_link, _apart)


def _nested(spans: Spans, form: _Form) -> str:
    """Links inside italic inside bold, so that every mark is closed where it was opened."""
    pieces: list[str] = []
    for bold, run in groupby(spans, lambda span: span.bold):
        inner: list[str] = []
        for italic, links in groupby(run, lambda span: span.italic):
            texts = [form.link(href, linked) for href, linked in _links(links)]
            inner += [form.italic(form.join(texts))] if italic else texts
        pieces += [form.bold(form.join(inner))] if bold else inner
    return form.join(pieces)


def _links(spans: Iterable[Span]) -> Iterator[tuple[str, Spans]]:
    for href, run in groupby(spans, lambda span: span.href):
        yield href, tuple(run)


def _split_lines(spans: Spans) -> list[Spans]:
    lines = groupby(spans, lambda span: span == BREAK)
    return [tuple(line) for is_break, line in lines if not is_break]


def _laid_out(blocks: Sequence[Block], render: Callable[[Spans], str]) -> str:
    return "\n\n".join(
        "\n".join(mark + render(item) for mark, item in zip(marks(block), block.items, strict=True))
        for block in blocks
    )


def marks(block: Block) -> list[str]:
    """What stands before each item of a block."""
    fixed = {"paragraph": "", "bullets": BULLET}
    return [fixed.get(block.kind, f"{number}. ") for number in range(1, len(block.items) + 1)]
