"""Text as the formats can hold it."""

import re
from functools import lru_cache

# What neither XML nor a calendar may hold; it comes with text pasted from elsewhere.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# Where a format knows no way to say that a sign is not its separator, one that looks like it.
LOOK_ALIKES = str.maketrans(
    {",": "\N{SINGLE LOW-9 QUOTATION MARK}", ";": "\N{FULLWIDTH SEMICOLON}"}
)
# An author that the portal knows for a person: 'Doe, Jane', 'van der Berg, J. P.'.
PERSON = re.compile(
    r"(?:[^\W\d_][\w’'.-]*)(?: [^\W\d_][\w’'.-]*){0,3}, (?:[A-ZÀ-ÞŁŚŠŽĆČĐ][\w’'.-]*)(?: [\w’'.-]+){0,2}"
)
# Words of which the name of an organisation is made, and no person's.
ORGANISATION = re.compile(
    r"\b(?:affairs|agency|and|association|authority|centre|center|clinic|college|commission|council"
    r"|department|directorate|dg|eu|european|federal|for|forum|foundation|group|home|hospital|health"
    r"|institute|institution|international|justice|migration|ministry|national|network|of|office"
    r"|organi[sz]ation|police|practitioners|prison|probation|programme|project|ran|school|service"
    r"|services|society|the|trust|und|union|unit|university|welfare|working)\b|&|\d",
    re.IGNORECASE,
)


def printable(text):
    """The text with a space for every character that a file cannot hold."""
    return text if text.isprintable() else UNPRINTABLE.sub(" ", text)


def one_line(text):
    """The text without what would begin a new field, or a new record."""
    if text.isprintable() and "  " not in text:  # as nearly every text is
        return text.strip(" ")
    return " ".join(printable(text).split())


@lru_cache(maxsize=2000)
def unsplit(text):
    """The text as one, to a reader that would split it at a comma or a semicolon."""
    return text.translate(LOOK_ALIKES)


@lru_cache(maxsize=2000)
def is_person(name):
    """Whether it is a person's name, family name first; any other is an organisation's."""
    return bool(PERSON.fullmatch(name)) and not ORGANISATION.search(name)
