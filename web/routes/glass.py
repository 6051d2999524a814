"""The addresses of records that are opened in an emergency, and of their review."""

from web.limits import API, GLASS, PAGES
from web.pages import glass
from web.route import post, show

OPENING = (PAGES, API, GLASS)

GLASSES = (
    show("/emergency", glass.show, "emergency"),
    post("/emergency", glass.open_, glass.search, limits=OPENING),
    post("/emergency/search", glass.search, glass.show, limits=OPENING),
    show("/emergency/{glass}", glass.look, "emergency_record"),
    post("/emergency/{glass}/close", glass.close),
    show("/reviews", glass.reviews, "reviews"),
    post("/reviews/alerts/{alert}", glass.alert_seen),
    post("/reviews/{glass}", glass.review, glass.reviews),
)
