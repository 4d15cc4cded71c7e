from records.roles import LOOK, WRITE

ROLES = {
    "contributor": {"themes.theme": LOOK, "themes.absence": LOOK},
    "editor": {"themes.theme": WRITE, "themes.absence": WRITE},
}
