"""The addresses of what is written and shown in a call."""

from web.api import conversation, files
from web.limits import FILES
from web.pages import clinic
from web.route import api, show

WORDS = (
    show("/clinic-words", clinic.words, "clinic_words"),
    show("/clinic-beside", clinic.beside, "clinic_beside"),
    api("GET", "/visits/{visit}/conversation", conversation.show, answer=conversation.ConversationShape),
    api("POST", "/visits/{visit}/files", files.keep, limits=(FILES,), answer=files.KeptShape, status=201),
    api("GET", "/visits/{visit}/files/{file}", files.show),
)
