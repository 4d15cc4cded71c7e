"""Find and replace in whole words, over all entries: every hit is shown, and chosen or not."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import count, islice

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from entries.many.changing import MOST, change_many, key_of
from entries.many.forms import ManyForm
from entries.many.outcome import outcome_page
from entries.models import kinds
from entries.workflow.permissions import has_permission
from ranportal.everything import LONGEST, around, containing, text_in, texts_of

MOST_HITS = 300
MOST_READ = 2000  # entries of a kind that have the words, if only as parts of others or as printed
# What is as a source printed it, or what an address or a machine reads.
NEVER = ("slug", "content_language", "language")


def replaceable(model):
    """The fields with words of ours; what a source printed stays as it was printed."""
    return [
        field
        for field in texts_of(model)
        if field.editable
        and not isinstance(field, models.URLField)
        and not field.name.endswith("as_printed")
        and field.name not in NEVER
    ]


def pattern_of(text):
    """The words as they are, in any case, however they are spaced, and not as parts of others."""
    words = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def put_in(match, text):
    """What stands in the place of a hit: with a capital where that has one and is not typed so."""
    begins_sentence = match[0][:1].isupper() and not match[0].isupper()
    return text[:1].upper() + text[1:] if begins_sentence else text


@dataclass
class Hit:
    """One place in one field of one entry where the words stand."""

    entry: models.Model
    field: models.Field
    number: int  # in the field
    before: str
    found: str
    replacement: str
    after: str

    @property
    def key(self):
        return f"{key_of(self.entry)}:{self.field.name}:{self.number}"

    @property
    def label(self):
        return capfirst(self.field.verbose_name)


def hits(models_searched, find, replacement):
    """The first MOST_HITS hits in up to MOST entries, and whether there are more."""
    found, entries = [], []
    pattern = pattern_of(find)
    for model in models_searched:
        for read, entry in enumerate(containing(model, find)[: MOST_READ + 1]):
            rows = [*islice(hits_of(entry, pattern, replacement), MOST_HITS + 1)]
            is_full = rows and (len(found) + len(rows) > MOST_HITS or len(entries) == MOST)
            if is_full or read == MOST_READ:
                # Of an entry that alone has more, as many as a page shows.
                return found or rows[:MOST_HITS], entries or [entry], True
            found += rows
            entries += [entry] if rows else []
    return found, entries, False


def hits_of(entry, pattern, replacement):
    for field in replaceable(type(entry)):
        text = text_in(entry, field)
        for number, match in enumerate(pattern.finditer(text)):
            before, said, after = around(text, match)
            yield Hit(entry, field, number, before, said, put_in(match, replacement), after)


def replace(entry, numbers, pattern, replacement):
    """Put the replacement in the chosen places: {name of a field: numbers of its hits}."""
    for field in replaceable(type(entry)):
        chosen, at = numbers.get(field.name, ()), count()
        text = pattern.sub(
            lambda match, chosen=chosen, at=at: (
                put_in(match, replacement) if next(at) in chosen else match[0]
            ),
            text_in(entry, field),
        )
        if chosen:
            is_list = isinstance(getattr(entry, field.name), list)
            setattr(entry, field.name, text.split("\n") if is_list else text)


# --- The page --------------------------------------------------------------------------


class FindForm(forms.Form):
    find = forms.CharField(
        label=_("Find"),
        max_length=LONGEST,
        help_text=_("Whole words, in small letters or capitals."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
    )
    replacement = forms.CharField(
        label=_("Replace with"),
        required=False,
        max_length=LONGEST,
        help_text=_("Empty: the words go. A capital is kept where a sentence begins."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class ReplaceForm(ManyForm):
    """Which of the hits are replaced, and why."""

    def __init__(self, *args, hits, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hits"] = forms.MultipleChoiceField(
            choices=[(hit.key, hit.found) for hit in hits],
            error_messages={"required": _("Choose at least one of the places.")},
        )
        self.fields["note"].required = any(entry.is_public for entry in self.entries)

    @property
    def chosen(self):
        """{key of an entry: {field: numbers}}."""
        found = defaultdict(lambda: defaultdict(set))
        for key in self.cleaned_data["hits"]:
            entry, name, number = key.rsplit(":", 2)
            found[entry][name].add(int(number))
        return found


class FindAndReplace(TemplateView):
    template_name = "admin/replace.html"

    def dispatch(self, request, *args, **kwargs):
        self.models = [model for model in kinds() if has_permission(request.user, "change", model)]
        if not self.models:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request):
        find = FindForm(request.POST)
        if not find.is_valid():
            return self.render_to_response(self.get_context_data(find=find))
        words, replacement = find.cleaned_data["find"], find.cleaned_data["replacement"]
        found, entries, _more = hits(self.models, words, replacement)
        form = ReplaceForm(request.POST, hits=found, entries=entries)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(find=find, form=form))
        chosen, pattern = form.chosen, pattern_of(words)
        outcomes = change_many(
            [entry for entry in entries if key_of(entry) in chosen],
            request.user,
            form.cleaned_data["note"],
            lambda entry: replace(entry, chosen[key_of(entry)], pattern, replacement),
            form.seen,
        )
        return outcome_page(request, outcomes)

    def get_context_data(self, find=None, form=None, **kwargs):
        asked = find or FindForm(self.request.GET)
        found, entries, more = [], [], False
        if asked.is_valid():
            found, entries, more = hits(self.models, *asked.cleaned_data.values())
        return super().get_context_data(
            **kwargs,
            **admin.site.each_context(self.request),
            title=_("Find and replace"),
            find=asked if asked.data else FindForm(),
            form=form or ReplaceForm(hits=found, entries=entries),
            hits=found,
            chosen=form.data.getlist("hits") if form else [],
            more=more,
            is_asked=asked.is_valid(),
        )
