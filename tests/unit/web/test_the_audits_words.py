"""Everything that can stand in the audit log has words there, and is of a kind that it can be searched by."""

import re
from pathlib import Path

from telehealth.domain.audit import AuditAction
from telehealth.domain.audit_kinds import AuditKind, Purpose, actions_of

PAGE = Path(__file__).parents[3] / "web" / "templates" / "staff" / "audit_words.html"
WORDS = PAGE.read_text("utf-8")


def test_every_action_has_one_sentence() -> None:
    lists = re.findall(r"\(_\('[^']+'\), \(([^)]+)\)\)", WORDS)
    named = [each for listed in lists for each in re.findall(r'"([a-z:-]+)"', listed)]
    assert sorted(named) == sorted(AuditAction)


def test_every_action_is_of_one_kind_and_each_kind_and_purpose_has_a_word() -> None:
    assert sorted(each for kind in AuditKind for each in actions_of(kind)) == sorted(AuditAction)
    assert set(re.findall(r'word == "([a-z]+)" %}{{ _', WORDS)) >= set(AuditKind)
    assert set(re.findall(r'code == "([A-Z]+)"', WORDS)) == set(Purpose)
