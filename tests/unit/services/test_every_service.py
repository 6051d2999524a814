"""Conventions, rule 15: whoever acts is asked for a permission and leaves an audit entry, in every service.

Read from the source: a public method that takes an `actor` must reach `require` and `enter` of trail.py by
itself or by what it calls within telehealth.services. Calls are followed by name: functions of the module and
imported ones, methods of `self`, and methods of the services that the constructor was handed or makes.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

import telehealth.services

FOLDER = Path(telehealth.services.__file__).parent
ASKS, ENTERS = ("trail", "", "require"), ("trail", "", "enter")
Name = tuple[str, str, str]
"""Module, class (empty for a function) and function."""

NO_ENTRY = {
    "Absences.people": "names of the own organization's specialists, for a form",
    "Agendas.listed": "with whom what can be booked, as Desk.catalogue",
    "Agendas.one": "as Agendas.listed",
    "Agendas.slot": "as Agendas.slots",
    "Agendas.slots": "free and busy times, in which nobody appears",
    "AppointmentDesk.parties": "rooms and interpreters of what the actor was just shown, which was entered",
    "Attending.here": "the word for the patient's own line, as often as it breaks; the opening was entered",
    "Attending.view": "the patient's own visit, asked for again and again; opening the link was entered",
    "Changing.free": "free times, in which nobody appears",
    "Changing.look": "as Attending.view",
    "Closures.listed": "when the own organization is closed; nobody appears in it",
    "Conversation.hear": "what is said in the own running call; entering the call was entered",
    "Desk.catalogue": "what can be booked with whom: it hangs in every corridor",
    "Doorkeeper.hear": "as Conversation.hear",
    "Exporting.one": "how far the program's own export is; asking for it and each file fetched are entered",
    "GuestDoor.seat": "the doorkeeper, who asks for it, enters the joining and every refusal",
    "GuestDoor.view": "the guest's own place; opening the link was entered",
    "HoursExceptions.listed": "when the own organization's specialists are away, or the actor",
    "Hours.choices": "names of the own organization's staff, sites and services, for a form",
    "Hours.listed": "the own organization's weekly hours",
    "HoursPlans.form": "as Hours.listed",
    "HoursPlans.outside": "times at which somebody is booked; no patient appears in them",
    "MessageTexts.listed": "which wordings are the organization's own; nobody appears in them",
    "MessageTexts.preview": "a wording and an example person",
    "MessageTexts.read": "as MessageTexts.preview",
    "OpenServices.listed": "the own organization's services; nobody appears in them",
    "OrganizationRules.read": "a switch of the own organization's; nobody appears in it",
    "OwnSnippets.listed": "one's own short texts; no patient appears in them",
    "OwnCalendar.feed": "whether the own calendar has an address; nobody appears in it",
    "Places.listed": "names of organizations, sites and services",
    "Proposals.room_of": "as ResourceDesk.bookable",
    "Recovery.waiting": "a list of work to do; everything on it was entered when it was asked for",
    "Sessions.keep_alive": "the sockets' worker asks after the actor's own session; nothing is shown",
    "Sessions.lives": "as Sessions.keep_alive",
    "Sessions.mine": "the times of one's own sign-ins, each of which was entered",
    "ReminderTimes.listed": "the own organization's services; nobody appears in them",
    "ResourceDesk.bookable": "as Desk.catalogue",
    "ResourceDesk.listed": "rooms, devices and interpreters of the own organization, as Hours.listed",
    "ResourceDesk.one": "as ResourceDesk.listed",
    "Waitlist.known": "which door an id belongs to; what it says is entered by Waitlist.look",
    "ServiceTerms.read": "when one of the own organization's services can be booked",
    "SiteHolidays.listed": "public holidays",
    "SiteHolidays.sites": "names of the own organization's buildings",
    "Staff.sites": "names of the own organization's buildings, for a form",
    "WalkIns.waiting": "a number, in which nobody appears",
    "Weeks.read": "as Hours.listed and HoursExceptions.listed",
    "Years.read": "how much time is free in which week, in which nobody appears",
    "Subscribing.all": "the program's own subscriptions, each of which was entered as it was made",
    "Subscribing.one": "as Subscribing.all",
}
NO_PERMISSION = {
    "Arriving.changed": "asked for by what calls it: Arriving.update, Transactions.carry_out",
    "Arriving.made": "as Arriving.changed, of Arriving.create",
    "Arriving.placed": "as Arriving.changed, of Arriving.put",
    "DeniedTries.enter": "enters that somebody was refused, whoever it was",
    "DeniedTries.refused": "enters that somebody was refused, whoever it was",
    "Sessions.keep_alive": "about the actor's own session only, and nothing is shown",
    "Sessions.lives": "as Sessions.keep_alive",
}


@dataclass
class Module:
    """What a module's names mean."""

    name: str
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[Name, ast.AST] = field(default_factory=dict)
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    """The class behind an attribute of a class: `(class, attribute)`."""


Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(path: Path) -> Module:
    module = Module(path.stem)
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("telehealth.services."):
            origin = str(node.module).rpartition(".")[2]
            module.imported |= {each.asname or each.name: (origin, each.name) for each in node.names}
        elif isinstance(node, Function):
            module.functions[module.name, "", node.name] = node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    module.functions[module.name, node.name, inner.name] = inner
                    if inner.name == "__init__":
                        module.held |= {(node.name, name): kind for name, kind in held_by(inner)}
    return module


def held_by(constructor: Function) -> Iterator[tuple[str, str]]:
    """Yield each attribute that a constructor sets with the name of its class, where that is plain."""
    arguments = [*constructor.args.args, *constructor.args.kwonlyargs]
    handed = {each.arg: each.annotation.id for each in arguments if isinstance(each.annotation, ast.Name)}
    for node in ast.walk(constructor):
        if not isinstance(node, ast.Assign):
            continue
        (target,) = node.targets
        pairs = zip(parts(target), parts(node.value), strict=False)
        for attribute, value in pairs:
            if not isinstance(attribute, ast.Attribute):
                continue
            if isinstance(value, ast.Name) and value.id in handed:
                yield attribute.attr, handed[value.id]
            elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                yield attribute.attr, value.func.id


def parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


MODULES = {path.stem: read(path) for path in sorted(FOLDER.glob("*.py")) if path.stem != "__init__"}
FUNCTIONS = {name: node for module in MODULES.values() for name, node in module.functions.items()}


def meant(module: str, name: str, method: str = "") -> Name:
    """Return what a bare name of a module means: its own or an imported function or class."""
    origin, original = MODULES[module].imported.get(name, (module, name))
    return (origin, original, method) if method else (origin, "", original)


@cache
def called(name: Name) -> set[Name]:
    """Return what a function of the services calls within them."""
    module, owner, _ = name
    found = set()
    for node in ast.walk(FUNCTIONS[name]):
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Name):
            found.add(meant(module, function.id))
        elif isinstance(function, ast.Attribute):
            inner = function.value
            if isinstance(inner, ast.Name) and inner.id == "self":
                found.add((module, owner, function.attr))
            elif isinstance(inner, ast.Attribute) and (owner, inner.attr) in MODULES[module].held:
                found.add(meant(module, MODULES[module].held[owner, inner.attr], function.attr))
    return {each for each in found if each in FUNCTIONS}


def reached(name: Name) -> set[Name]:
    """Return everything that a call of `name` may come to."""
    seen, waiting = {name}, [name]
    while waiting:
        new = called(waiting.pop()) - seen
        seen |= new
        waiting += new
    return seen


def takes_actor(node: ast.AST) -> bool:
    return isinstance(node, Function) and "actor" in {each.arg for each in node.args.args}


ACTING = {
    f"{owner}.{method}": (module, owner, method)
    for (module, owner, method), node in FUNCTIONS.items()
    if owner and not owner.startswith("_") and not method.startswith("_") and takes_actor(node)
}


@pytest.mark.parametrize("method", sorted(set(ACTING) - set(NO_PERMISSION)))
def test_who_acts_is_asked_for_a_permission(method: str) -> None:
    assert ASKS in reached(ACTING[method])


@pytest.mark.parametrize("method", sorted(set(ACTING) - set(NO_ENTRY)))
def test_who_acts_leaves_an_entry(method: str) -> None:
    assert ENTERS in reached(ACTING[method])


def test_no_exception_is_out_of_date() -> None:
    assert {*NO_ENTRY, *NO_PERMISSION} <= set(ACTING)
    assert [each for each in NO_ENTRY if ENTERS in reached(ACTING[each])] == []
    assert [each for each in NO_PERMISSION if ASKS in reached(ACTING[each])] == []


def test_the_reading_follows_helpers_and_held_services_and_no_more() -> None:
    assert {"Booking.find", "NoteDesk.sign", "SharedRecord.read", "Doorkeeper.seat"} <= set(ACTING)
    assert ("slots", "SlotFinder", "find") in reached(ACTING["Booking.find"])
    assert ("staff", "Staff", "_managed") in reached(ACTING["Staff.disable"])
    assert ASKS not in reached(ACTING["Sessions.lives"])
    assert ENTERS not in reached(ACTING["Sessions.mine"])
