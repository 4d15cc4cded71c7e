"""Constraints of rows that belong to one of several records, by one foreign key for each model."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q


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
