"""What every reader hands over: the pieces of a file in their order, as printed."""

import re
from dataclasses import asdict, dataclass, field

# What a reader can tell of a piece without knowing what the document is.
HEADING, PARAGRAPH, BULLET, MORE = "heading", "paragraph", "bullet", "more"
LABEL, ROW, NOTE, ADDRESS, FURNITURE = "label", "row", "note", "address", "furniture"

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"‘’“”]+", re.IGNORECASE)


class Unreadable(Exception):
    """A file that cannot be read. Its text is for the curator: what is wrong and the way out."""


@dataclass
class Block:
    """A piece of a file. `text` is as printed, line by line; `marker` stands in it too.

    `links` are addresses that the file itself ties to words of this piece: (address, words).
    """

    text: str
    page: int | None = None
    role: str = PARAGRAPH
    level: int = 0
    marker: str = ""
    links: list = field(default_factory=list)
    place: str = ""

    @property
    def body(self):
        """The text without the sign that opens it."""
        text = self.text.strip()
        return text[len(self.marker) :].lstrip() if self.marker else text

    def as_dict(self):
        return asdict(self)


@dataclass
class Document:
    """A file as it was read."""

    format: str
    blocks: list
    title: str = ""  # what the file itself says its title is
    language: str = ""  # the same for its language
    address: str = ""  # where a web page says it stands
    notes: list = field(default_factory=list)  # what the reader has to say
    cells: list = field(default_factory=list)  # of a spreadsheet, row by row

    def as_dict(self):
        return asdict(self)

    @classmethod
    def from_dict(cls, row):
        return cls(**row | {"blocks": [Block(**block) for block in row["blocks"]]})
