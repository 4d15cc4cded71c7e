from django.urls import path

from entries.columns import columns_of
from entries.formats.atom import EntryAtom
from entries.formats.bibtex import EntryBibTeX
from entries.formats.csv import EntryCSV
from entries.formats.ris import EntryRIS
from entries.formats.signposts import ENTRY_FILES
from entries.formats.xlsx import EntryXLSX

# The formats that every kind is written in alike; a kind adds its own, such as a calendar.
TABLES = (EntryXLSX, EntryCSV)
COMMON_FORMATS = (EntryRIS, EntryBibTeX, EntryAtom)


def kind_urls(list_view, detail_view, *own_formats):
    """The addresses of a kind: its list and an entry's page, and both in every format."""
    kind = list_view.model.kind
    same = {"model": list_view.model, "filterset_class": list_view.filterset_class}
    return [
        path(f"{kind.path}/", list_view.as_view(), name=kind.view_name("list")),
        path(f"{kind.path}/<slug:slug>/", detail_view.as_view(), name=kind.view_name("detail")),
        *(
            path(
                f"{kind.path}.{format_view.extension}",
                format_view.as_view(**same),
                name=kind.view_name(format_view.extension),
            )
            for format_view in (*own_formats, *COMMON_FORMATS)
        ),
        *(
            path(
                f"{kind.path}.{table.extension}",
                table.as_view(**same, columns=columns_of(list_view.model)),
                name=kind.view_name(table.extension),
            )
            for table in TABLES
        ),
        *(
            path(
                f"{kind.path}/<slug:slug>.{file_view.extension}",
                file_view.as_view(model=list_view.model),
                name=kind.view_name(f"detail-{file_view.extension}"),
            )
            for file_view in ENTRY_FILES
        ),
    ]
