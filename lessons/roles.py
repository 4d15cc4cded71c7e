from records.roles import LOOK, WRITE

ROLES = {"contributor": {"lessons.uptake": LOOK}, "curator": {"lessons.uptake": WRITE}}
