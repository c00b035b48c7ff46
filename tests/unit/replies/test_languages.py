"""The honest line, in the language of the message."""

from __future__ import annotations

import pytest

from guide.content.wording import Wording
from guide.replies.languages import language_line

MESSAGES = {
    "es": "¿Cuánto cuesta el tratamiento con células T para el lupus?",
    "fr": "Combien coûte le traitement du lupus par les cellules CAR-T ?",
    "de": "Wie viel kostet die Behandlung und übernimmt die Krankenkasse die Kosten?",
    "pt": "Quanto custa o tratamento e quais são os riscos para mim?",
    "it": "Quanto costa la terapia e quali sono gli effetti collaterali?",
    "pl": "Ile kosztuje leczenie i czy jest bezpieczne?",
    "vi": "Phương pháp điều trị này có giá bao nhiêu?",
    "ru": "Сколько стоит лечение волчанки этими клетками?",
    "ar": "كم تكلفة العلاج بالخلايا التائية؟",
    "hi": "इस इलाज की कीमत कितनी है?",
    "zh": "这种治疗要多少钱？",
    "ja": "この治療はいくらかかりますか？",
    "ko": "이 치료는 비용이 얼마나 드나요?",
}


@pytest.mark.parametrize("code", MESSAGES)
def test_the_line_is_in_the_language_of_the_message(wording: Wording, code: str) -> None:
    assert language_line(MESSAGES[code], wording.languages) == wording.languages[code]


def test_english_needs_no_other_line(wording: Wording) -> None:
    assert language_line("How much does the treatment cost?", wording.languages) == ""


@pytest.mark.parametrize("message", ["", "?", "12", "\U0001f642", "Hoeveel kost het? " * 300])
def test_any_text_gives_a_known_line_or_none(wording: Wording, message: str) -> None:
    assert language_line(message, wording.languages) in {"", *wording.languages.values()}


def test_a_language_without_a_line_takes_none() -> None:
    only = {"es": "Hola."}
    assert language_line(MESSAGES["es"], only) == "Hola."
    assert language_line("How much does the treatment cost?", only) == ""
