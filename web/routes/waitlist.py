"""The addresses of waiting lists: for staff, and for those who answer an offer."""

from web.api import waitlist as wishes
from web.limits import JOIN_ADDRESS
from web.pages import offer, waitlist
from web.route import Access, api, post, show

WAITLIST = (
    show("/waitlist", waitlist.show, "waitlist"),
    show("/waitlist/add", waitlist.show_add, "waitlist_add"),
    post("/waitlist/add", waitlist.add, waitlist.again_add),
    post("/waitlist/{waiting}/end", waitlist.take_off, waitlist.show),
    api("GET", "/waitlist", wishes.listed, query=wishes.Asked, answer=wishes.WishList),
    api("POST", "/waitlist", wishes.add, body=wishes.WishBody, answer=wishes.WishShape, status=201),
    api("GET", "/waitlist/{waiting}", wishes.show, answer=wishes.WishShape),
    api("DELETE", "/waitlist/{waiting}", wishes.take_off, status=204),
)

ANYBODY, ANSWERING = Access.PUBLIC, (JOIN_ADDRESS,)
OWN_OFFER = (
    show("/v/offer", offer.door, "offer", access=ANYBODY),
    post("/v/offer", offer.look, offer.door, access=ANYBODY, limits=ANSWERING, csrf=False),
    post("/v/offer/take", offer.take, offer.door, access=ANYBODY, limits=ANSWERING, csrf=False),
    post("/v/offer/decline", offer.decline, offer.door, access=ANYBODY, limits=ANSWERING, csrf=False),
)
