from entries.views import EntryDetail, EntryList
from practices.filters import PracticeFilter
from practices.models import Practice


class PracticeList(EntryList):
    model = Practice
    filterset_class = PracticeFilter
    compared_at = "comparison"


class PracticeDetail(EntryDetail):
    model = Practice
