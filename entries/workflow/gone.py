"""Entries that were public and are so no longer: their addresses say why, for good."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _


def farewell(entry):
    """The same as the page, in a line."""
    said = [
        _("This %(kind)s was withdrawn.") % {"kind": entry._meta.verbose_name},
        entry.withdrawn_reason,
        entry.see_instead and _("See instead: %(address)s") % {"address": entry.see_instead},
    ]
    return " ".join(filter(None, said))


class GoneEntries:
    """Of a view of one entry: what the public may no longer see answers 410, with the reason."""

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            entry = self.model.objects.gone().filter(slug=kwargs["slug"]).first()
            if entry is None:
                raise
            return self.gone(entry)

    def is_known(self, slug):
        return super().is_known(slug) or self.model.objects.gone().filter(slug=slug).exists()

    def gone(self, entry):
        return TemplateResponse(self.request, "entries/gone.html", {"entry": entry}, status=410)
