"""What a cell of a spreadsheet says, as the form of the kind would have been given it."""

from django.core.exceptions import ValidationError
from django.db import models
from taggit.models import Tag

from entries.columns import addresses, parts
from entries.links.models import Link
from entries.models import Country
from imports.formats.spreadsheet import FORMULA
from imports.readings import places
from meetings.groups import WorkingGroup
from records import dates
from records.fields import LinesField
from themes.models import Theme

BY_SLUG = {"themes": Theme, "groups": WorkingGroup}
SEVERAL = object()  # what a name stands for that more than one record has
ITSELF = "itself"  # of a paper that is its own source


class Problem(Exception):
    """A cell that cannot be taken in. Its text says why."""


class Cells:
    """Reads the cells of a table of one kind; what they may name is asked for once."""

    def __init__(self, model):
        self.model, self.vocabulary = model, {}

    def value(self, column, cell):
        if cell.startswith(FORMULA):
            raise Problem("a formula; give what it comes to")
        if column.field == "links":
            return self._addresses(addresses(cell))
        if column.field == "tags":
            return list(self._all(Tag, parts(cell), "tag", by="name", give="name"))
        field = self.model._meta.get_field(column.field)
        if column.field == "countries":
            return self._all(Country, parts(cell), "country", by="code")
        if column.field in BY_SLUG or field.many_to_many:
            return self._all(field.related_model, parts(cell), field.verbose_name)
        if field.many_to_one:
            return self._all(field.related_model, [cell.strip()], field.verbose_name)[0]
        if isinstance(field, LinesField):
            return cell if "\n" in cell else "\n".join(parts(cell))
        if isinstance(field, models.DateField):
            return self._day(column, cell)
        if field.choices:
            return self._chosen(field, cell.strip())
        text = cell.strip() if isinstance(field, models.CharField) else cell
        longest = field.max_length
        if longest and len(text) > longest:
            raise Problem(f"{len(text)} characters; there is room for {longest}")
        try:
            field.clean(text, None)
        except ValidationError as error:
            raise Problem(" ".join(error.messages)) from None
        return cell

    def nothing(self, column):
        """What the form is given where a cell is to clear what there is."""
        if column.field in ("links", "tags"):
            return []
        field = self.model._meta.get_field(column.field)
        if not field.many_to_many and not field.blank:
            raise Problem("it cannot be empty; what there is stays")
        return [] if field.many_to_many else ""

    def _addresses(self, found):
        wrong = []
        for address in found:
            try:
                Link._meta.get_field("url").clean(address, None)
            except ValidationError:
                wrong.append(address)
        if wrong:
            raise Problem(f"no address: {', '.join(wrong)}")
        return found

    def _day(self, column, cell):
        read = date_in(cell)
        if read is None:
            raise Problem(f"“{cell[:40]}” is no date; give 2019-03-13")
        if is_more_or_less_than_a_day(read) and column.field not in (
            self.model.dated_by,
            "end_date",
        ):
            raise Problem(f"“{cell[:40]}” is no day; give 2019-03-13")
        day = read.last_day if column.field == "end_date" else read.first_day
        return day.isoformat()

    @staticmethod
    def _chosen(field, text):
        named = {}
        for value, label in field.choices:
            named |= {str(label).casefold(): value, str(value).casefold(): value}
        if text.casefold() not in named:
            offered = ", ".join(str(value) for value, _ in field.choices if value != "")
            raise Problem(f"unknown {field.verbose_name}: {text[:40]}; give one of {offered}")
        return named[text.casefold()]

    def _all(self, model, values, called, by="slug", give="pk"):
        """What the records are called here, found by their key or by their name."""
        if model not in self.vocabulary:
            self.vocabulary[model] = self._named(model, by, give)
        known = self.vocabulary[model]
        values = [each for value in values for each in _parted(model, value, known)]
        unknown = [value for value in values if value.casefold() not in known]
        if unknown:
            raise Problem(f"unknown {called}: {', '.join(unknown)}")
        found = [known[value.casefold()] for value in values]
        if SEVERAL in found:
            raise Problem(f"{values[found.index(SEVERAL)]} names more than one; give its {by}")
        return [*dict.fromkeys(found)]

    @staticmethod
    def _named(model, by, give):
        names = {}
        for record in model.objects.with_lineage() if model is Theme else model.objects.all():
            called = {str(record), *getattr(record, "aliases", ())}
            called |= {record.path} if model is Theme else set()
            for name in map(str.casefold, called):
                names[name] = SEVERAL if name in names else getattr(record, give)
        for value, key in model.objects.values_list(by, give):
            names[str(value).casefold()] = key
        return names


def _parted(model, value, known):
    """Other tables part by commas, and call countries as people do: 'Germany, UK'."""
    parts = [part.strip() for part in value.split(",")]
    if value.casefold() in known or not value.strip():
        return [value]
    if all(part.casefold() in known for part in parts):
        return parts
    return (model is Country and places.codes(value)) or [value]


def date_in(cell):
    return dates.whole(cell.strip().removesuffix(" 00:00:00"))


def is_more_or_less_than_a_day(read):
    return read.is_range or read.precision != dates.DAY
