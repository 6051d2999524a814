"""An organization's own wording of one kind of message in one language, and what may stand in it."""

import re
from dataclasses import dataclass

from telehealth.domain.errors import FieldProblem
from telehealth.domain.sentences import N_, say
from telehealth.domain.words import UNREADABLE_IN_A_LINE, UNREADABLE_IN_A_TEXT

PLACE = re.compile(r"\{([^{}]*)\}")
FACTS = frozenset({"clinic", "practitioner", "day", "time", "zone", "when", "phone"})
"""What every message to a patient knows."""
OF_LINKS = frozenset({"link", "code", "page"})
OF_LIST = "times"
TIMES = f"{{{OF_LIST}}}"
"""Alone between blank lines it is the list of several visits' times, each with its link."""
LONGEST = {"subject": 150, "body": 4000, "sms": 480}


@dataclass(frozen=True, slots=True)
class OwnText:
    """Subject and body of the e-mail, and the SMS; `{link}` alone between blank lines is the button.

    `version` counts from 1; 0 is a text that is not kept.
    """

    organization_id: str
    template: str
    language: str
    subject: str
    body: str
    sms: str
    version: int = 0

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs: what blank lines divide."""
        parts = re.split(r"\n[ \t]*\n", self.body.replace("\r\n", "\n").strip())
        return tuple(part.strip() for part in parts if part.strip())


def own_facts(standard: OwnText) -> frozenset[str]:
    """Return what this kind of message knows beyond what every one does."""
    places = frozenset(PLACE.findall(f"{standard.body} {standard.sms}"))
    return (places | {"count"} if listing(standard) else places) - FACTS - OF_LINKS - {OF_LIST}


def linked(standard: OwnText) -> bool:
    """Whether this kind of message leads to one visit: its e-mail and SMS must hold the link."""
    return "{link}" in standard.body


def listing(standard: OwnText) -> bool:
    """Whether this kind of message is about several visits: its e-mail must hold the list of their times."""
    return TIMES in standard.body


def problems_of(text: OwnText, standard: OwnText) -> list[FieldProblem]:
    """Return what is wrong with a wording that replaces the `standard` one: at most one thing a field.

    A message about several visits knows no code, and its links stand in the list; an SMS has the first.
    """
    facts = FACTS | own_facts(standard)
    of_links = OF_LINKS if linked(standard) else frozenset[str]()
    of_list = {OF_LIST} if listing(standard) else frozenset[str]()
    needed = "link" if "{link}" in standard.sms else ""
    return [
        *_of_field("subject", text.subject, facts),
        *(
            _of_field("body", text.body, facts | of_links | of_list, needed="link" if of_links else "")
            or (_of_list(text) if of_list else [])
        ),
        *_of_field("sms", text.sms, facts | of_links | ({needed} - {""}), needed=needed),
    ]


def _of_list(text: OwnText) -> list[FieldProblem]:
    """Return what is wrong with the list of times: it is put in for a paragraph, not within a sentence."""
    alone = text.paragraphs.count(TIMES)
    if alone == 1 and text.body.count(TIMES) == 1:
        return []
    detail = N_("The list has to be in it once: write {times} on a line of its own, between blank lines.")
    return [FieldProblem("body", "no-times", detail)]


def _of_field(name: str, words: str, known: frozenset[str], needed: str = "") -> list[FieldProblem]:
    """Return the first thing that is wrong with a field."""
    unreadable = UNREADABLE_IN_A_TEXT if name == "body" else UNREADABLE_IN_A_LINE
    places = PLACE.findall(words)
    strange = next((place for place in places if place not in known), None)
    rules = [
        (bool(words.strip()), "missing", N_("Please fill this in.")),
        (
            len(words) <= LONGEST[name],
            "too-long",
            say("At most {count} characters, please.", count=LONGEST[name]),
        ),
        (not unreadable.search(words), "control-character", N_("There is an unreadable character in here.")),
        (strange is None, "unknown-place", say("{place} is not known here.", place=f"{{{strange}}}")),
        (not re.search(r"[{}]", PLACE.sub("", words)), "brace", N_("Braces come in pairs, as in {clinic}.")),
        (not needed or needed in places, "no-link", N_("The link has to be in it: write {link}.")),
    ]
    return [FieldProblem(name, code, detail) for holds, code, detail in rules if not holds][:1]
