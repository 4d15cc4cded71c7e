"""What each role may do with the models of this app.

Every app says so of its own models, in a `roles.py` like this one; `ranportal.accounts.groups`
makes the groups. A role may also do what the roles before it may.
"""

LOOK = ("view",)
WRITE = ("view", "add", "change", "delete")

ROLES = {"contributor": {"records.formerslug": LOOK}}
