"""The page of a record that goes through review: there for the public, for its staff, or gone."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _


def farewell(entry):
    """The same as the page, in a line."""
    said = [
        _("This %(kind)s was withdrawn.") % {"kind": entry._meta.verbose_name},
        entry.withdrawn_reason,
        entry.see_instead and _("See instead: %(address)s") % {"address": entry.see_instead},
    ]
    return " ".join(filter(None, said))


class ReviewedPage:
    """Of a view of one record, which may not be public.

    What was public once answers 410, with the reason. Whoever may see it all the same, as a
    draft, is shown it alone: no cache keeps it, between them and the portal or in their browser.
    """

    def get(self, request, *args, **kwargs):
        try:
            response = super().get(request, *args, **kwargs)
        except Http404:
            record = self.model.objects.gone().filter(slug=kwargs["slug"]).first()
            if record is None:
                raise
            return self.gone(record)
        record = getattr(self, "object", None)  # none where the address redirects
        if record is not None and not record.is_public:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def is_known(self, slug):
        return super().is_known(slug) or self.model.objects.gone().filter(slug=slug).exists()

    def gone(self, record):
        names = record._meta
        context = {
            "record": record,
            "name": names.verbose_name,
            "plural": names.verbose_name_plural,
            "list_url": reverse(f"{names.model_name}-list"),
        }
        return TemplateResponse(self.request, "entries/gone.html", context, status=410)
