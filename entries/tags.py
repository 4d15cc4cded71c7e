"""A tag that is renamed: its former slug still narrows a list."""

from taggit.models import Tag

from records.models import FormerSlug


def keep_former_slug(instance, raw=False, **kwargs):
    """Before a tag is saved."""
    before = Tag.objects.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if before and before != instance.slug and not raw:
        FormerSlug.rename(Tag._meta.label_lower, before, instance.slug)
