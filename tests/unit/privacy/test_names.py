"""Names of people, and words that are not."""

from __future__ import annotations

import pytest

from guide.privacy import Remover

NAMES = [
    # words that are names, where the sentence shows a person
    ("I want Joy to get this treatment", "I want <NAME> to get this treatment"),
    ("Can May have it? (May is my wife)", "Can <NAME> have it? (<NAME> is my wife)"),
    ("Angel, Chase and Jade are my kids", "<NAME>, <NAME> and <NAME> are my kids"),
    ("DR GREEN SAYS NO", "DR <NAME> SAYS NO"),
    # heads of letters
    ("subject: records for Brooks, Sky", "subject: records for <NAME>"),
    ("Jane Roe said so", "<NAME> said so"),  # a family name that is a word, and no cue
    ("My name is Sarah Okafor and I have lupus", "My name is <NAME> and I have lupus"),
    ("my name is sarah okafor", "my name is <NAME>"),
    ("I'm Małgorzata, is it a cure?", "I'm <NAME>, is it a cure?"),
    ("this is wojtek calling", "this is <NAME> calling"),
    ("call me Joy", "call me <NAME>"),
    ("mom's doctor is nguyen", "mom's doctor is <NAME>"),
    ("Dr. Ramirez-Soto said no", "Dr. <NAME> said no"),
    ("dr okonkwo and dr patel", "dr <NAME> and dr <NAME>"),
    ("nurse joy was kind", "nurse <NAME> was kind"),
    ("my daughter sarah has lupus", "my daughter <NAME> has lupus"),
    ("my wife Hope asks about May", "my wife <NAME> asks about May"),
    ("my brother Mark's cells", "my brother <NAME>'s cells"),
    ("thanks, Agnieszka", "thanks, <NAME>"),
    ("what is CRS\n- Rosa M.", "what is CRS\n- <NAME>"),
    ("Patient name: Ibrahim Al-Sayed", "Patient name: <NAME>"),
    ("me llamo Guadalupe Hernández y tengo lupus", "me llamo <NAME> y tengo lupus"),
    ("My name is Abdul-Rahman ibn Yusuf", "My name is <NAME>"),
    ("my name is Lupe de la Cruz", "my name is <NAME>"),
    ("Chukwuemeka Obi told me", "<NAME> told me"),
    ("MY NAME IS SARAH", "MY NAME IS <NAME>"),
    # after a word that tells less
    ("ask for Buzz", "ask for <NAME>"),
    ("My buddy Scooter had it", "My buddy <NAME> had it"),
    ("my friend jax is at work", "my friend <NAME> is at work"),
    ("Wife Mi-sun had a fever", "Wife <NAME> had a fever"),
    ("mwen se Wislande", "mwen se <NAME>"),
    ("my kids Ana and Paisley", "my kids <NAME> and <NAME>"),
    # before words that tell it
    ("Joy is my name", "<NAME> is my name"),
    ("Precious is 11 and has lupus", "<NAME> is 11 and has lupus"),
    ("Karthik's wedding is soon", "<NAME>'s wedding is soon"),
    # alone
    ("Ines", "<NAME>"),
    ("kim, 212-555-0143", "<NAME>, <PHONE>"),
    ("O'Donnell-Ray it is", "<NAME> it is"),
    # initials, by-names, order, letters
    ("my rheum is Dr. R. Kettering", "my rheum is Dr. <NAME>"),
    ("Dr. K. said so", "Dr. <NAME> said so"),
    ("it was DR. Ramón Ortega III", "it was DR. <NAME>"),
    ('Patient: Benito "Ben" Agbayani', "Patient: <NAME>"),
    ("Pt: Nowak, Halina", "Pt: <NAME>"),
    ("name is spelled K-A-I-T-L-Y-N", "name is spelled <NAME>"),
    ("I am Wang Fang 王芳", "I am <NAME>"),
]

WORDS = [
    # ordinary words that are names elsewhere
    "May I ask how long it takes?",
    "will it give me hope, grace or joy",
    "mark my words",
    "I'm worried and i'm hispanic",
    "im diabtic and on dialysis",
    "this is Lupus Awareness Month",
    "call me back later",
    "my doctor says no",
    "my mother is 78, my sister in law had leukemia",
    "my daughter hav lupis",
    "the nurse was kind",
    "thanks a lot doc",
    "Hello, how are you?",
    "Dear team",
    "How Long Does The Infusion Take And Is It Safe",
    "WHAT IS CAR T AND DOES IT WORK",
    "Hope all is well with the study",
    "Will it be my turn",
    "Yes I do",
    "ask for Tylenol",
    "my dad realy is tired",
    "under the knife, with pain",
    "one o'clock",
    "Car T Cell Therapy",
    "my doctor said it at the Jackson Memorial",
    # whose names the project itself says
    "who is Greg Dardis, and did Mackensen or Müller write it",
    "Kaleidoscope Fighting Lupus and the Lupus Encyclopedia",
    # diseases, drugs, firms, hospitals, places
    "Crohn's, Hodgkin's, Sjogren's or Lou Gehrig's disease",
    "Yescarta, Kymriah, Benlysta, Plaquenil and prednisone",
    "does Medicare or Aetna pay Kyverna",
    "Mayo Clinic, Johns Hopkins or MD Anderson",
    "near Charlotte or Austin, or in Madison, Wisconsin",
    "is Paris an option",
    "Selena Gomez had a transplant",
    # other languages
    "no puedo respirar bien desde ayer",
    # where, as the whole of a reply
    "Austin, Texas",
    "Charlotte, North Carolina",
    # codes of drugs and values of the laboratory
    "is BMS-986353 better than MB-CART19.1",
    "dsDNA over 300, platelets 98",
    # words that are names too
    "Will insurance pay",
    "Hope is all I have",
]


@pytest.mark.parametrize(("text", "cleaned"), NAMES)
def test_a_name_is_taken_out(own: Remover, text: str, cleaned: str) -> None:
    assert own.clean(text).rstrip(".") == cleaned.rstrip(".")


@pytest.mark.parametrize("text", WORDS)
def test_words_stay(own: Remover, text: str) -> None:
    assert own.clean(text) == text
