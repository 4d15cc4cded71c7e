"""The entries of a page as Zotero collects them, one or many at once, by unAPI.

From a page of which it only reads the metadata, Zotero takes no tags, whatever they are called;
by unAPI it takes the very RIS file. A page names the server in its head (`rel="unapi-server"`) and
each entry in an empty `abbr`, as the address of a briefing does: `practices/anchor-work`.
"""

from xml.sax.saxutils import quoteattr

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.generic import View

from entries.formats.bibtex import BibTeXFile
from entries.formats.ris import RISFile
from entries.models import kinds
from records.parameters import refusal

FORMATS = {"ris": RISFile, "bibtex": BibTeXFile}


class AskedForm(forms.Form):
    id = forms.RegexField(r"^[a-z]+/[-a-zA-Z0-9_]{1,120}\Z", required=False)
    format = forms.ChoiceField(choices=[(name, name) for name in FORMATS], required=False)


class UnAPI(View):
    """Without `id` the formats there are; with `id` and `format` the way to the file."""

    read_parameters = ("id", "format")

    def get(self, request):
        asked = AskedForm(request.GET)
        if not asked.is_valid():
            known = ", ".join(FORMATS)
            message = _("Give an id such as practices/anchor-work, and one of the formats: %s.")
            return refusal(BadRequest(message % known))
        name, file = asked.cleaned_data["id"], FORMATS.get(asked.cleaned_data["format"])
        if not (name and file):
            return HttpResponse(formats(name), content_type="application/xml")
        path, slug = name.split("/")
        of_path = {model.kind.path: model.kind for model in kinds()}
        if path not in of_path:
            return refusal(BadRequest(_("Nothing is kept under %s.") % path))
        return HttpResponseRedirect(of_path[path].url(f"detail-{file.extension}", slug))


def formats(name):
    """The formats in the words of unAPI, of all entries or of one."""
    each = "".join(
        f"<format name={quoteattr(name)} type={quoteattr(file.content_type.partition(';')[0])}/>"
        for name, file in FORMATS.items()
    )
    of = f" id={quoteattr(name)}" if name else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><formats{of}>{each}</formats>'
