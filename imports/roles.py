"""Imports are made by curators and editors; contributors have nothing to do with them."""

from records.roles import LOOK

ROLES = {
    "contributor": {},
    "curator": {
        "imports.import": ("view", "add", "change", "delete"),
        "imports.proposal": ("view", "change"),
        "imports.block": LOOK,
    },
}
