"""The versions of a record and their differences, read and restored in the admin."""

import json

from django.core import serializers
from taggit.models import Tag

from entries.links.models import Link
from lessons.models import Question
from meetings.groups import WorkingGroup
from records.versions.snapshots import versions_of
from tests.desk import page_url, values_in
from tests.pages import Page
from themes.models import Theme


def state(entry):
    """Everything that the entry says, row keys included, except when it was last saved."""
    kind, name = type(entry), type(entry)._meta.model_name
    rows = [*kind.objects.filter(pk=entry.pk), *Link.objects.filter(**{name: entry.pk})]
    rows += kind.tags.through.objects.filter(content_object=entry.pk).order_by("pk")
    if kind is Question:
        rows += entry.uptakes.model.objects.filter(question=entry.pk).order_by("pk")
    said = json.loads(serializers.serialize("json", rows))
    for name in ("updated", "worded", "changed_by", "awaits_second_look"):
        said[0]["fields"].pop(name)
    for name in ("themes", "countries", "groups", "presented_at"):
        said[0]["fields"].get(name, []).sort()
    return said


def versions(record):
    return list(versions_of(type(record), record.pk))


def url(record, page, *args):
    return page_url(type(record), page, record.pk, *args)


def restore(desk, record, version, note="Better as it was."):
    page = url(record, "restore", version.pk)
    return desk.client.post(page, values_in(desk.open(page))[0] | {"note": note})


def again(what, record):
    return {
        "theme": {"introduction": "Else.", "absences-0-DELETE": "on", "absences-1-text": "Few."},
        "group": {"history": "Else.", "chairs-0-DELETE": "on", "chairs-1-name": "C. Chair"},
        "tag": {"name": "injury"},
        "synonym": {"others": "harm"},
    }[what]


def rows_of(record):
    names = {Theme: ["absences"], WorkingGroup: ["chairs"]}.get(type(record), [])
    if isinstance(record, Tag):
        names = ["lessons_lessontag_items", "practices_practicetag_items"]
    rows = [type(record).objects.get(pk=record.pk)]
    for name in names:
        rows += getattr(record, name).order_by("pk")
    return json.loads(serializers.serialize("json", rows))


def changes_in(response):
    """{field: its lines} as a page shows what changed, [-out-] and {+in+} marked."""
    page = Page(response)
    found = {}
    for change in page.root.iterfind(".//div[dt]"):
        if "difference " in f"{change.get('class')} ":
            label = " ".join(change.find("dt").text.split())
            found[label] = [marked(line) for line in change.findall("dd")]
    return found


def marked(element):
    text = element.text or ""
    for child in element:
        if child.tag in ("ins", "del"):
            said, marks = child.find("span").tail, {"ins": "{+%s+}", "del": "[-%s-]"}
            text += marks[child.tag] % said
        text += child.tail or ""
    return " ".join(text.split())
