"""Each recogniser with what it must find, what looks odd and is found, and what almost is it."""

from __future__ import annotations

import pytest

from guide.privacy import Remover

FOUND = [
    # telephone
    ("call me at 212-555-0143", "call me at <PHONE>"),
    ("my cell is (212) 555-0143 ext. 4", "my cell is <PHONE>"),
    ("212.555.0143", "<PHONE>"),
    ("+1 212 555 0143 is hers", "<PHONE> is hers"),
    ("2125550143 is my number", "<PHONE> is my number"),
    ("ring 555-0143 after six", "ring <PHONE> after six"),
    ("it is 212 dot 555 dot 0143", "it is <PHONE>"),
    ("two one two five five five oh one four three", "<PHONE>"),
    ("phone 212 55 0143 i think", "phone <PHONE> i think"),
    ("+48 22 555 01 43 in Warsaw", "<PHONE> in Warsaw"),
    ("213 5550143", "<PHONE>"),
    ("text six one nine 555 oh one four three", "text <PHONE>"),
    ("nine one four 555 0143", "<PHONE>"),
    ("siete ocho siete cinco cinco cinco cero uno cuatro tres", "<PHONE>"),
    # social security
    ("ssn 123-45-6789", "ssn <SSN>"),
    ("social is 123 45 6789", "social is <SSN>"),
    ("my ssn: 12345678", "my ssn: <SSN>"),
    ("last four of my social are 6789", "last four of my social are <SSN>"),
    # records, plans, accounts
    ("MRN 0048291", "MRN <RECORD>"),
    ("medical record number: AB-448291", "medical record number: <RECORD>"),
    ("member id is W44 882 910", "member id is <RECORD>"),
    ("Medicare 1EG4-TE5-MK73", "Medicare <RECORD>"),
    ("case number 20-4487 was closed", "case number <RECORD> was closed"),
    ("card 4111 1111 1111 1111", "card <ACCOUNT>"),
    ("patient 0417 of the study", "patient <RECORD> of the study"),
    ("id K3301 20881", "id <RECORD>"),
    ("my benefit card TW 88231 K", "my benefit card <RECORD>"),
    ("ticket # with the travel desk is TRX-3301-448", "ticket # with the travel desk is <RECORD>"),
    ("confirmation RT7ZK2", "confirmation <RECORD>"),
    ("my insurence number 88213345", "my insurence number <RECORD>"),
    # devices and plates
    ("the serial number is SN-44781", "the serial number is <DEVICE>"),
    ("license plate 8XYZ123", "license plate <DEVICE>"),
    # dates
    ("born 3/4/1961", "born <DATE>"),
    ("dob 03-04-61", "dob <DATE>"),
    ("my birthday is the 9th of July", "my birthday is <DATE>"),
    ("I was admitted on March 3rd, 2022", "I was admitted on <DATE>"),
    ("i was diagnosed in May 2011", "i was diagnosed in <DATE>"),
    ("the study doctor saw me, my biopsy was on 2024-05-17", "<DATE>"),
    ("grandma is 93 years old", "grandma is <AGE> years old"),
    ("infused 9-14 and fine since", "infused <DATE> and fine since"),
    ("the line was placed 3/28", "the line was placed <DATE>"),
    ("my birthday? 0612 1983", "my birthday? <DATE>"),
    ("el 7 de octubre", "el <DATE>"),
    ("we lost her on Easter 2021", "we lost her on <DATE>"),
    ("I was fine until Thanksgiving", "I was fine until <DATE>"),
    ("he will be 92 in July", "he will be <AGE> in July"),
    ("my aunt, 95, asks", "my aunt, <AGE>, asks"),
    ("she was ninety-four when it began", "she was <AGE> when it began"),
    # places below a city
    ("I live at 12 Oak Street, Springfield, IL 62704.", "I live at <ADDRESS>."),
    ("send it to P.O. Box 12", "send it to <ADDRESS>"),
    ("4471 N Sheridan Rd apt 3B", "<ADDRESS>"),
    ("Rt 5 Box 90, Elkin NC 28621", "<ADDRESS>"),
    ("lot 8, Pine Ridge Trailer Park, Easley SC", "<ADDRESS>"),
    ("N4410 County Hwy K, Medford WI 54451", "<ADDRESS>"),
    ("1414 Juniper apt 2", "<ADDRESS>"),
    ("Cesar Chavez Blvd, number 410", "<ADDRESS>"),
    ("trials near 02139", "trials near <ZIP>"),
    ("02139 boston, what is near", "<ZIP> boston, what is near"),
    ("is there one around 60614 or 60618", "is there one around <ZIP> or <ZIP>"),
    ("zip 90210-1234", "zip <ZIP>"),
    ("60614", "<ZIP>"),
    # the web
    ("jane.doe+x@mail.example.org", "<EMAIL>"),
    ("jane at gmail dot com", "<EMAIL>"),
    ("jane (at) example.org", "<EMAIL>"),
    ("my email is small letters j as in john, doe, 5, at, gmail dot com", "<EMAIL>"),
    ("follow @lupus_jo", "follow <HANDLE>"),
    ("my cashapp $JoLupus", "my cashapp <HANDLE>"),
    ("my insta is jo.lupus", "my insta is <HANDLE>"),
    ("https://facebook.com/jo.doe here", "<URL> here"),
    ("josjourney.com is mine", "<URL> is mine"),
    ("my ip is 192.168.14.7", "my ip is <IP>"),
]

LEFT = [
    # money, measures, counts, ranges
    "it costs $400,000 or 373000 dollars",
    "8 of 8 patients after 12 months",
    "prednisone 10 mg, then 7.5 mg for 2-3 weeks",
    "anti-dsDNA 1:640, C3 of 55, egfr 45",
    "is it 24/7 in hospital for 7 to 14 days",
    "about 100 000 people have it",
    "it was 120/80 yesterday",
    "11/15 patients had it and 7/8 did not",
    "grade 3/4, class III/IV, phase 1/2, pain 8/10",
    "my oxygen is 94, pulse was 102, temp 101.4",
    "it hurts ninety percent of the day",
    "prednisone 60, 50, 40",
    "I heard $475,000 up to 1.5 million",
    "about 12500 people a year",
    "christmas is soon, can i travel",
    "it ends in 2027",
    # identifiers of studies and papers
    "is NCT05938725 open",
    "doi 10.1007/s00210-025-04425-z",
    "PMID 36109639",
    "CD19, BCMA, KYV-101 and CABA-201",
    # dates that are nobody's, ages, durations
    "the article is from June 2025",
    "the trial was published on June 3, 2025",
    "lupus since 1985, I am 34 years old",
    "it may 5 times out of ten",
    "5 to 10 years from now",
    # cities and states
    "trials in Boston, Massachusetts",
    "I live in Ohio on the west side",
    "one way street of a disease",
    # pages that are no person's
    "https://clinicaltrials.gov/study/NCT05938725",
    "https://www.nejm.org/doi/full/10.1056/NEJMc2403743",
    "see www.lupusencyclopedia.com",
    "version 3.6.21 of it",
    "call 911 or 988",
    "one two three infusions?",
]


@pytest.mark.parametrize(("text", "cleaned"), FOUND)
def test_a_detail_is_taken_out(own: Remover, text: str, cleaned: str) -> None:
    assert own.clean(text).endswith(cleaned)


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_detail_stays(own: Remover, text: str) -> None:
    assert own.clean(text) == text
