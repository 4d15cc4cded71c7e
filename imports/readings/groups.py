"""Working groups of RAN by their names and aliases, as they head a bullet or a page."""

import re

# How RAN writes its own groups. What the portal has of a group goes before these.
KNOWN = {
    "RAN HEALTH": [
        "RAN MENTAL HEALTH",
        "RAN Mental Health working group",
        "RAN HEALTH working group",
        "RAN Practitioners Mental Health Working Group",
        "RAN MH",
    ],
    "RAN H&SC": [
        "RAN HSC",
        "RAN Health & Social Care working group",
        "RAN Health and Social Care",
        "RAN H&SC working group",
        "RAN Health & Social Care",
    ],
    "RAN POLICE": ["RAN POL", "RAN Police and law enforcement working group"],
    "RAN Policy & Practice": ["RAN P&P", "RAN Policy and Practice"],
    "RAN LOCAL": ["RAN Local Authorities"],
    "RAN EXIT": [],
    "RAN YF&C": ["RAN Youth, Families and Communities", "RAN Youth, Families & Communities"],
    "RAN FC&S": [
        "RAN Families, Communities and Social Care",
        "RAN Families, Communities & Social Care",
        "RAN FCS",
    ],
    "RAN Y&E": ["RAN Youth and Education", "RAN Youth & Education"],
    "RAN YOUNG": [],
    "RAN EDU": ["RAN Education"],
    "RAN C&N": ["RAN Communication and Narratives", "RAN Communication & Narratives"],
    "RAN PRISONS": ["RAN P&P Prison", "RAN Prison and Probation", "RAN Prison & Probation"],
    "RAN REHABILITATION": ["RAN Rehabilitation working group"],
    "RAN RVT": ["RAN VVT", "RAN Victims of Terrorism", "RAN Remembrance of Victims of Terrorism"],
    "RAN DERAD": [],
    "RAN Policy Support": [],
}
# Printed together: the group's own joint names.
JOINT = {"RAN H&SC-POL": ["RAN H&SC", "RAN POLICE"]}
WORDS_AFTER = r"(?:\s+(?:working\s+group|WG|sub-?group))?"


class Groups:
    """Names and aliases of groups, as a reader of printed words."""

    def __init__(self, rows=()):
        """`rows` are (name, aliases) as the portal has them."""
        names = {name: {name, *aliases} for name, aliases in rows}
        taken = {_fold(alias) for aliases in names.values() for alias in aliases}
        for name, aliases in KNOWN.items():
            home = next((own for own, has in names.items() if _fold(name) in map(_fold, has)), name)
            names.setdefault(home, set()).update(
                alias for alias in (name, *aliases) if _fold(alias) not in taken
            )
        self.by_alias = {_fold(alias): [name] for name, has in names.items() for alias in has}
        self.by_alias |= {_fold(name): parts for name, parts in JOINT.items()}
        one = "|".join(
            re.escape(alias).replace(r"\ ", r"\s+")
            for alias in sorted(
                {
                    alias
                    for has in (*names.values(), JOINT)
                    for alias in has
                    if alias.startswith("RAN ")
                },
                key=len,
                reverse=True,
            )
        )
        one = rf"(?:{one})(?![\w&])(?:/[A-Z&]{{2,6}}\b)*{WORDS_AFTER}"
        joined = r"(?:\s*(?:,|/|&|\+)\s*|\s+(?:and|und|et|with)\s+)"
        self.pattern = re.compile(one, re.IGNORECASE)
        self.at_head = re.compile(rf"{one}(?:{joined}{one})*", re.IGNORECASE)

    def all(self, text):
        """The names of the groups that the text mentions, each once, in their order."""
        return list(
            dict.fromkeys(name for m in self.pattern.finditer(text) for name in self.read(m[0]))
        )

    def read(self, text):
        first, *others = text.split("/")
        if others:  # 'RAN C&N/MH'
            return [n for part in (first, *(f"RAN {o}" for o in others)) for n in self.read(part)]
        folded = _fold(text)
        without = re.sub(r"(workinggroup|wg|subgroup)$", "", folded)
        return self.by_alias.get(folded) or self.by_alias.get(without) or []

    def head(self, text):
        """The groups that open the text: (names, as printed, what follows)."""
        if match := self.at_head.match(text):
            return self.all(match[0]), match[0], text[match.end() :]
        if match := re.match(r"RAN\b(?!\s*(?:Collection|Practitioners|Policy\s+Support))", text):
            return [], match[0], text[match.end() :]
        return [], "", text


def _fold(text):
    return re.sub(r"[\s.–-]+", "", text.replace("-POL", "POL")).casefold()
