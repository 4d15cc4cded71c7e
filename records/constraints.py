"""Constraints that several models have: of rows that belong to one of several records, of addresses."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def exactly_one(keys, name, message):
    """That one of these keys is set and no other."""
    one = [Q(**{f"{other}__isnull": other != key for other in keys}) for key in keys]
    return models.CheckConstraint(
        condition=reduce(or_, one), name=name, violation_error_message=message
    )


def once_for_each(keys, fields, name, message=None):
    """That a record has no two rows alike in these fields; `{}` in the name is the key's."""
    return [
        models.UniqueConstraint(
            fields=[*fields, key],
            condition=Q(**{f"{key}__isnull": False}),
            name=name.format(key),
            violation_error_message=message,
        )
        for key in keys
    ]


def leads_to_a_page(field, name):
    """That an address is none that a browser would run as a script: it becomes a link."""
    schemes = [
        Q(**{f"{field}__istartswith": f"{scheme}://"}) for scheme in ("http", "https", "ftp")
    ]
    return models.CheckConstraint(
        condition=reduce(or_, [Q(**{field: ""}), *schemes]),
        name=name,
        violation_error_message=_("An address begins with https:// or http://."),
    )
