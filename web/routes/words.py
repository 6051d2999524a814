"""The addresses of what is written in a call."""

from web.api import conversation
from web.pages import clinic
from web.route import api, show

WORDS = (
    show("/clinic-words", clinic.words, "clinic_words"),
    show("/clinic-beside", clinic.beside, "clinic_beside"),
    api("GET", "/visits/{visit}/conversation", conversation.show, answer=conversation.ConversationShape),
)
