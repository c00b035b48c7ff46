"""What the stand-in of the web API answers: one message of every shape that the widget shows."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]
# Texts that would become code in a page that is careless.
INJECTIONS = (
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "</p><svg onload=window.hacked=1>",
    "{{constructor.constructor('window.hacked=1')()}}",
    "<a href=javascript:window.hacked=1>x</a>",
)
_SOURCE = 'Source: Kaleidoscope Fighting Lupus, "Lupus and CAR T-cell Therapies", as of June 2025.'


def _message(kind: str, *blocks: dict[str, Any], buttons: tuple[str, ...] = ()) -> Message:
    lines = ["".join(span["text"] for span in item) for block in blocks for item in block["items"]]
    judged = kind == "answer"
    return {
        "text": "\n\n".join(lines),
        "blocks": list(blocks),
        "kind": kind,
        "answers": ["cost"] if judged else [],
        "version": "0123456789ab",
        "stored": True,
        "buttons": [{"title": title, "payload": f"signed.{title}"} for title in buttons],
        "feedback": ["signed.Helpful", "signed.Not helpful"] if judged else [],
    }


def _says(text: str, **style: Any) -> dict[str, Any]:
    return {"kind": "paragraph", "items": [[{"text": text, **style}]]}


GREETING = _message(
    "small_talk",
    _says(
        "Hello! I answer questions about CAR T-cell therapy for lupus, from one article by "
        "Kaleidoscope Fighting Lupus. What would you like to know?"
    ),
    _says(
        "For information only, not medical advice. In an emergency call 911 or your local "
        "emergency number. This chat keeps what you write for 180 days; please give no "
        "names.",
        italic=True,
    ),
    buttons=("What is CAR T-cell therapy?",),
)
COST = _message(
    "answer",
    _says("It is expensive. The article gives two ranges:"),
    {
        "kind": "bullets",
        "items": [
            [
                {"text": "$375,000 to $475,000", "bold": True},
                {"text": " for a one-time infusion, by estimates from cancer patients."},
            ],
            [
                {"text": "$375,000 to $425,000", "bold": True},
                {"text": " as the treatment cost in the U.S. ("},
                {"text": "EurekAlert!", "href": "https://www.eurekalert.org/"},
                {"text": ", 2024). This leaves out the hospital stay and supportive care."},
            ],
        ],
    },
    _says(_SOURCE, italic=True),
    buttons=("What could the whole bill come to?", "Will insurance pay for it?"),
)
OTHER = _message(
    "answer",
    _says("Early results in people with severe lupus are strong."),
    _says(_SOURCE, italic=True),
)
EMERGENCY = _message(
    "emergency",
    _says("Call 911 now: this may be an emergency.", bold=True),
    _says("Do not wait, and do not drive yourself. No person is reading this chat."),
)
PERSONAL = _message(
    "personal_advice",
    _says("That is a question about you, and it deserves an answer from a doctor."),
)
FALLBACK = _message("fallback", _says("I am not sure what you mean. Please ask your doctor."))
THANKS = _message("small_talk", _says("Thank you for telling me."))
HOSTILE = {
    **_message("answer", *(_says(text, href="javascript:window.hacked=1") for text in INJECTIONS)),
    "buttons": [{"title": text, "payload": ""} for text in INJECTIONS],
}
LONG = _message(
    "answer", *(_says(f"Paragraph {number}. " + "Words to read. " * 12) for number in range(8))
)
ANSWERS = {
    "cost": COST,
    "stop my prednisone": PERSONAL,
    "chest pain": EMERGENCY,
    "hostile": HOSTILE,
    "everything": LONG,
    "Helpful": THANKS,
    "Not helpful": THANKS,
    "weather": FALLBACK,
}


def reply_to(text: str) -> Message:
    """By a word of the message; an answer to anything else."""
    return next((reply for word, reply in ANSWERS.items() if word in text), OTHER)
