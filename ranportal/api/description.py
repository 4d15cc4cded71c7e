"""The API's description: OpenAPI for programs, a page for people, both from the code."""

import re
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from entries.facets import Facet
from entries.filters import Sort
from ranportal.api import problems

ADDRESS = {"type": "string", "format": "uri"}
ADDRESSES = {"type": "object", "additionalProperties": ADDRESS}

PROBLEM = {
    "type": "object",
    "description": gettext_lazy("Why there is no answer, as RFC 9457 has it."),
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": gettext_lazy("What the status means.")},
        "status": {"type": "integer", "description": gettext_lazy("The HTTP status.")},
        "detail": {"type": "string", "description": gettext_lazy("What is wrong, in words.")},
        "instance": {"type": "string", "description": gettext_lazy("The address asked for.")},
    },
}
PROBLEMS = {
    "400": gettext_lazy("A parameter or its value is unknown; the detail names it."),
    "404": gettext_lazy("There is no such page of the list, or no such slug."),
    "406": gettext_lazy("The request accepts no JSON."),
    "429": gettext_lazy("Too many requests; Retry-After says in how many seconds to come back."),
}
GONE = gettext_lazy("It was withdrawn, or deleted; the detail says why, and where to go instead.")
MOVED = gettext_lazy("The slug is a former one; Location has the present address.")


# --- OpenAPI -----------------------------------------------------------------


class ApiSchema(AutoSchema):
    """How the description names each operation."""

    def get_summary(self):
        given = super().get_summary()
        if given or not self.view.model:
            return given
        names = self.view.model._meta
        if self._is_list_view():
            return _("A list of %(names)s") % {"names": names.verbose_name_plural}
        return _("One %(name)s") % {"name": names.verbose_name}

    def get_override_parameters(self):
        if "{slug}" not in self.path:
            return []
        return [
            OpenApiParameter(
                "slug",
                {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
                OpenApiParameter.PATH,
                description=_("The last part of the address of its page."),
            )
        ]


def fixed_choices(filter_):
    """The (value, label) pairs that do not depend on what the portal holds."""
    if isinstance(filter_, Sort):
        return [(value, label) for value, (label, fields) in filter_.orders.items()]
    choices = getattr(filter_, "get_choices", None)
    return [] if callable(choices) else choices or []


def parameter(name, filter_):
    """The description of a parameter that a FilterSet reads."""
    schema, text = {"type": "string"}, [str(filter_.extra["help_text"])]
    if choices := fixed_choices(filter_):
        schema["enum"] = [value for value, label in choices]
        text.append("\n".join(f"* `{value}` - {label}" for value, label in choices))
    if "max_length" in filter_.extra:
        # A text that is typed: Django takes any character but NUL.
        schema |= {"maxLength": filter_.extra["max_length"], "pattern": r"^[^\u0000]*$"}
    if isinstance(filter_, Facet):
        schema = {"type": "array", "items": schema}
        text.insert(1, _("Given several times, any of them."))
    return {"name": name, "in": "query", "description": "\n\n".join(text), "schema": schema}


def page_of(schema):
    """The description of a page of a list."""
    other = ADDRESS | {"type": ["string", "null"]}
    properties = {
        "count": {"type": "integer", "description": _("How many there are on all pages.")},
        "next": other | {"description": _("The next page; null on the last.")},
        "previous": other | {"description": _("The page before; null on the first.")},
        "results": schema,
    }
    return {"type": "object", "required": [*properties], "properties": properties}


def with_problems(result, generator, request, public):
    """Add what any address may answer instead of what it was asked for."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        answers = operations["get"]["responses"]
        answers["200"]["description"] = _("What was asked for.")
        if "{slug}" in path:
            answers["301"] = {"description": MOVED}
            answers["410"] = {"description": GONE, "content": content}
        for status, text in PROBLEMS.items():
            if status != "404" or "parameters" in operations["get"]:
                answers[status] = {"description": text, "content": content}
    return result


# --- For people --------------------------------------------------------------

TYPES = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "uri": gettext_lazy("address"),
    "date": gettext_lazy("date"),
    "date-time": gettext_lazy("date and time"),
    "time": gettext_lazy("time"),
}
CHOICE = re.compile(r"^\* `(.*)` - (.*)$", re.MULTILINE)


@cache
def openapi(language):
    """The description as a dictionary. It does not depend on what the portal holds."""
    return SchemaGenerator().get_schema(public=True)


def component_of(schema):
    """The name of the component that a schema refers to, or None."""
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


def explained(name, schema, text):
    """A parameter or a field in words: {name, text, choices, type, part, many, optional}."""
    one, *others = schema.get("oneOf") or schema.get("allOf") or [schema]
    many = "items" in one
    item = one["items"] if many else one
    types = item.get("type")
    type_, *others_of_type = types if isinstance(types, list) else [types]
    return {
        "name": name,
        "text": CHOICE.sub("", text).strip(),
        "choices": CHOICE.findall(text),
        "type": TYPES.get(item.get("format", type_)),
        "part": component_of(item),
        "many": many,
        "optional": bool(others or others_of_type),
    }


def text_of(schema):
    label = f"{schema['title']}." if "title" in schema else ""
    return f"{label} {schema.get('description', '')}"


def fields_of(component):
    return [
        explained(name, schema, text_of(schema)) for name, schema in component["properties"].items()
    ]


def in_words(language):
    """What the page shows: {lists: [{name, address, parameters, fields}], parts: [{name, fields}]}."""
    paths, components = openapi(language)["paths"], dict(openapi(language)["components"]["schemas"])
    lists = []
    for path, operations in paths.items():
        answer = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        page = components.pop(component_of(answer), {}).get("properties", {})
        if "results" not in page:
            continue
        entry = components.pop(component_of(page["results"]["items"]))
        parameters = operations["get"]["parameters"]
        lists.append(
            {
                "name": operations["get"]["tags"][0],
                "address": path,
                "text": entry["description"],
                "parameters": [
                    explained(one["name"], one["schema"], one["description"]) for one in parameters
                ],
                "fields": fields_of(entry),
            }
        )
    parts = [
        {"name": name, "text": part["description"], "fields": fields_of(part)}
        for name, part in components.items()
    ]
    return {"lists": lists, "parts": parts}
