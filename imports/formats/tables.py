"""Rows of a table: a form of labels with their values, or items with a cell for each detail."""

import re

from imports.formats import block as roles
from imports.formats.block import Block

_FORM = re.compile(
    r"(?:name|title) of (?:the )?practice|description.*|key themes?.*|target .{0,20}|geographical scope.*|start.{0,25}"
    r"|deliverables?.*|evidence.*|sustainability.*|presented.*|linked.*|organi[sz]ation.*|country.*|contact.*|last update.*"
    r"|when|where|languages?|organi[sz]ers?|publication date|authors?|date|venue|location|place|topics?|website",
    re.IGNORECASE | re.DOTALL,
)


def blocks_of_row(cells, page, is_form):
    """`cells` are lists of blocks, one list for each cell."""
    cells = [cell for cell in cells if any(block.text.strip() for block in cell)]
    if not cells:
        return []
    if len(cells) == 1:
        return cells[0]
    if is_form:
        first, *rest = cells
        label = Block(
            "\n".join(block.text for block in first),
            page,
            roles.LABEL,
            links=[link for b in first for link in b.links],
        )
        return [label, *(block for cell in rest for block in cell)]
    text = "\t".join("\n".join(block.text for block in cell) for cell in cells)
    return [
        Block(
            text,
            page,
            roles.ROW,
            level=1,
            links=[link for cell in cells for b in cell for link in b.links],
        )
    ]


def is_form(rows):
    """Whether rows of (first text, the rest) are labels with what was filled in."""
    pairs = [(first.strip(), rest.strip()) for first, rest in rows if first.strip()]
    if not pairs:
        return False
    known = sum(
        bool(_FORM.fullmatch(first.strip(" :*"))) or first.endswith(":") for first, _ in pairs
    )
    if known >= 0.5 * len(pairs):
        return True
    short = sum(len(first) <= 45 for first, _ in pairs)
    longer = sum(len(rest) for _, rest in pairs) > 4 * sum(len(first) for first, _ in pairs)
    return short == len(pairs) and longer
