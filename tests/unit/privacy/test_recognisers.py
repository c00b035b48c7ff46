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
    # places below a city
    ("I live at 12 Oak Street, Springfield, IL 62704.", "I live at <ADDRESS>."),
    ("send it to P.O. Box 12", "send it to <ADDRESS>"),
    ("4471 N Sheridan Rd apt 3B", "<ADDRESS>"),
    ("trials near 02139", "trials near <ZIP>"),
    ("zip 90210-1234", "zip <ZIP>"),
    ("60614", "<ZIP>"),
    # the web
    ("jane.doe+x@mail.example.org", "<EMAIL>"),
    ("jane at gmail dot com", "<EMAIL>"),
    ("jane (at) example.org", "<EMAIL>"),
    ("follow @lupus_jo", "follow <HANDLE>"),
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
