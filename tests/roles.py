"""The people of the desk, one of each role, each with a browser of their own."""

from django.contrib.auth.models import Group, User
from django.test import Client

from tests.test_admin import Desk

ROLES = ("contributor", "curator", "editor")
# Beside the roles: somebody who may sign in and nothing else, and a superuser.
STAFF = ("nobody", *ROLES, "superuser")


def person(role, name=None):
    """Somebody who has the role, at their desk: `desk.user`, `desk.client`."""
    user = User.objects.create_user(name or f"the {role}", is_staff=True)
    if role == "superuser":
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    elif role in ROLES:
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    desk = Desk(client)
    desk.user = User.objects.get(pk=user.pk)
    return desk
