from functools import cache

from django.urls import reverse

from entries.models import kinds


def kinds_of_entries(request):
    """The kinds in display order, for the navigation of every page, and where in it one is."""
    standing_at = request.path if request.path in navigation() else ""
    return {"kinds": [model.kind for model in kinds()], "standing_at": standing_at}


@cache
def navigation():
    return {*(str(model.kind.list_url) for model in kinds()), reverse("map"), reverse("search")}
