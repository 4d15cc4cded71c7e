from records.roles import LOOK, WRITE

ROLES = {
    "contributor": {"meetings.workinggroup": LOOK, "meetings.chair": LOOK},
    "editor": {"meetings.workinggroup": WRITE, "meetings.chair": WRITE},
}
