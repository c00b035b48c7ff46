"""What a reader sees of an answer, and how hard it is."""

from __future__ import annotations

import pytest

from guide.content.plain_words import grade, plain, word_count

SIMPLE = "The cells are made in a lab. They go back into the body. This can take some weeks."
HARD = (
    "Notwithstanding considerable methodological heterogeneity, investigators unanimously "
    "characterized manufacturing as extraordinarily complicated."
)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("It is new.", "It is new."),
        ("It is **very** new.", "It is very new."),
        ("**No.** It is new.", "No. It is new."),
        ("See [the list](https://example.org/a-b) now.", "See the list now."),
        ("[**Ask**](https://example.org)", "Ask."),
        # Lists: each item is a sentence.
        ("Risks:\n- fever\n- pain.", "Risks:\nfever.\npain."),
        ("Risks:\n\n  - **fever**: mild\n  - pain?", "Risks:\nfever: mild.\npain?"),
        ("- one\n- two\n\nThe end", "one.\ntwo.\nThe end."),
        # A line break within a paragraph is none for the reader.
        ("It is made\nin a lab.", "It is made in a lab."),
        ("It is made \n  in a\n  lab", "It is made in a lab."),
        ("- made\n  in a lab\n- new", "made in a lab.\nnew."),
        ("One.\n\nTwo", "One.\nTwo."),
        # A hyphen is no list item.
        ("A well-known\n-ish thing", "A well-known -ish thing."),
        ("", ""),
    ],
)
def test_what_a_reader_sees(markdown: str, shown: str) -> None:
    assert plain(markdown) == shown


@pytest.mark.parametrize(
    ("markdown", "count"),
    [
        ("", 0),
        ("It is new.", 3),
        ("- **It** is\n- new", 3),
        ("See [the list](https://example.org/with/many/words).", 3),
        ("CAR T-cell", 3),
        ("It's new", 2),
    ],
)
def test_words_to_read(markdown: str, count: int) -> None:
    assert word_count(markdown) == count


def test_long_words_and_sentences_are_harder() -> None:
    assert grade(SIMPLE, []) < 4
    assert grade(HARD, []) > 15
    assert grade(SIMPLE.replace(". ", " and "), []) > grade(SIMPLE, [])


def test_a_term_of_the_field_counts_as_a_short_word() -> None:
    text = "Chimeric antigen receptor therapy is made in a lab."
    assert grade(text, ["chimeric antigen receptor"]) == grade("It therapy is made in a lab.", [])
    assert grade(text, ["chimeric antigen receptor"]) < grade(text, ["antigen"]) < grade(text, [])


def test_a_term_inside_of_another_word_is_none() -> None:
    assert grade("An autoimmunity.", ["immunity"]) == grade("An autoimmunity.", [])


def test_the_longest_term_comes_first() -> None:
    terms = ["T cells", "CAR T cells"]
    assert grade("CAR T cells are new.", terms) == grade("It are new.", [])
    assert grade("CAR T cells are new.", terms[::-1]) == grade("It are new.", [])


def test_short_lines_make_no_text_plain() -> None:
    assert grade(HARD.replace(" ", "\n"), []) == grade(HARD, [])


def test_a_list_is_plainer_than_one_sentence() -> None:
    items = ["fever and nausea", "pain in the head", "changes in the mind"]
    listed = "There are risks:\n" + "\n".join(f"- {item}" for item in items)
    assert grade(listed, []) < grade(f"There are risks, {', '.join(items)}.", [])


@pytest.mark.parametrize("text", ["...", "**", "!"])
def test_no_words_are_no_hard_words(text: str) -> None:
    assert grade(text, ["lupus"]) <= 8


def test_a_colon_is_a_pause_as_good_as_a_full_stop() -> None:
    text = "The article names some risks: there may be fever and pain in the head."
    assert grade(text, []) == grade(text.replace(":", "."), []) < grade(text.replace(":", ","), [])
