"""Every page by its address, and where somebody looks at it: a unit test compares it with the routes."""

STAFF = {
    "specialist": (
        "/clinic",
        "/summary",
        "/notes",
        "/settings",
        "/snippets",
        "/account",
        "/messages",
        "/messages/{visit}",
        "/move/{visit}",
        "/cancel/{visit}",
        "/presence/{visit}",
        "/quality/{visit}",
        "/sessions",
        "/step-up",
        "/feedback",
        "/check-line",
        "/emergency",
    ),
    "coordinator": (
        "/book",
        "/patients/new",
        "/closures",
        "/rooms",
        "/rooms/{resource}",
        "/board",
        "/board/{person}",
        "/availability",
        "/absence",
        "/queue",
        "/queue/add",
        "/queue/{walk_in}/send",
        "/waitlist",
        "/waitlist/add",
        "/choices/add",
    ),
    "administrator": (
        "/people",
        "/hours",
        "/hours/{person}/weekly",
        "/hours/{person}/weekly/{hours}",
        "/sites",
        "/sites/{site}",
        "/services/{service}",
        "/organization",
        "/texts",
        "/texts/{kind}/{language}",
        "/reminders",
        "/feedback/counts",
        "/quality",
    ),
    "clinic_staff": ("/line",),
    "privacy_officer": ("/audit", "/resets", "/reviews"),
}
"""What staff work with, by who sees it: looked at in each of their languages."""

ANYBODY = ("/sign-in", "/forgotten", "/invitation")
"""What staff come to before they are known: looked at in each of their languages."""

PATIENT = {
    "code": "/v",
    "new-link": "/v/new-link",
    "transfer": "/v/transfer",
    "not-me": "/v/not-me",
    "test": "/test",
    "offer": "/v/offer",
    "choose": "/v/choose",
    "offline": "/v/offline",
    "guest": "/g",
    "nowhere": "/v/0190a000-0000-7000-8000-000000000000",
}
"""What patients come to by an address alone, by the name of its picture: in each of their languages."""

LAID_OPEN = ("/v/aside", "/v/waiting", "/v/in-call", "/v/beside", "/line-check")
"""Parts of a patient's page that it fetches: laid open in each of their languages."""

ON_THE_WAY = {
    "/sign-in/code": ("test_staff_pages.py", "staff-code"),
    "/unlock": ("test_staff_pages.py", "staff-locked"),
    "/account/authenticator": ("test_staff_pages.py", "staff-authenticator"),
    "/clinic/{visit}": ("test_staff_pages.py", "staff-consult-call"),
    "/clinic-controls": ("test_staff_pages.py", "staff-clinic"),
    "/clinic-allergies": ("pages/test_allergies.py", "staff-consult-allergies"),
    "/clinic-record/{visit}": ("pages/test_allergies.py", "staff-consult-record"),
    "/clinic-aids/{visit}": ("pages/test_note_aids.py", "staff-consult-note-aids"),
    "/clinic-pulled/{visit}": ("pages/test_note_aids.py", "staff-consult-note-pulled"),
    "/note-history/{visit}": ("pages/test_note_versions.py", "staff-note-versions"),
    "/wrong-patient/{visit}": ("pages/test_wrong_patient.py", "staff-wrong-patient"),
    "/emergency/{glass}": ("pages/test_emergency.py", "staff-emergency-record"),
    "/clinic-guests": ("test_guest_pages.py", "consult-call-of-three"),
    "/clinic-company": ("test_guest_pages.py", "consult-call-of-three"),
    "/clinic-recording": ("test_recording.py", "recording-asking"),
    "/v/recording": ("test_recording.py", "recording-asked"),
    "/recordings/{visit}": ("test_recording.py", "recordings"),
    "/clinic-words": ("test_words.py", "consult-words"),
    "/clinic-beside": ("test_beside.py", "consult-shared"),
    "/book/series": ("pages/test_series.py", "staff-series-ask"),
    "/series/{series}": ("pages/test_series.py", "staff-series"),
    "/v/{visit}": ("test_patient_pages.py", "join"),
    "/v/{visit}/test": ("test_line_check.py", "test-of-a-visit"),
    "/v/{visit}/change": ("pages/test_changing.py", "change-ar"),
    "/v/{visit}/cancel": ("pages/test_changing.py", "change-cancel"),
    "/v/{visit}/after": ("test_patient_pages.py", "after-answered"),
    "/v/{visit}/seen": ("test_patient_pages.py", "after-seen"),
    "/v/{visit}/sharing": ("pages/test_emergency.py", "sharing"),
    "/v/invite": ("test_guest_pages.py", "patient-invite"),
    "/v/company": ("test_several.py", "patient-call-people-en"),
    "/v/queue": ("test_walk_in.py", "own-place-left"),
    "/g/{guest}": ("test_guest_pages.py", "guest-wait"),
    "/g/in-call": ("test_guest_pages.py", "guest-call"),
    "/v/choose/{choice}": ("pages/test_choosing.py", "choose-times"),
    "/v/choose/{choice}/wish": ("pages/test_choosing.py", "choose-wish"),
    "/v/choose/{choice}/check": ("pages/test_choosing.py", "choose-check"),
    "/s/{service}": ("pages/test_own_booking.py", "own-times-ar"),
    "/s/{service}/details": ("pages/test_own_booking.py", "own-details-ar"),
    "/s/{service}/check": ("pages/test_own_booking.py", "own-check-ar"),
    "/s/{service}/code": ("pages/test_own_booking.py", "own-code-ar"),
    "/s/{service}/wish": ("pages/test_own_wish.py", "wish"),
    "/s/{service}/wish/code": ("pages/test_own_wish.py", "wish-code"),
    "/s/{service}/done": ("pages/test_own_booking.py", "own-done"),
}
"""What somebody only comes to by doing something: the journey that does it, and its picture there."""

NO_PAGES = (
    "/quality.csv",
    "/",
    "/calendar/{token}.ics",
    "/v/worker.js",
    "/v/{visit}/calendar",
    "/v/{visit}/next/calendar",
    "/v/{visit}/summary",
    "/clinic-note/{visit}/paper",
    "/s/{service}/calendar",
    "/v/choose/{choice}/calendar",
    "/recording/{recording}/{participant}",
    "/recording/{recording}/{participant}/file",
)
"""Addresses for people that answer with a file, or send on."""


def looked_at() -> list[str]:
    """Return the address of every page that is looked at somewhere, once for each place where it is."""
    staff = [path for paths in STAFF.values() for path in paths]
    patient = [path for name, path in PATIENT.items() if name != "nowhere"]
    return [*staff, *ANYBODY, *patient, *LAID_OPEN, *ON_THE_WAY]
