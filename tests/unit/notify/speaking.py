"""The words of messages in every language that is offered."""

from telehealth.config import Config
from telehealth.notify.templates import Wording
from web.settings import LOCALE
from web.translations import translations

LANGUAGES = Config().spoken
WORDING = Wording({each: translations(LOCALE, each) for each in LANGUAGES})
