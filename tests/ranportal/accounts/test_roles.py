"""The roles and their rights, kept by every migration."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

pytestmark = pytest.mark.django_db


# --- The roles -----------------------------------------------------------------------


def test_every_migration_gives_the_roles_what_is_theirs_and_leaves_other_groups_alone():
    curators, others = Group.objects.get(name="curator"), Group.objects.create(name="others")
    before = {*curators.permissions.all()}
    publish = Permission.objects.get(codename="publish_lesson")
    curators.permissions.set([publish])
    others.permissions.set([publish])
    Group.objects.get(name="editor").delete()
    call_command("migrate", verbosity=0)
    assert {*curators.permissions.all()} == before
    assert [*others.permissions.all()] == [publish]
    assert publish in Group.objects.get(name="editor").permissions.all()
