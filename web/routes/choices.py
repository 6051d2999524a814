"""The addresses of invitations to choose a time: for staff, and for the patients who are invited."""

from web.api import choices as door
from web.limits import JOIN_ADDRESS
from web.pages import choices, choose
from web.route import Access, api, post, show

CHOICES = (
    show("/choices/add", choices.show_add, "choice_add"),
    post("/choices/add", choices.invite, choices.again_add),
    post("/choices/{choice}/again", choices.again),
    post("/choices/{choice}/end", choices.take_back),
    api("GET", "/patients/{patient}/choices", door.listed, answer=door.ChoiceList),
    api("POST", "/choices", door.invite, body=door.AskingBody, answer=door.ChoiceShape, status=201),
    api("POST", "/choices/{choice}/messages", door.again, status=204),
    api("DELETE", "/choices/{choice}", door.take_back, status=204),
)

ANYBODY, INVITED = Access.PUBLIC, (JOIN_ADDRESS,)
OWN_CHOICE = (
    show("/v/choose", choose.door, "choose", access=ANYBODY),
    post("/v/choose", choose.enter, choose.door, access=ANYBODY, limits=INVITED, csrf=False),
    show("/v/choose/{choice}", choose.show, "choose_times", access=ANYBODY),
    post("/v/choose/{choice}", choose.choose, choose.show, access=ANYBODY, limits=INVITED, csrf=False),
    show("/v/choose/{choice}/check", choose.show_check, "choose_check", access=ANYBODY),
    post(
        "/v/choose/{choice}/check",
        choose.confirm,
        choose.show_check,
        access=ANYBODY,
        limits=INVITED,
        csrf=False,
    ),
    show("/v/choose/{choice}/wish", choose.show_wish, "choose_wish", access=ANYBODY),
    post(
        "/v/choose/{choice}/wish",
        choose.wish,
        choose.show_wish,
        access=ANYBODY,
        limits=INVITED,
        csrf=False,
    ),
    post("/v/choose/{choice}/wish/end", choose.drop_wish, access=ANYBODY, limits=INVITED, csrf=False),
    show("/v/choose/{choice}/calendar", choose.calendar, "choose_calendar", access=ANYBODY),
)
