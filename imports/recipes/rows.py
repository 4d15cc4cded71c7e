"""A row of a table as the reference that its cells are, by what the head of the table calls them."""

CALLED = {
    "title": ("title", "paper", "meeting", "name", "practice", "topic"),
    "group": ("group", "working group"),
    "place": ("place", "location", "country"),
    "date": ("date", "year"),
}
HEADS = {word for words in CALLED.values() for word in words} | {
    "link",
    "description",
    "no",
    "nr",
    "no.",
    "organisation",
    "type",
}


def head_of(text):
    """The names of the columns, where the row names nothing else; [] of any other row."""
    names = [cell.strip().casefold() for cell in text.split("\t")]
    return names if names and all(name in HEADS or not name for name in names) else []


def reference_of(columns, text):
    """'Group, title, place, date. The rest.'; empty where no head tells the cells apart."""
    cells = dict(zip(columns, map(str.strip, text.split("\t")), strict=False))
    found = {
        part: next((cells.pop(word) for word in words if cells.get(word)), "")
        for part, words in CALLED.items()
    }
    if not found["title"]:
        return ""
    order = (found["group"], found["title"], found["place"], found["date"])
    says = f"This {cells['type'].lower()}" if cells.get("type") else ""  # what it calls itself
    rest = [says, cells.get("description", ""), cells.get("organisation", "")]
    return ". ".join(filter(None, [", ".join(filter(None, order)), *rest]))
