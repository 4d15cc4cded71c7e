"""What waits for a person, of all that goes through review: the longest waiting first."""

from itertools import chain, islice

from entries.workflow.models import reviewed_models
from entries.workflow.permissions import has_permission

MOST = 500  # of each model, from which the next one is chosen
MOST_AT_ONCE = 50  # from one source, decided together


def curated(user):
    """The models whose records this person reviews."""
    return [model for model in reviewed_models() if has_permission(user, "curate", model)]


def places(user):
    """(since when, number of the model, key) of each record that waits, in order."""
    found = (
        [
            (updated, number, pk)
            for updated, pk in model.objects.waiting_for(user)
            .order_by("updated", "pk")
            .values_list("updated", "pk")[:MOST]
        ]
        for number, model in enumerate(curated(user))
    )
    return sorted(chain.from_iterable(found))


def beside(user, record):
    """The place of a record among those that wait, how many there are, and the one to come next."""
    models, order = curated(user), places(user)
    keys = [(number, pk) for _since, number, pk in order]
    own = (models.index(type(record)), record.pk) if type(record) in models else None
    place = keys.index(own) + 1 if own in keys else None
    others = [*keys[place:], *keys[: place - 1]] if place else keys
    following = None
    if others:
        number, pk = others[0]
        following = models[number].objects.filter(pk=pk).first()
    return place, len(keys), following


def from_source(user, source):
    """The records in review that were taken from a source and wait for this person: the first."""
    found = (
        model.objects.to_review(user).filter(source=source).order_by("pk")[:MOST_AT_ONCE]
        for model in curated(user)
    )
    return [*islice(chain.from_iterable(found), MOST_AT_ONCE)]
