"""What the readers of files with a structure of their own share."""

import re
from dataclasses import replace

from imports.formats import block as roles
from imports.formats.block import URL

TAIL = re.compile(r"[\w\-./%?=&#~+,:;@]+")


def addresses_apart(blocks):
    """Paragraphs that hold addresses and nothing else: a block for each address."""
    result = []
    for block in blocks:
        lines = [line.strip() for line in block.text.split("\n") if line.strip()]
        only = (
            block.role in (roles.PARAGRAPH, roles.ADDRESS)
            and lines
            and all(
                URL.fullmatch(line)
                or (number and TAIL.fullmatch(line) and re.search(r"[/_.=%-]", line))
                for number, line in enumerate(lines)
            )
        )
        if not only or not URL.fullmatch(lines[0]):
            result.append(block)
            continue
        for line in lines:
            if URL.fullmatch(line):
                result.append(replace(block, text=line, role=roles.ADDRESS, links=[]))
            else:
                result[-1].text += "\n" + line
    return result
