"""The three roles of the desk, as groups. Superusers put people into them, and manage people.

What a role may do stands with the models it does it to, in each app's `roles.py`.
"""

from importlib import import_module

from django.apps import apps as installed
from django.db.models import Q
from django.utils.module_loading import module_has_submodule

# Each may do what the one before it may, and more.
NAMES = ("contributor", "curator", "editor")


def declared():
    """Yield what the apps declare: (role, model, permissions)."""
    for config in installed.get_app_configs():
        if module_has_submodule(config.module, "roles"):
            for role, models in import_module(f"{config.name}.roles").ROLES.items():
                for model, permissions in models.items():
                    yield role, model, permissions


def keep_roles(using, apps=installed, **kwargs):
    """Make the groups, and give them exactly the permissions of their roles.

    Runs after every migration and flush, like `entries.apps.load_countries`: permissions
    are themselves made after migrations only. A role of another cut is a group of
    another name, which nothing here touches.
    """
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    given, grants = Q(pk=None), [*declared()]
    for name in NAMES:
        for _role, model, permissions in (grant for grant in grants if grant[0] == name):
            app, model_name = model.split(".")
            codenames = [f"{permission}_{model_name}" for permission in permissions]
            given |= Q(content_type__app_label=app, codename__in=codenames)
        group, _made = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(Permission.objects.using(using).filter(given))
