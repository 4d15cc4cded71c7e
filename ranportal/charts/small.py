"""The small map: where on the whole map a page stands. A picture beside words that say it."""

from dataclasses import dataclass, field
from functools import lru_cache

LINE, GAP = 10, 5  # px from row to row, and more before the next main theme
# By the name of a kind: where its column begins, how many marks fit, and how one is drawn.
COLUMNS = {
    "lesson": (0, 10, "M{x} {y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"),
    "practice": (86, 6, "M{x} {top}h6v6h-6z"),
    "question": (140, 4, "M{x} {y}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0z"),
    "meeting": (173, 3, "M{x} {y}l3.5-3.5 3.5 3.5-3.5 3.5z"),
    "paper": (200, 3, "M{x} {top}h3.5l1.5 1.5v4.5h-5z"),
}
PITCH = 8
WIDTH = 226


@dataclass
class Line:
    """A row of the small map: filled shapes, rings, and whether the page is about it."""

    y: float
    is_here: bool
    filled: str = ""
    rings: str = ""

    @property
    def top(self):
        return self.y - LINE / 2


@dataclass
class SmallMap:
    lines: list = field(default_factory=list)
    height: float = 0
    width: int = WIDTH

    @classmethod
    def of(cls, known, here):
        """The places of the map, with those of the themes `here` lit up."""
        small, main, y = cls(), None, LINE / 2
        for row in known.places:
            if main not in (None, row.theme.main.pk):
                y += GAP
            main = row.theme.main.pk
            line = Line(y, row.theme.pk in here)
            for cell in row.cells:
                if cell.kind in COLUMNS:
                    drawn = shapes(cell.kind, cell.count, y)
                    if cell.kind == "question":
                        line.rings += drawn
                    else:
                        line.filled += drawn
            small.lines.append(line)
            y += LINE
        small.height = y - LINE / 2
        return small

    @property
    def here(self):
        return [line for line in self.lines if line.is_here]


@lru_cache(maxsize=5000)
def shapes(kind, count, y):
    """So many shapes, or a bar where they do not fit."""
    start, most, shape = COLUMNS[kind]
    if count > most:
        return f"M{start} {y - 3:g}h{most * PITCH - 2}v6h-{most * PITCH - 2}z"
    return "".join(
        shape.format(x=start + PITCH * place, y=f"{y:g}", top=f"{y - 3:g}")
        for place in range(count)
    )
