"""The narrative of a resource: well-formed XHTML of listed elements and attributes, nothing that runs.

The lists are those of FHIR R4 (narrative.html, txt-1); what addresses and styles may hold is our own rule.
"""

import re
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from telehealth.fhir.text import XHTML

ELEMENT_NAMES = """
    a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5
    h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var
"""
ELEMENTS = frozenset(ELEMENT_NAMES.split())
ATTRIBUTE_NAMES = """
    abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char
    charoff charset cite class colspan compact coords dir frame headers height href hreflang hspace id
    lang longdesc name nowrap rel rev rowspan rules scope shape span src start style summary tabindex
    title type valign value vspace width
"""
ATTRIBUTES = frozenset(ATTRIBUTE_NAMES.split())
ADDRESSES = frozenset({"href", "src", "cite", "longdesc"})
SAFE_ADDRESS = re.compile(
    r"(https?:|mailto:|tel:|urn:|data:image/(png|jpeg|gif);|[^:]*([/?#]|$))", re.IGNORECASE
)
"""What an address may begin with: these schemes, or none."""
UNSAFE_STYLE = re.compile(
    r"url\s*\(|expression\s*\(|@import|behaviou?r\s*:|-moz-binding|[\\<]", re.IGNORECASE
)
XML = "http://www.w3.org/XML/1998/namespace"
DEEPEST = 100
MOST_ELEMENTS = 20_000
BLANK = re.compile(r"[\s\u200b]*")


class Unsafe(Exception):
    """The narrative has something that does not belong there."""


def narrative_problem(div: str) -> str:
    """Return what is wrong with a narrative's div, empty for nothing."""
    reading = _Reading()
    try:
        reading.read(div)
    except ExpatError:
        return "The narrative is not well-formed XHTML."
    except Unsafe as unsafe:
        return str(unsafe)
    return "" if reading.says else "The narrative says nothing."


class _Reading:
    """One walk over the elements of a narrative."""

    def __init__(self) -> None:
        self.says = False
        self._depth = self._elements = 0

    def read(self, div: str) -> None:
        parser: XMLParserType = ParserCreate("utf-8", namespace_separator=" ")
        parser.XmlDeclHandler = self._instructed
        parser.StartDoctypeDeclHandler = self._declared
        parser.ProcessingInstructionHandler = self._instructed
        parser.CommentHandler = self._remarked
        parser.StartCdataSectionHandler = self._quoted
        parser.StartElementHandler = self._opened
        parser.EndElementHandler = self._closed
        parser.CharacterDataHandler = self._told
        parser.Parse(div.encode(), True)

    def _declared(self, *_: object) -> None:
        raise Unsafe("A narrative has no document type.")

    def _instructed(self, *_: object) -> None:
        raise Unsafe("A narrative has no processing instructions.")

    def _remarked(self, text: str) -> None:
        if text.startswith((">", "->")):  # where HTML ends the remark at once, and reads on
            raise Unsafe("A remark in a narrative does not begin with >.")

    def _quoted(self) -> None:
        raise Unsafe("A narrative has no CDATA: HTML reads it otherwise than XML.")

    def _opened(self, qualified: str, attributes: dict[str, str]) -> None:
        namespace, _, name = qualified.rpartition(" ")
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise Unsafe("The narrative has too many elements, or too many within each other.")
        if namespace != XHTML or name not in ELEMENTS or (self._depth == 1 and name != "div"):
            raise Unsafe(f"A narrative has no element {name[:32]}.")
        for key, value in attributes.items():
            _check(key, value)
        self.says = self.says or name == "img"

    def _closed(self, _: str) -> None:
        self._depth -= 1

    def _told(self, text: str) -> None:
        self.says = self.says or BLANK.fullmatch(text) is None


def _check(qualified: str, value: str) -> None:
    namespace, _, name = qualified.rpartition(" ")
    if namespace not in {"", XML} or (name not in ATTRIBUTES and not (namespace == XML and name == "space")):
        raise Unsafe(f"A narrative has no attribute {name[:32]}.")
    if name in ADDRESSES and SAFE_ADDRESS.match("".join(value.split())) is None:
        raise Unsafe("This address is not allowed in a narrative.")
    if name == "style" and UNSAFE_STYLE.search(value):
        raise Unsafe("This style is not allowed in a narrative.")
