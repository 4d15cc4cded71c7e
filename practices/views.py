from entries.formats.csv import EntryCSV
from entries.views import EntryDetail, EntryList
from practices.filters import PracticeFilter
from practices.models import Practice


class PracticeList(EntryList):
    model = Practice
    filterset_class = PracticeFilter


class PracticeCSV(EntryCSV):
    model = Practice
    filterset_class = PracticeFilter
    columns = (
        "url",
        "title",
        "country_codes",
        "countries",
        "programme",
        "scope",
        "themes",
        "tags",
        "description",
        "collection_status",
        "source",
        "source_page",
        "links",
    )
    own_columns = {"title": lambda practice: practice.name}


class PracticeDetail(EntryDetail):
    model = Practice
