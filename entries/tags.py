"""A tag that is renamed: its former slug still narrows a list."""

from taggit.models import Tag

from records.models import FormerSlug


def keep_former_slug(instance, raw=False, **kwargs):
    """Before a tag is saved. One that has its slug again, such as after a deletion, needs none."""
    if raw:
        return
    label = Tag._meta.label_lower
    before = Tag.objects.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if before is None:
        FormerSlug.objects.filter(model=label, slug=instance.slug).delete()
    elif before != instance.slug:
        FormerSlug.rename(label, before, instance.slug)
