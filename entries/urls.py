from django.urls import path

from entries.formats.atom import EntryAtom
from entries.formats.bibtex import EntryBibTeX
from entries.formats.ris import EntryRIS
from entries.formats.signposts import ENTRY_FILES

# The formats that every kind is written in alike; each kind adds its own, such as its CSV.
COMMON_FORMATS = (EntryRIS, EntryBibTeX, EntryAtom)


def kind_urls(list_view, detail_view, *own_formats):
    """The addresses of a kind: its list and an entry's page, and both in every format."""
    kind = list_view.model._meta.model_name
    same = {"model": list_view.model, "filterset_class": list_view.filterset_class}
    return [
        path(f"{kind}s/", list_view.as_view(), name=f"{kind}-list"),
        path(f"{kind}s/<slug:slug>/", detail_view.as_view(), name=f"{kind}-detail"),
        *(
            path(
                f"{kind}s.{format_view.extension}",
                format_view.as_view(**same),
                name=f"{kind}-{format_view.extension}",
            )
            for format_view in (*own_formats, *COMMON_FORMATS)
        ),
        *(
            path(
                f"{kind}s/<slug:slug>.{file_view.extension}",
                file_view.as_view(model=list_view.model),
                name=f"{kind}-detail-{file_view.extension}",
            )
            for file_view in ENTRY_FILES
        ),
    ]
