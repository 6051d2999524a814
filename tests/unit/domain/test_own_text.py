"""What may stand in an organization's own wording: known places, the link, no tricks with braces."""

from dataclasses import replace

import pytest

from telehealth.domain.own_text import OwnText, linked, listing, own_facts, problems_of

GOOD = OwnText(
    "clinic",
    "visit-invitation",
    "en",
    "{clinic}: see you {when}",
    "Hello from {clinic}.\r\n\r\n{link}\r\n\r\n  \r\nCode: {code}\r\nor call {phone}",
    "{clinic}: {when} {link}",
)


def test_a_good_wording_has_no_problem_and_its_paragraphs() -> None:
    assert problems_of(GOOD, GOOD) == []
    assert GOOD.paragraphs == ("Hello from {clinic}.", "{link}", "Code: {code}\nor call {phone}")


@pytest.mark.parametrize(
    "field,words,code",
    [
        ("subject", "", "missing"),
        ("subject", "x" * 151, "too-long"),
        ("subject", "Hello\r\nBcc: all@x", "control-character"),
        ("subject", "{link}", "unknown-place"),
        ("body", "{link} {name}", "unknown-place"),
        ("body", "{link} {clinic.__class__}", "unknown-place"),
        ("body", "{link} {0}", "unknown-place"),
        ("body", "{link} {}", "unknown-place"),
        ("body", "{link} {{clinic}}", "brace"),
        ("body", "{link} {clinic", "brace"),
        ("body", "no link at all", "no-link"),
        ("body", "{link} \u202e", "control-character"),
        ("sms", "come", "no-link"),
        ("sms", "{link}\n{clinic}", "control-character"),
        ("sms", "{link}" + "x" * 480, "too-long"),
    ],
)
def test_what_cannot_stand_there_is_named(field: str, words: str, code: str) -> None:
    found = problems_of(replace(GOOD, **{field: words}), GOOD)
    assert [(each.field, each.code) for each in found] == [(field, code)]


def test_what_only_this_message_knows_may_stand_in_it() -> None:
    standard = replace(GOOD, body="{clinic}: {minutes} minutes late. {link} {code}")
    own = replace(GOOD, body="{link} {minutes}", sms="{link} {minutes}")
    assert [each.code for each in problems_of(own, GOOD)] == ["unknown-place"] * 2
    assert own_facts(standard) == {"minutes"}
    assert problems_of(own, standard) == []


def test_a_message_without_a_link_knows_none() -> None:
    found = problems_of(GOOD, replace(GOOD, body="{clinic}", sms="{clinic}"))
    assert [(each.field, each.code) for each in found] == [
        ("body", "unknown-place"),
        ("sms", "unknown-place"),
    ]


SEVERAL = replace(
    GOOD,
    template="series-booked",
    body="{clinic}:\n\n{times}\n\nUntil then.",
    sms="First {when}: {link}",
)


def test_a_message_about_several_visits_knows_how_many_and_lists_their_times() -> None:
    assert listing(SEVERAL)
    assert not linked(SEVERAL)
    assert own_facts(SEVERAL) == {"count"}
    assert problems_of(replace(SEVERAL, subject="{count} visits"), SEVERAL) == []


@pytest.mark.parametrize(
    "field,words,code",
    [
        ("body", "Your visits at {clinic}.", "no-times"),
        ("body", "Your visits: {times}", "no-times"),
        ("body", "{times}\nare your visits", "no-times"),
        ("body", "{times}\n\n{times}", "no-times"),
        ("body", "{times}\n\n{link}", "unknown-place"),
        ("body", "{times}\n\n{code}", "unknown-place"),
        ("subject", "{times}", "unknown-place"),
        ("sms", "{times} {link}", "unknown-place"),
        ("sms", "{code} {link}", "unknown-place"),
        ("sms", "{when}", "no-link"),
    ],
)
def test_the_list_stands_alone_in_the_mail_and_the_first_link_in_the_sms(
    field: str, words: str, code: str
) -> None:
    found = problems_of(replace(SEVERAL, **{field: words}), SEVERAL)
    assert [(each.field, each.code) for each in found] == [(field, code)]


def test_what_is_cancelled_has_a_list_and_no_link() -> None:
    standard = replace(SEVERAL, sms="{count} from {day} on")
    assert problems_of(replace(standard, sms="{when}"), standard) == []
    found = problems_of(replace(standard, sms="{link}"), standard)
    assert [each.code for each in found] == ["unknown-place"]
