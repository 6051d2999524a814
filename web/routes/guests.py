"""Addresses about the guests of a visit: the patient's and the specialist's side, and the guest's own."""

from web.api import guest_shapes as tell
from web.api import guests
from web.api.my import LinkToken
from web.limits import INVITE, JOIN_ADDRESS
from web.pages import guests as pages
from web.route import Access, api, show

PUBLIC, VISITOR, GUEST = Access.PUBLIC, Access.VISITOR, Access.GUEST
JOINING, INVITING = (JOIN_ADDRESS,), (INVITE,)

GUESTS = (
    show("/g", pages.door, "guest", access=PUBLIC, camera=True),
    show("/g/in-call", pages.in_call, "guest_in_call", access=PUBLIC),
    show("/g/{guest}", pages.own, "own_place", access=GUEST, camera=True),
    show("/v/invite", pages.invite, "invite", access=PUBLIC),
    show("/v/company", pages.company, "company", access=PUBLIC),
    show("/clinic-company", pages.company, "clinic_company"),
    show("/clinic-guests", pages.panel, "clinic_guests"),
    api("GET", "/visits/{visit}/guests", guests.listed, answer=tell.GuestsShape),
    api(
        "POST",
        "/visits/{visit}/guests",
        guests.invite,
        limits=INVITING,
        body=guests.Invitation,
        answer=tell.InvitedShape,
        status=201,
    ),
    api("POST", "/visits/{visit}/guests/{guest}/let-in", guests.let_in, answer=tell.GuestShape),
    api("POST", "/visits/{visit}/guests/{guest}/remove", guests.remove, answer=tell.GuestShape),
    api("GET", "/my/{visit}/guests", guests.brought, access=VISITOR, answer=tell.GuestsShape),
    api(
        "POST",
        "/my/{visit}/guests/{guest}/remove",
        guests.take_back,
        access=VISITOR,
        answer=tell.GuestShape,
    ),
    api(
        "POST",
        "/my/{visit}/guests",
        guests.bring,
        access=VISITOR,
        limits=INVITING,
        body=guests.Invitation,
        answer=tell.InvitedShape,
        status=201,
    ),
    api(
        "POST",
        "/guest-links/look",
        guests.look,
        access=PUBLIC,
        limits=JOINING,
        csrf=False,
        body=LinkToken,
        answer=tell.MyPlaceAsGuestShape,
    ),
    api(
        "POST",
        "/guest-links/open",
        guests.open_link,
        access=PUBLIC,
        limits=JOINING,
        csrf=False,
        body=LinkToken,
        answer=tell.MyPlaceAsGuestShape,
    ),
    api("GET", "/guests/{guest}", guests.show, access=GUEST, answer=tell.MyPlaceAsGuestShape),
    api("POST", "/guests/{guest}/wait", guests.wait, access=GUEST, answer=tell.MyPlaceAsGuestShape),
    api("POST", "/guests/{guest}/leave", guests.leave, access=GUEST, answer=tell.MyPlaceAsGuestShape),
)
