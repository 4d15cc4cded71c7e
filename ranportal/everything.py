"""The staff's search: all kinds, fields and states, drafts and printed words included."""

import json
import re
from functools import reduce
from operator import and_, or_

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from entries.glossary.models import Term
from entries.models import kinds
from entries.workflow.models import ReviewedRecord, reviewed_models
from entries.workflow.permissions import has_permission
from meetings.groups import WorkingGroup
from records.fields import LinesField
from themes.models import Theme

MOST_OF_A_MODEL = 50
MOST_WORDS = 8
LONGEST = 200
AROUND = 60  # signs before and after what was found


def searched_models(user):
    """Whatever has words of ours, as far as the person may look at it."""
    found = dict.fromkeys([*kinds(), *reviewed_models(), Theme, WorkingGroup, Term])
    return [model for model in found if has_permission(user, "view", model)]


# --- Fields and words ----------------------------------------------------------------


def texts_of(model):
    """The fields that hold words."""
    texts = models.CharField | models.TextField | LinesField
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, texts) and not field.choices
    ]


def text_in(record, field):
    """What a record says in a field, as one text."""
    value = getattr(record, field.name)
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def written(field, word):
    """A word as the field keeps it: JSON has signs of its own for some, and on SQLite for letters
    beyond ASCII, which are told apart by case then.
    """
    if not isinstance(field, models.JSONField):
        return {word}
    spelt = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return {json.dumps(each, ensure_ascii=only)[1:-1] for each in spelt for only in (True, False)}


def containing(model, text):
    """The records that have every word of the text in some field, or an address or tag that does."""
    return model._base_manager.filter(
        reduce(and_, (_having(model, word) for word in text.split()[:MOST_WORDS]))
    ).order_by("-pk")


def _having(model, word):
    conditions = []
    for field in texts_of(model):
        conditions += [Q(**{f"{field.name}__icontains": kept}) for kept in written(field, word)]
    for name, column in (("links", "url"), ("links", "note"), ("tags", "name")):
        if name in {field.name for field in model._meta.get_fields()}:
            found = model._base_manager.filter(**{f"{name}__{column}__icontains": word})
            conditions.append(Q(pk__in=found.values("pk")))
    return reduce(or_, conditions)


def places(record, text):
    """Where a record has the first of the words that stands in a field: (label, before, it, after)."""
    pattern = re.compile("|".join(map(re.escape, text.split()[:MOST_WORDS])), re.IGNORECASE)
    for field in texts_of(type(record)):
        said = text_in(record, field)
        if match := pattern.search(said):
            yield capfirst(field.verbose_name), *around(said, match)


def around(text, match):
    """What was found, with some of the words on either side."""
    first, last = max(match.start() - AROUND, 0), match.end() + AROUND
    before, after = text[first : match.start()], text[match.end() : last]
    return "…" * (first > 0) + before, match[0], after + "…" * (last < len(text))


# --- The page --------------------------------------------------------------------------


class EverythingForm(forms.Form):
    q = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        help_text=_(
            "All of them, anywhere: in drafts, printed words, addresses and what is noted beside them too."
        ),
        widget=forms.TextInput(attrs={"type": "search", "class": "vTextField", "autofocus": True}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("any")), *ReviewedRecord.Status.choices],
    )


class Everything(TemplateView):
    """What every record says, in whatever field and state, for those whose role may look at it."""

    template_name = "admin/everything.html"

    def get_context_data(self, **kwargs):
        searched = searched_models(self.request.user)
        if not searched:
            raise PermissionDenied
        form = EverythingForm(self.request.GET)
        results = []
        if form.is_valid():
            results = [found(model, **form.cleaned_data) for model in searched]
        return super().get_context_data(
            **kwargs,
            **admin.site.each_context(self.request),
            title=_("Search everything"),
            form=form if form.is_bound and form.data else EverythingForm(),
            is_asked=form.is_valid(),
            results=[result for result in results if result["rows"]],
        )


def found(model, q, status):
    """The last written first; whatever has no status is public."""
    records = containing(model, q)
    if status:
        has_status = issubclass(model, ReviewedRecord)
        public = ReviewedRecord.Status.PUBLISHED
        records = records.filter(status=status) if has_status else records
        records = records if has_status or status == public else records.none()
    rows = [*records[: MOST_OF_A_MODEL + 1]]
    names = model._meta
    return {
        "names": names,
        "rows": [
            {
                "record": record,
                "url": f"admin:{names.app_label}_{names.model_name}_change",
                "places": [*places(record, q)][:3],
            }
            for record in rows[:MOST_OF_A_MODEL]
        ],
        "more": len(rows) > MOST_OF_A_MODEL,
    }
