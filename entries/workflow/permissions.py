from django.contrib.auth import get_permission_codename


def has_permission(user, permission, model):
    """Whether the person's roles give a permission over the model, or that of a record."""
    codename = get_permission_codename(permission, model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}")
