"""What must hold across the files, broken one at a time."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from guide.content import ContentError, load
from guide.content.checks import MAX_TITLE, MAX_WORDS
from tests.unit.content.small_content import TODAY, SmallContent, Told

ARTICLE, CELLS, COST, FEVER = "article.yml", "faq/cells.yml", "faq/cost.yml", "faq/fever.yml"
NLU = "nlu/faq/cells.yml"
WORK, MADE = "The work is done in a lab.", "They are made from T cells, a kind of immune cell."
PRICE = "It costs $375,000, as the Herald reported in 2024."
FEVER_TEXT = "As of {as_of}, the fever was mild in the trials. Please ask your care team."
HARD = (
    "Notwithstanding considerable methodological heterogeneity, investigators unanimously "
    "characterized laboratory manufacturing as extraordinarily complicated."
)
LONG = "A lab is a lab. " * 25


@dataclass(frozen=True)
class Case:
    """An edit and everything that is told for it; no `told`: it is no fault."""

    name: str
    file: str
    old: str
    new: str
    told: tuple[Told, ...] = ()


CASES = (
    # Ids.
    Case("unknown fact", CELLS, "[F1]", "[F1, F77]", (("faq.E010", CELLS, "facts"),)),
    Case("unknown reference", CELLS, "[smith-2024]", "[smith-2042]",
         (("faq.E010", CELLS, "references"),)),
    Case("unknown related", CELLS, "[cost, fever]", "[cost, feever]",
         (("faq.E010", CELLS, "related"),)),
    Case("two unknown ids", CELLS, "[cost, fever]", "[a, b]",
         (("faq.E010", CELLS, "related"), ("faq.E010", CELLS, "related"))),
    Case("related to itself", CELLS, "[cost, fever]", "[cost, cells]",
         (("faq.E012", CELLS, "related"),)),
    Case("too many related", CELLS, "[cost, fever]", "[cost, fever, cost, fever]",
         (("faq.E012", CELLS, "related"),)),
    # Facts.
    Case("a fact stated by nobody", ARTICLE, "  risks:", "    F9: It is new.\n  risks:",
         (("fact.E010", ARTICLE, "sections.basics.F9"),)),
    Case("a fact taken out", CELLS, "[F1]", "[F2]",
         (("fact.E010", ARTICLE, "sections.basics.F1"),)),
    Case("no fact", CELLS, "[F1]", "[]",
         (("fact.E010", ARTICLE, "sections.basics.F1"), ("faq.E011", CELLS, "facts"))),
    # What it is learned from.
    Case("too few messages", COST, "  - price of it please\n", "",
         (("faq.E023", COST, "questions"),)),
    # Length and plainness.
    Case("no answer", CELLS, f"{MADE} {WORK}", "", (("faq.E015", CELLS, "answer"),)),
    Case("too many words", CELLS, WORK, LONG, (("faq.E016", CELLS, "answer"),)),
    Case("too many words in more", COST, "That is all we know.", LONG,
         (("faq.E016", COST, "more"),)),
    Case("too hard", CELLS, WORK, HARD, (("faq.E017", CELLS, "answer"),)),
    Case("too hard in more", COST, "That is all we know.", HARD, (("faq.E017", COST, "more"),)),
    Case("too hard, in short lines", CELLS, WORK, "\n  ".join(HARD.split()),
         (("faq.E017", CELLS, "answer"),)),
    # Terms of the field.
    Case("a term without its explanation", CELLS, ", a kind of immune cell", "",
         (("faq.E020", CELLS, "answer"),)),
    Case("a term in small letters", CELLS, MADE, "They are made from t cells.",
         (("faq.E020", CELLS, "answer"),)),
    Case("a term in bold", CELLS, MADE, "They are made from **T cells**.",
         (("faq.E020", CELLS, "answer"),)),
    Case("a term over two lines", CELLS, MADE, "They are made from T\n  cells.",
         (("faq.E020", CELLS, "answer"),)),
    Case("a term inside of a longer one", CELLS, MADE, "They are CAR T cells."),
    Case("an explanation in other letters", CELLS, MADE, "Kind of immune cell: T cells."),
    Case("a term in the second text", COST, "That is all we know.", "These are T cells."),
    # Numbers and names.
    Case("a number of one's own", CELLS, WORK, "It is done in 12 days.",
         (("faq.E018", CELLS, "answer"),)),
    Case("another sum", COST, PRICE, PRICE.replace("375", "385"), (("faq.E018", COST, "answer"),)),
    Case("a number of another answer's fact", CELLS, WORK, "It costs $375,000.",
         (("faq.E018", CELLS, "answer"),)),
    Case("a number in more", COST, "That is all we know.", "It takes 3 hours.",
         (("faq.E018", COST, "more"),)),
    Case("a number of a cited source", CELLS, WORK, "This was told in 2024."),
    Case("a number in a link's address", CELLS, WORK, "See [this](https://example.org/77)."),
    Case("a number in a link's words", CELLS, WORK, "See [these 77](https://example.org).",
         (("faq.E018", CELLS, "answer"),)),
    Case("the emergency number", CELLS, WORK, "If in need call 911."),
    Case("a name of one's own", CELLS, WORK, "It is done at the Mayo lab.",
         (("faq.E019", CELLS, "answer"),)),
    Case("a name in more", COST, "That is all we know.", "That is what Pfizer says.",
         (("faq.E019", COST, "more"),)),
    Case("a name on a new line", CELLS, WORK, "It is done by\n  Pfizer in a lab.",
         (("faq.E019", CELLS, "answer"),)),
    Case("a name of the facts", COST, PRICE, "So says the Herald."),
    Case("the publisher's name", CELLS, WORK, "Ask the Example House."),
    # Dated claims.
    Case("no month", FEVER, FEVER_TEXT, "The fever was mild.", (("faq.E021", FEVER, "answer"),)),
    Case("the month too late", FEVER, FEVER_TEXT, "The fever was mild. That is as of {as_of}.",
         (("faq.E021", FEVER, "answer"),)),
    Case("the month too late, after bold", FEVER, FEVER_TEXT, "**It was mild.** As of {as_of}.",
         (("faq.E021", FEVER, "answer"),)),
    Case("the month in words", FEVER, FEVER_TEXT, "As of June, the fever was mild.",
         (("faq.E019", FEVER, "answer"), ("faq.E021", FEVER, "answer"))),
    Case("the month after a bare yes", FEVER, FEVER_TEXT, "**Yes.** As of {as_of}, it was mild."),
    Case("the month in the list's lead", FEVER, FEVER_TEXT, "As of {as_of}:\n  - it was mild"),
    Case("the month after its list", FEVER, FEVER_TEXT, "It was mild.\n  - As of {as_of}",
         (("faq.E021", FEVER, "answer"),)),
    # Titles.
    Case("no title", CELLS, "title: What are the new cells?", "title: ''",
         (("faq.E013", CELLS, "title"),)),
    Case("the longest title", CELLS, "What are the new cells?", "A" * MAX_TITLE),
    Case("a title too long", CELLS, "What are the new cells?", "A" * (MAX_TITLE + 1),
         (("faq.E013", CELLS, "title"),)),
    Case("a title twice", FEVER, "Does it give a fever?", "what are the new cells",
         (("faq.E022", FEVER, "title"),)),
    # Sign-offs.
    Case("a sign-off without a date", COST, 'reviewed_by: ""', "reviewed_by: Nurse",
         (("faq.E014", COST, "reviewed_on"),)),
    Case("a date without a sign-off", COST, 'reviewed_on: ""', "reviewed_on: 2026-01-02",
         (("faq.E014", COST, "reviewed_on"),)),
    # Messages.
    Case("a question twice", COST, "how many dollars", "What is the price?!",
         (("nlu.E011", COST, "What is the price?!"),)),
    Case("a question in two answers", FEVER, "will i get hot", "What is the price?",
         (("nlu.E010", FEVER, "What is the price?"),)),
    Case("an example that is a question, too", NLU, "new cells meaning", "What are they?",
         (("nlu.E011", "nlu (cells)", "What are they?"),)),
    Case("an example of another answer", NLU, "new cells meaning", "How many dollars?",
         (("nlu.E010", COST, "how many dollars"),)),
    Case("small talk among the questions", CELLS, "what are they", "hello there",
         (("nlu.E010", "nlu (greet)", "hello there"),)),
    Case("another answer's title", CELLS, "what are they", "how much is it",
         (("nlu.E010", CELLS, "how much is it"),)),
    Case("the own title", CELLS, "what are they", "what are the new cells"),
    Case("a message without words", CELLS, "what are they", "'???'"),
    Case("two of them", CELLS, "what are they\n", "'???'\n  - '???'\n",
         (("nlu.E011", CELLS, "???"),)),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_change(small: SmallContent, case: Case) -> None:
    small.edit(case.file, case.old, case.new)
    assert sorted(small.told()) == sorted(case.told)
    if case.told:
        with pytest.raises(ContentError) as refusal:
            load(small.folder, TODAY)
        assert sorted((p.id, p.file, p.key) for p in refusal.value.problems) == sorted(case.told)
    else:
        assert set(load(small.folder, TODAY).answers) == {"cells", "cost", "fever"}


@pytest.mark.parametrize(("count", "told"), [(MAX_WORDS, False), (MAX_WORDS + 1, True)])
def test_the_most_words(small: SmallContent, count: int, told: bool) -> None:
    small.edit(COST, "That is all we know.", "so " * (count - 1) + "so.")
    assert (("faq.E016", COST, "more") in small.told()) is told


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (CELLS, "[F1]", "[F1, F77]", "names the unknown fact 'F77'"),
        (CELLS, WORK, "It takes 12 days.", "12 stands in none of its facts"),
        (CELLS, WORK, "So says the Mayo lab.", "the name 'Mayo' stands in none of its facts"),
        (CELLS, ", a kind of immune cell", "", "uses 'T cells' without explaining it"),
        (FEVER, FEVER_TEXT, "It was mild.", "say {as_of} at its start"),
        (FEVER, "will i get hot", "what is the price", "stands in cost too"),
        (FEVER, "Does it give a fever?", "How much is it?", "is the title of cost too"),
    ],
)
def test_a_fault_says_what_to_mend(
    small: SmallContent, file: str, old: str, new: str, said: str
) -> None:
    small.edit(file, old, new)
    with pytest.raises(ContentError) as refusal:
        load(small.folder, TODAY)
    assert said in str(refusal.value)


def test_several_faults_are_told_together(small: SmallContent) -> None:
    small.edit(CELLS, "[F1]", "[F77]")
    small.edit(COST, 'reviewed_by: ""', "reviewed_by: Nurse")
    small.edit(FEVER, FEVER_TEXT, "It was mild for 3 days.")
    small.edit(NLU, "new cells meaning", "is there a fever?")
    assert sorted(small.told()) == [
        ("fact.E010", ARTICLE, "sections.basics.F1"),
        ("faq.E010", CELLS, "facts"),
        ("faq.E014", COST, "reviewed_on"),
        ("faq.E018", FEVER, "answer"),
        ("faq.E021", FEVER, "answer"),
        ("nlu.E010", FEVER, "is there a fever"),
    ]
