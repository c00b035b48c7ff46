"""The traps of the article (article-notes.md): what an answer must say, and must never say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from guide.content import DATA, Answer, Content, month_words
from guide.content.examples import words_of
from guide.content.plain_words import plain

ARTICLE = DATA.parents[1] / "shared" / "article.txt"
RANGES = ("$375,000 to $475,000", "$375,000 to $425,000")
NEGATION = r"\b(?:no|not|none|never|nothing|n't)\b|n't\b"
RUN = 8  # words in a row that count as copied


def shown(answer: Answer) -> str:
    """All that a patient can get to read of an answer."""
    return plain(f"{answer.answer}\n\n{answer.more}")


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part]


def test_cost_gives_both_ranges_and_what_each_leaves_out(project: Content) -> None:
    cost = [a for a in project.answers.values() if "$375,000" in shown(a)]
    assert {answer.id for answer in cost} >= {"cost", "total_cost"}
    for answer in cost:
        text = shown(answer)
        assert all(amount in text for amount in RANGES), answer.id
        for left_out in ("labs", "hospital monitoring", "hospital stay", "supportive care"):
            assert left_out in text.lower(), (answer.id, left_out)
        assert "cancer patients" in text, answer.id
        assert "EurekAlert!" in text, answer.id


def test_no_other_sum_is_told(project: Content) -> None:
    told = {s for a in project.answers.values() for s in re.findall(r"\$[\d.,]*\d", shown(a))}
    assert told == {"$375,000", "$425,000", "$475,000", "$1"}


def test_a_million_is_only_possible(project: Content) -> None:
    told = [answer for answer in project.answers.values() if "$1 million" in shown(answer)]
    assert told
    for answer in told:
        assert "possibly" in shown(answer).lower().split("$1 million")[0], answer.id
        for sentence in sentences(shown(answer)):
            assert "$1 million" not in sentence or "possibly" in sentence.lower(), answer.id


@pytest.mark.parametrize("id_", ["icans", "crs", "infections", "new_cancers", "side_effects"])
def test_a_risk_is_dated_attributed_and_left_to_the_care_team(project: Content, id_: str) -> None:
    answer = project.answers[id_]
    month = month_words(answer.as_of)
    assert month in sentences(re.sub(r"^(?:Yes|No)\.\s*", "", plain(answer.answer)))[0]
    assert re.search(r"according to the article|the article", answer.answer, re.IGNORECASE)
    assert re.search(r"\b(?:ask|check|talk|speak)\b[^.]*\bcare team\b", answer.answer, re.I)


@pytest.mark.parametrize("id_", ["icans", "new_cancers", "side_effects"])
def test_no_risk_is_said_not_to_exist(project: Content, id_: str) -> None:
    never = r"does not happen|cannot happen|\bnever (?:happen|cause|occur)|no risk|\bis safe\b"
    for sentence in sentences(shown(project.answers[id_])):
        denied = re.search(never, sentence, re.IGNORECASE)
        assert not denied or re.search(r"not mean", sentence)


def test_mild_is_not_uncommon(project: Content) -> None:
    for answer in project.answers.values():
        for sentence in sentences(shown(answer)):
            if re.search(r"\bCRS\b|cytokine", sentence):
                assert not re.search(r"\b(?:rare|rarely|uncommon|unlikely)\b", sentence), answer.id


def test_results_are_early_and_small_and_without_a_number_of_patients(project: Content) -> None:
    text = plain(project.answers["results"].answer)
    assert re.search(r"\bearl(?:y|iest)\b", text)
    assert re.search(r"\bsmall\b", text)
    assert re.search(
        r"(?:does not|doesn't) (?:say|tell|give|name|state)[^.]*"
        r"(?:how many|number of) (?:patients|people)",
        text,
    )


@pytest.mark.parametrize("claim", [r"almost all", r"100\s?%"])
def test_no_result_stands_without_its_size(project: Content, claim: str) -> None:
    told = [
        (answer.id, sentence)
        for answer in project.answers.values()
        for sentence in sentences(shown(answer))
        if re.search(claim, sentence, re.IGNORECASE)
    ]
    assert told
    for id_, sentence in told:
        assert "small" in sentence, id_


def test_the_target_is_b_cells_and_not_cancer_cells(project: Content) -> None:
    text = plain(project.answers["target_cells"].answer)
    assert re.search(r"\bB cells\b", text)
    about_cancer = [sentence for sentence in sentences(text) if "cancer" in sentence.lower()]
    assert about_cancer
    assert all(re.search(NEGATION, sentence) for sentence in about_cancer)


def test_no_graft_versus_host_rate_is_claimed_for_donor_cells(project: Content) -> None:
    assert "graft-versus-host" in shown(project.answers["rejection"])
    for answer in project.answers.values():
        for sentence in sentences(shown(answer)):
            if "graft-versus-host" not in sentence.lower():
                continue
            untold = re.search(r"article[^.]*(?:not|no)\b", sentence)
            assert untold or "donor" not in sentence.lower(), answer.id
            assert not re.search(r"higher|common|%", sentence), answer.id


def test_stopping_medicine_is_no_advice(project: Content) -> None:
    warning = r"(?:do not|don't|never) (?:stop|start|change)[^.]*medicine[^.]*doctor"
    assert re.search(warning, plain(project.answers["drug_free"].answer), re.IGNORECASE)


def test_easier_than_now_stands_beside_the_risks(project: Content) -> None:
    assert re.search(r"\brisks?\b", plain(project.answers["easier_than_now"].answer))


def test_the_common_side_effects_are_not_all_called_common(project: Content) -> None:
    text = plain(project.answers["side_effects"].answer)
    assert "common" not in text.lower() or "article" in text.lower()
    for sentence in sentences(shown(project.answers["side_effects"])):
        if re.search(r"\bcommon\b", sentence):
            assert "article" in sentence


def test_names_are_spelled_right(project: Content) -> None:
    citations = " ".join(reference.citation for reference in project.references.values())
    assert "Nature Medicine" in citations
    assert re.search(r"\bCabaletta Bio\b", citations)
    facts = [fact.text for fact in project.article.facts.values()]
    answers = [answer.title + shown(answer) for answer in project.answers.values()]
    for text in (citations, *facts, *answers):
        assert not re.search(r"Natural Medicine|Cabaletta Biological|NEMJ", text)


def test_lost_links_and_hidden_addresses_are_not_given(project: Content) -> None:
    for answer in project.answers.values():
        assert not re.search(r"\S@\S|email protected", answer.answer + answer.more), answer.id


# No answer copies the article.


def names(project: Content, article: str) -> list[str]:
    """Names, titles and links: they can only be written one way."""
    capital = re.compile(r"\b[A-Z][a-z]{2,}")
    parts = [p for r in project.references.values() for p in re.split(r"[.;]", r.citation)]
    return [
        *(term for term in project.terms if capital.search(term)),
        *parts,
        *(q for q in re.findall(r"“([^“”\n]{,80})”", article) if len(capital.findall(q)) > 2),
        project.article.title,
        project.article.author,
    ]


def without_names(text: str, named: Iterable[str]) -> list[str]:
    """The words of a text, each name and link as one "_"."""
    joined = f" {' '.join(words_of(re.sub(r'https?://[^ )]+', ' ', text)))} "
    for words in sorted((words_of(name) for name in named), key=len, reverse=True):
        if words:
            joined = joined.replace(f" {' '.join(words)} ", " _ ")
    return joined.split()


def copied(text: list[str], article: list[str], least: int = RUN) -> Iterator[str]:
    """The longest runs of words that stand in the article too; names do not count."""
    source = f" {' '.join(article)} "
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and f" {' '.join(text[start : end + 1])} " in source:
            end += 1
        if sum(word != "_" for word in text[start:end]) >= least:
            yield " ".join(text[start:end])
            start = end
        else:
            start += 1


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article's text is not at hand")
def test_nothing_is_copied_from_the_article(project: Content) -> None:
    article = ARTICLE.read_text(encoding="utf-8")
    named = names(project, article)
    source = without_names(article, named)
    texts = {fact.id: [fact.text] for fact in project.article.facts.values()}
    texts |= {a.id: [a.title, plain(a.answer), plain(a.more)] for a in project.answers.values()}
    found = [
        f"{id_}: {run}"
        for id_, parts in texts.items()
        for part in parts
        for run in copied(without_names(part, named), source)
    ]
    assert not found, "\n".join(found)


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article's text is not at hand")
def test_a_copied_sentence_would_be_found(project: Content) -> None:
    article = ARTICLE.read_text(encoding="utf-8")
    named = names(project, article)
    source = without_names(article, named)
    long = [s for s in sentences(article) if len(without_names(s, named)) > 2 * RUN]
    assert len(long) > 20
    for sentence in long:
        text = without_names(f"We say: {sentence.upper()} And more.", named)
        assert list(copied(text, source)), sentence


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("x a b c d y", ["a b c d"]),
        ("x a b c y", []),
        ("c d e f a b c d", ["c d e f", "a b c d"]),
        ("a b c _ e", []),
        ("_ a b c d", ["a b c d"]),
        ("d c b a", []),
    ],
)
def test_runs_of_copied_words(text: str, runs: list[str]) -> None:
    assert list(copied(text.split(), [*"abcdef_gh"], 4)) == runs


def test_the_article_is_looked_for_beside_the_project() -> None:
    assert Path(__file__).parents[3].parent / "shared" / "article.txt" == ARTICLE
