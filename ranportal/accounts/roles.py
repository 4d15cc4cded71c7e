"""The three roles of the desk, as groups. Superusers put people into them, and manage people."""

from itertools import product

from django.apps import apps
from django.db.models import Q

from entries.models import kinds

KINDS = tuple(kind._meta.label_lower for kind in kinds())
# What entries hang on, kept by editors.
VOCABULARY = (
    "themes.theme",
    "themes.absence",
    "meetings.workinggroup",
    "meetings.chair",
    "entries.synonym",
    "taggit.tag",
)
# What the portal keeps by itself, to look at.
KEPT = ("entries.country", "records.formerslug")

LOOK = ("view",)
WRITE = ("view", "add", "change", "delete")

# A role has what the role before it has, and this. Which entries a contributor may
# change is a rule about each (`entries.workflow`), as is who may take which step.
ROLES = {
    "contributor": [
        (WRITE, KINDS),
        (LOOK, (*VOCABULARY, *KEPT, "entries.link", "lessons.uptake")),
    ],
    "curator": [(("curate",), KINDS), (WRITE, ("entries.link", "lessons.uptake"))],
    "editor": [(("publish",), KINDS), (WRITE, VOCABULARY)],
}


def codenames(rights, models):
    """The permissions as Django names them: (app, codename)."""
    for right, model in product(rights, models):
        app, name = model.split(".")
        yield app, f"{right}_{name}"


def keep_roles(using, apps=apps, **kwargs):
    """Make the groups, and give them exactly the permissions of their roles.

    Runs after every migration and flush, like `entries.apps.load_countries`: permissions
    are themselves made after migrations only. A role of another cut is a group of
    another name, which nothing here touches.
    """
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    given = Q(pk=None)
    for name, grants in ROLES.items():
        for rights, models in grants:
            for app, codename in codenames(rights, models):
                given |= Q(content_type__app_label=app, codename=codename)
        group, _made = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(Permission.objects.using(using).filter(given))
