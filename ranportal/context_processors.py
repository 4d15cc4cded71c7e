from entries.models import kinds


def kinds_of_entries(request):
    """The kinds in display order, for the navigation of every page."""
    return {"kinds": [model.kind for model in kinds()]}
