"""The urgent screen: what must raise the alarm, what must not, and that nothing brings it down."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.safety import Urgent, load_patterns, screen
from guide.safety.screen import _Stretch
from guide.safety.text import pieces

EMERGENCIES = [
    # clear
    "chest pain",
    "my chest is tight and I'm short of breath",
    "I can't breathe",
    "she is having a seizure",
    "my husband collapsed and won't wake up",
    "I think I'm having a stroke",
    "the left side of his face is drooping",
    "I have hives everywhere and my tongue is swollen",
    "worst headache of my life",
    "the bleeding won't stop",
    "he is vomiting blood",
    "my toddler swallowed my prednisone",
    "fever of 39 and I got my CAR T cells five days ago",
    "temp is 102.5, I'm on mycophenolate and shaking with chills",
    "since the infusion he cannot write his name",
    "call an ambulance",
    "emergency",
    "Emergency!!",
    "this is an emergency",
    "911",
    "help me now im dying",
    "my arm went numb, is that a side effect",
    "elephant. on chest.",
    "dizzy, shivering, seeing double",
    "my heart is racing at 170 and I feel dizzy",
    "next thing I know I was on the kitchen floor",
    "he was telling a joke and now nothing comes out of his mouth",
    "she keeps calling me by the wrong name, cells went in on Sunday",
    "he took my blood pressure pills by mistake and is dizzy",
    "I swallowed the whole bottle of tylenol an hour ago",
    "skin coming off after the new drug and blisters in my mouth",
    "watching a film and my chest hurts and I cant breathe",
    # odd, but an emergency
    "elephant sitting on my chest lol",
    "is 911 meant for this? my lips are blue",
    "there's a fist inside my chest squeezing and squeezing",
    "left side of dad's face looks melted and he's dribbling his tea",
    "she's seeing cats that are not there, day 9 after infusion",
    "i mixed up my boxes and took a month of methotrexate in a week",
    "I'm panting like a dog just from sitting here",
    "had a stent in 2015 and now chest pain again tonight",
    "My right arm is numb since an hour. Could that be the infusion?",
    "pressure 75/40 and i'm dizzy",
    # typos, capitals, signs
    "CHST PAIN",
    "i cant breath",
    "i can’t breathe",
    "I CAN NOT BREATHEEEE!!!!",
    "he had a siezure",
    "chest\u200b pa\u200bin",
    "ｃｈｅｓｔ ｐａｉｎ",
    "my throat´s closing up",
    "oxygen is 84,5 and dropping",
]
CRISES = [
    # clear
    "I want to die",
    "i want to kill myself",
    "I feel suicidal",
    "my daughter says she doesn't want to live anymore",
    "they would be better off without me",
    "I have no reason to live",
    "I cut myself again last night",
    "how many pills does it take to die",
    "is there a painless way to go",
    "I do not want to wake up tomorrow",
    "if I wasn't here everybody would sleep better",
    "found fresh cuts on her thigh",
    "he gave away his guitar and says we will manage without him",
    "I wrote letters to the kids, they are in the drawer",
    "I know exactly which pills",
    "she is on the edge of the balcony",
    "I drive past the bridge and keep picturing the jump off it",
    "what happens to my dog if I die this weekend",
    "permanent silence is all I want",
    "I don't think I'll be alive for the results",
    "nobody needs me anymore",
    "he keeps his gun on his lap",
    "been putting a few of my oxycodone aside",
    "no more strength to live",
    "my student posted that he wants to end it",
    "I wish God would take me",
    "the bills are paid and the kids are grown, I can leave now",
    "my family needs a break from me, better for them if I'm gone",
    # odd, but a crisis
    "the rope is ready",
    "this is my last message to anybody",
    "I gave my cat away so she's okay when I'm gone",
    "not suicidal haha. ok i am suicidal",
    "my friend said goodbye in a strange way, she has pills saved up",
    "I have lived long enough. I would like to go now, and I have the means.",
    "i no want live more",
    "I don't want advice. I want to end my life.",
    # typos and disguises
    "sucidal thoughts",
    "i feel suicidle",
    "kms",
    "i want to d1e",
    "i want to k*ll myself",
    "wanna unalive myself",
]
URGENT = [
    "temp 100.8 and i take azathioprine",
    "there is blood in my urine",
    "my port is red and warm",
    "I ran out of prednisone three days ago",
    "exposed to chickenpox and I'm on methotrexate",
    "my legs are swollen since yesterday",
    "painful rash with blisters on one side of my back",
    "I can't keep my medicine down",
    "new rash all over after my infusion yesterday",
    "cough with green phlegm for 4 days, I'm on rituximab",
]
OTHER_LANGUAGES = [
    ("j'ai mal à la poitrine", "emergency", "fr"),
    ("il ne respire plus", "emergency", "fr"),
    ("ma femme ne se réveille pas", "emergency", "fr"),
    ("il crache du sang", "emergency", "fr"),
    ("fièvre à 39,2 trois jours après la perfusion", "emergency", "fr"),
    ("Elle a avalé toute la boîte", "emergency", "fr"),
    ("sa bouche est de travers et il ne peut plus parler", "emergency", "fr"),
    ("au secours", "emergency", "fr"),
    ("je veux mourir", "crisis", "fr"),
    ("je n'ai plus envie de vivre", "crisis", "fr"),
    ("tout le monde serait mieux sans moi", "crisis", "fr"),
    ("ich bekomme keine Luft", "emergency", "de"),
    ("Schmerzen in der Brust", "emergency", "de"),
    ("mein Mann ist bewusstlos", "emergency", "de"),
    ("sie hustet Blut", "emergency", "de"),
    ("Fieber und Schüttelfrost unter Kortison", "emergency", "de"),
    ("er spricht ganz wirr und sein Mundwinkel hängt", "emergency", "de"),
    ("wir brauchen einen Krankenwagen", "emergency", "de"),
    ("ich will nicht mehr leben", "crisis", "de"),
    ("ich möchte sterben", "crisis", "de"),
    ("er hat einen Abschiedsbrief geschrieben", "crisis", "de"),
    ("dor no peito", "emergency", "pt"),
    ("quero morrer", "crisis", "pt"),
    ("non riesco a respirare", "emergency", "it"),
    ("voglio morire", "crisis", "it"),
]
SPANISH = [
    ("me duele el pecho", "emergency"),
    ("no puedo respirar", "emergency"),
    ("No despierta mi mamá", "emergency"),
    ("tiene fiebre de 39 después de la infusión", "emergency"),
    ("tomé todas mis pastillas", "emergency"),
    ("tome todas mis pastillas", "emergency"),
    ("me quiero morir", "crisis"),
    ("ya no quiero vivir", "crisis"),
    ("pienso en suicidarme", "crisis"),
    ("dejé las cartas para mis hijos", "crisis"),
    ("no me busquen, ya viví", "crisis"),
]
HARMLESS = [
    # questions about a thing
    "does CAR T cause seizures?",
    "is fever a side effect",
    "what happens if I get a fever afterwards?",
    "how often do patients pass out",
    "what share of patients had seizures",
    "can you die from it",
    "are suicidal thoughts a side effect of prednisone",
    "what should a person do after taking two pills by mistake?",
    "what are the signs of a stroke",
    "heard a guy couldn't write his name after it, is that known",
    "is it gentler than methotrexate, which makes people vomit",
    "est-ce que la perfusion provoque de la fièvre ?",
    "Verursacht die Therapie Krampfanfälle?",
    # denied
    "je n'ai pas mal à la poitrine",
    "keine Schmerzen in der Brust, nur eine Frage",
    "no chest pain, just wondering",
    "I don't have a fever",
    "I'm not suicidal, only tired of forms",
    "I don't want to die, I want to know what this treatment is",
    # long over
    "I had a stroke in 2009, would I qualify?",
    "had seizures as a child, none since",
    "my heart attack was twelve years ago",
    "my mother died of a stroke in 1999",
    # figures of speech
    "dying to know if this works",
    "the price gave me a heart attack",
    "the wait is killing me",
    "my phone died",
    "I'm drowning in paperwork",
    "not holding my breath",
    "scared to death of needles",
    "the engine seized again",
    "I'm tired of fighting with my insurance company",
    "I'd rather die than do paperwork",
    "these jeans are so tight I can't breathe",
    "I nearly fainted reading the price",
    "needles make me faint",
    "we take a handful of pills each morning",
    # films and the like
    "in the movie the guy kills himself, what is it called",
    "the hero of the novel has a stroke",
    # names, jobs, the everyday
    "what is the meaning of life",
    "take me through it step by step",
    "would they take me in a study",
    "I'm giving away old books",
    "write a goodbye letter to my boss",
    "when is Suicide Squad on",
    "what are killer T cells",
    "what is the death rate in the trials",
    "how do I end this conversation",
    "my hands hurt from lupus",
    "I got my cells two weeks ago, when can I fly?",
    "gracias, ¿la terapia causa convulsiones?",
    "no tengo dolor de pecho, solo una pregunta",
    # nothing to read
    "",
    "   ",
    "\u200b",
    "\ud800\udfff\ud800",
    "🙂🙂🙂",
]


@pytest.mark.parametrize("text", EMERGENCIES)
def test_emergency(text: str) -> None:
    found = screen(text)
    assert found is not None
    assert found.kind == "emergency"


@pytest.mark.parametrize("text", CRISES)
def test_crisis(text: str) -> None:
    found = screen(text)
    assert found is not None
    assert found.kind == "crisis"


@pytest.mark.parametrize("text", URGENT)
def test_urgent(text: str) -> None:
    found = screen(text)
    assert found is not None
    assert found.kind == "urgent"


@pytest.mark.parametrize(("text", "kind"), SPANISH)
def test_spanish(text: str, kind: str) -> None:
    found = screen(text)
    assert found is not None
    assert (found.kind, found.language) == (kind, "es")


@pytest.mark.parametrize(("text", "kind", "language"), OTHER_LANGUAGES)
def test_other_languages(text: str, kind: str, language: str) -> None:
    found = screen(text)
    assert found is not None
    assert (found.kind, found.language) == (kind, language)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str) -> None:
    assert screen(text) is None


@pytest.mark.parametrize(
    "text",
    ["I took all my pills to end it", "swallowed a whole bottle of tylenol because I want to die"],
)
def test_pills_already_taken_are_both(text: str) -> None:
    assert screen(text) == Urgent("emergency", "overdose", "en", also_crisis=True)


def test_crisis_goes_before_urgent() -> None:
    found = screen("I ran out of prednisone three days ago and I want to die")
    assert found is not None
    assert found.kind == "crisis"


def test_danger_at_the_end_of_a_long_message() -> None:
    story = "My clinic is far away and the letters are long. " * 400
    found = screen(story + "I can't breathe.")
    assert found is not None
    assert found.kind == "emergency"


def test_every_expression_compiles() -> None:
    patterns = load_patterns()
    guards = (patterns.harmless, patterns.over, patterns.now, patterns.told_of, patterns.telling)
    for index in (patterns.signs, *guards, patterns.perhaps_asking, patterns.asking):
        for phrase in index:
            for atom in phrase.atoms:
                assert not atom.regex.search("")


def test_every_sign_is_shown_by_an_example() -> None:
    """A sign that none of the messages here shows may have lost its words unnoticed."""
    others = [text for text, *_ in (*SPANISH, *OTHER_LANGUAGES)]
    patterns = load_patterns()
    shown = set()
    for text in (*EMERGENCIES, *CRISES, *URGENT, *others):
        line = patterns.spelling.line(pieces(text))
        shown |= {sign.name for sign in _Stretch(line, patterns).signs()}
    assert {phrase.sign.name for phrase in patterns.signs if phrase.sign} == shown


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_never_raises(text: str) -> None:
    screen(text)


WORDS = ["i", "my", "chest", "pain", "cant", "breath", "no", "dont", "want", "die", "fever", "39",
         "38.5", "infusion", ",", ".", "?", "the", "of", "pills", "blood", "he", "is", "if", "it",
         "blue", "tight", "since", "cells", "hurts", "and", "arm", "numb"]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_time_is_bounded(words: list[str]) -> None:
    text = (" ".join(words) + " ") * (50_000 // (len(" ".join(words)) + 1))
    started = time.perf_counter()
    screen(text)
    assert time.perf_counter() - started < 15


def test_a_long_message_takes_a_blink() -> None:
    text = " ".join([*EMERGENCIES, *HARMLESS])[:2_000]
    screen(text)
    started = time.perf_counter()
    screen(text)
    assert time.perf_counter() - started < 0.5


def test_a_usual_message_takes_a_millisecond() -> None:
    texts = [*HARMLESS, *EMERGENCIES]
    for text in texts:
        screen(text)
    started = time.perf_counter()
    for text in texts:
        screen(text)
    # Well below one each; the rest is room for a busy machine.
    assert time.perf_counter() - started < 0.005 * len(texts)
