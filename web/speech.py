"""In which language members of staff are answered, and refusals in their words."""

from gettext import NullTranslations

from aiohttp.web import Request

from telehealth.domain.sentences import Sentence
from web.keys import LANGUAGE, STANDING
from web.language import choose, match
from web.translations import CATALOGUES


def speak_to_staff(request: Request) -> None:
    """Answer in the account's language; without one in what the query, the cookie or the browser asks for."""
    offered = request.app[CATALOGUES].staff_languages
    own = request[STANDING].language if STANDING in request else ""
    request[LANGUAGE] = match(own, offered) or choose(request, offered)


def told(request: Request, sentence: str) -> str:
    """Return a refusal's sentence in the answer's language; in English where staff do not read that."""
    catalogues, language = request.app[CATALOGUES], request[LANGUAGE]
    spoken = language in catalogues.staff_languages
    return in_words(catalogues.staff(language), sentence) if spoken else sentence


def in_words(texts: NullTranslations, sentence: str) -> str:
    """Return a sentence as a catalogue says it, its facts filled in."""
    if isinstance(sentence, Sentence):
        return texts.gettext(sentence.pattern).format(**sentence.facts)
    return texts.gettext(sentence)
