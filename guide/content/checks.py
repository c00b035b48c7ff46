"""What must hold across the files: known ids, every fact stated, nothing claimed beyond it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from guide.content.examples import words_of
from guide.content.model import Answer, Content
from guide.content.plain_words import grade, plain, word_count
from guide.content.problems import Problem, unknown
from guide.content.reader import REVIEWED

MAX_WORDS = 90
MAX_GRADE = 8.0
MAX_RELATED = 3
# Each part of the classifier's cross-validation needs one; 100 or more make an answer reliable.
MIN_EXAMPLES = 3
MAX_TITLE = 75  # characters: a Slack button holds no more, and titles are buttons

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w'’-]+", re.MULTILINE)


def check(content: Content, today: date) -> list[Problem]:
    """Every fault of the content that a single file does not show."""
    return [
        *_facts_stated(content),
        *(problem for answer in content.answers.values() for problem in _answer(content, answer)),
        *_titles(content),
        *_questions(content),
        *_reviewed(content),
        *(p for answer in content.answers.values() for p in _review(answer, today)),
    ]


def _file(answer: Answer) -> str:
    return f"faq/{answer.id}.yml"


def _facts_stated(content: Content) -> Iterator[Problem]:
    stated = {fact for answer in content.answers.values() for fact in answer.facts}
    for fact in content.article.facts.values():
        if fact.id not in stated:
            key = f"sections.{fact.section}.{fact.id}"
            yield Problem("article.yml", key, "fact.E010", "is stated by no answer")


def _answer(content: Content, answer: Answer) -> Iterator[Problem]:
    file = _file(answer)
    for key, ids, known, what in (
        ("facts", answer.facts, content.article.facts, "fact"),
        ("references", answer.references, content.references, "reference"),
        ("related", answer.related, content.answers, "answer"),
    ):
        yield from (unknown(file, key, "faq.E010", what, i) for i in ids if i not in known)
    if not answer.facts:
        yield Problem(file, "facts", "faq.E011", "names no fact of the article")
    if len(answer.related) > MAX_RELATED or answer.id in answer.related:
        yield Problem(
            file, "related", "faq.E012", f"holds at most {MAX_RELATED} answers, and not itself"
        )
    if not 0 < len(answer.title) <= MAX_TITLE:
        yield Problem(file, "title", "faq.E013", f"must have 1 to {MAX_TITLE} characters")
    if bool(answer.reviewed_by) != bool(answer.reviewed_on):
        yield Problem(file, "reviewed_on", "faq.E014", "a sign-off needs a role and a date")
    count = len(content.examples.get(answer.id, ()))
    if count < MIN_EXAMPLES:
        what = f"is taught by {count} messages, at least {MIN_EXAMPLES} are needed"
        yield Problem(file, "questions", "faq.E023", what)
    for key in ("answer", "more"):
        yield from _text(content, answer, key)


def _text(content: Content, answer: Answer, key: str) -> Iterator[Problem]:
    file, text = _file(answer), getattr(answer, key)
    if not text:
        if key == "answer":
            yield Problem(file, key, "faq.E015", "is empty")
        return
    if (count := word_count(text)) > MAX_WORDS:
        yield Problem(file, key, "faq.E016", f"has {count} words, at most {MAX_WORDS} are read")
    level = grade(text, content.terms)
    if level > MAX_GRADE:
        yield Problem(
            file, key, "faq.E017", f"reads at grade {level:.1f}, at most {MAX_GRADE:g} is plain"
        )
    yield from _claims(content, answer, key, text)
    if key == "answer":
        yield from _explained(content, answer, text)
        yield from _dated(content, answer, text)


def _claims(content: Content, answer: Answer, key: str, text: str) -> Iterator[Problem]:
    """Numbers and names of an answer stand in its facts (or name the publisher or a source)."""
    article = content.article
    facts = [article.facts[f].text for f in answer.facts if f in article.facts]
    cited = [content.references[r].citation for r in answer.references if r in content.references]
    # 911 is the emergency number; brand and place words that the guide itself is named by.
    allowed = " ".join([*facts, *cited, answer.title, article.publisher, "911", *content.terms])
    shown = plain(text).replace("{as_of}", "")
    numbers = set(_NUMBER.findall(allowed))
    for number in sorted(set(_NUMBER.findall(shown)) - numbers):
        yield Problem(_file(answer), key, "faq.E018", f"{number} stands in none of its facts")
    known = {word.lower() for word in words_of(allowed)}
    for name in sorted(set(_NAME.findall(shown))):
        if not set(words_of(name)) <= known:
            yield Problem(
                _file(answer), key, "faq.E019", f"the name {name!r} stands in none of its facts"
            )


def _explained(content: Content, answer: Answer, text: str) -> Iterator[Problem]:
    """A term of the field is explained in the answer that uses it.

    Longer terms first, each taken out once seen: "CAR T cells" is no use of "T cells".
    """
    shown = plain(text).lower()
    left = shown
    for term in sorted(content.terms, key=len, reverse=True):
        left, uses = re.subn(rf"(?<!\w){re.escape(term.lower())}s?(?!\w)", "_", left)
        wordings = content.terms[term]
        if uses and wordings and not any(wording.lower() in shown for wording in wordings):
            yield Problem(
                _file(answer), "answer", "faq.E020", f"uses {term!r} without explaining it"
            )


def _dated(content: Content, answer: Answer, text: str) -> Iterator[Problem]:
    """A claim that holds only as of its month carries the month before it is made.

    "First sentence" counts a list under it: the month stands before the first full stop that
    ends a claim, so we ask for it in the first two sentences at most where one is a bare "No.".
    """
    facts = (content.article.facts.get(fact) for fact in answer.facts)
    if any(fact and fact.dated for fact in facts):
        first = re.split(r"(?<=[.!?])\**\s+(?=[A-Z*-])", re.sub(r"^\**(No|Yes)\.\s*", "", text))[0]
        if "{as_of}" not in first:
            yield Problem(
                _file(answer), "answer", "faq.E021", "makes a dated claim: say {as_of} at its start"
            )


def _titles(content: Content) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], str] = {}
    for answer in content.answers.values():
        other = seen.setdefault(words_of(answer.title), answer.id)
        if other != answer.id:
            yield Problem(_file(answer), "title", "faq.E022", f"is the title of {other} too")


def _questions(content: Content) -> Iterator[Problem]:
    """A message stands once: a second time it teaches nothing, in two intents it teaches wrong.

    A title is a message too, as it is a button; it may stand among its own answer's questions.
    """
    seen = {words_of(answer.title): id_ for id_, answer in content.answers.items() if answer.title}
    for intent, messages in content.examples.items():
        own = set()
        for message in messages:
            key = words_of(message) or (message,)
            other = seen.setdefault(key, intent)
            if other != intent:
                file = _file_of(content, intent, message)
                yield Problem(file, message, "nlu.E010", f"stands in {other} too")
            elif key in own:
                file = _file_of(content, intent, message)
                yield Problem(file, message, "nlu.E011", "stands twice")
            own.add(key)


def _reviewed(content: Content) -> Iterator[Problem]:
    """Staff teach what an answer is asked by and what is refused, and make no intents."""
    for intent, messages in content.reviewed.items():
        others = len(content.examples[intent]) > len(messages)
        if intent not in content.answers and not (intent.startswith("oos_") and others):
            yield unknown(REVIEWED, intent, "nlu.E012", "answer or kind of refusal", intent)


def _file_of(content: Content, intent: str, message: str) -> str:
    """Where an example stands, as far as the content tells; what staff taught came last."""
    if words_of(message) in {words_of(one) for all_ in content.reviewed.values() for one in all_}:
        return REVIEWED
    answer = content.answers.get(intent)
    return _file(answer) if answer and message in answer.questions else f"nlu ({intent})"


def _review(answer: Answer, today: date) -> Iterator[Problem]:
    if answer.review_due < today:
        yield Problem(
            _file(answer), "review_due", "faq.W001",
            f"review was due on {answer.review_due.isoformat()}", "warning",
        )  # fmt: skip
