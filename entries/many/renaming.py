"""What a theme, group or tag with another name means to the entries that show it."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from entries.models import kinds
from entries.workflow.models import LoggedTransition
from themes.models import Theme


def note_renaming(sender, record, before, user, note, **kwargs):
    """The pages of public entries say something else: their date moves, and they say why.

    What the entries themselves say is the same, so no version of them is made and nobody has to
    look at each again. A few queries, however many they are.
    """
    text = _("“%(before)s” is called “%(name)s” now. %(note)s") % {
        "before": before,
        "name": record,
        "note": note,
    }
    for model in kinds():
        public = showing(model, record).published()
        content_type = ContentType.objects.get_for_model(model)
        LoggedTransition.objects.bulk_create(
            [
                LoggedTransition(
                    content_type=content_type,
                    object_id=key,
                    action=LoggedTransition.Action.CHANGED,
                    user=user,
                    note=text.strip(),
                )
                for key in public.order_by().values_list("pk", flat=True)
            ],
            batch_size=1000,
        )
        model.objects.filter(pk__in=public.order_by().values("pk")).update(updated=timezone.now())


def number_of_pages(sender, record, **kwargs):
    return sum(showing(model, record).published().count() for model in kinds())


def showing(model, record):
    """The entries of the kind whose page shows the name of the record."""
    if isinstance(record, Theme):
        return model.objects.in_branch(record.slug)
    names = [
        field.name
        for field in model._meta.get_fields()
        if field.many_to_many and not field.auto_created and field.related_model is type(record)
    ]
    return model.objects.filter(**{names[0]: record}) if names else model.objects.none()
