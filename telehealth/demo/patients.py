"""Invented patients of the demo cluster, with names in several scripts."""

from dataclasses import dataclass
from datetime import date

from telehealth.domain.allergies import Allergy
from telehealth.domain.people import Gender

NONE_KNOWN = (Allergy("", none=True),)
NOTHING_WRITTEN = None
NATIONAL_ID = "urn:demo:national-id"


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """A patient; phone and e-mail are of ranges that belong to nobody."""

    organization: str
    given: str
    family: str
    birth_date: date
    gender: Gender
    language: str
    zone: str
    phone: str
    identifier: str
    interpreter: bool = False
    allergies: tuple[Allergy, ...] | None = NONE_KNOWN


F, M = Gender.FEMALE, Gender.MALE
BERLIN, NAIROBI = "Europe/Berlin", "Africa/Nairobi"

PATIENTS: tuple[DemoPatient, ...] = (
    DemoPatient(
        "hospital", "Bo", "Lindqvist", date(1961, 5, 14), M, "en", BERLIN, "+493005550201", "LDH-4401"
    ),
    DemoPatient(
        "hospital",
        "María",
        "Santos",
        date(1955, 2, 3),
        F,
        "es",
        BERLIN,
        "+493005550202",
        "LDH-4417",
        True,
        allergies=(Allergy("", "Penicillin", "rash, short breath", severe=True),),
    ),
    DemoPatient(
        "hospital", "James", "Okello", date(1972, 11, 8), M, "en", BERLIN, "+493005550203", "LDH-4422"
    ),
    DemoPatient(
        "hospital",
        "ليلى",
        "الحداد",
        date(1990, 7, 21),
        F,
        "ar",
        BERLIN,
        "+493005550204",
        "LDH-4430",
        True,
        allergies=(Allergy("", "Latex", "hives"), Allergy("", "Ibuprofen")),
    ),
    DemoPatient("hospital", "伟", "林", date(1964, 1, 30), M, "en", BERLIN, "+493005550205", "LDH-4438"),
    DemoPatient(
        "hospital", "Олена", "Коваленко", date(1983, 9, 2), F, "en", BERLIN, "+493005550206", "LDH-4441"
    ),
    DemoPatient("rural", "Sara", "Abebe", date(1993, 3, 17), F, "en", NAIROBI, "+254205550207", "HRH-1102"),
    DemoPatient("rural", "ሰላማዊት", "ተስፋዬ", date(1988, 12, 5), F, "am", NAIROBI, "+254205550208", "HRH-1109"),
    DemoPatient(
        "rural",
        "Wanjiku",
        "Njoroge",
        date(1949, 6, 25),
        F,
        "sw",
        NAIROBI,
        "+254205550209",
        "HRH-1115",
        allergies=(Allergy("", "Peanuts", "anaphylaxis", severe=True), Allergy("", "Sulfonamides", "rash")),
    ),
    DemoPatient("rural", "प्रिया", "शर्मा", date(1999, 10, 11), F, "hi", NAIROBI, "+254205550210", "HRH-1121"),
    DemoPatient(
        "rural",
        "Joseph",
        "Mwangi",
        date(2009, 4, 19),
        M,
        "en",
        NAIROBI,
        "+254205550211",
        "HRH-1128",
        allergies=NOTHING_WRITTEN,
    ),
    DemoPatient(
        "rural",
        "Maximiliane-Charlotte Henriette",
        "von Hohenstein-Wassermann zu Reichelsheim",
        date(1978, 8, 28),
        F,
        "en",
        NAIROBI,
        "+254205550212",
        "HRH-1133",
    ),
    DemoPatient("rural", "Aïcha", "Diallo", date(1985, 5, 30), F, "fr", NAIROBI, "+254205550213", "HRH-1140"),
    DemoPatient("rural", "João", "Tavares", date(1968, 2, 14), M, "pt", NAIROBI, "+254205550214", "HRH-1147"),
)
