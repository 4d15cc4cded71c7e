from dataclasses import replace
from operator import attrgetter

from entries.columns import (
    COUNTRIES,
    COUNTRY_CODES,
    LAST,
    LINKS,
    SOURCE,
    SOURCE_PAGE,
    TAGS,
    THEMES,
    URL,
    Column,
    lines,
    of_related,
    plain,
    reading,
    slugs,
)


def public_slugs(records):
    return slugs([record for record in records if record.is_public])


PRACTICE = (
    URL,
    plain("name", "title"),
    COUNTRY_CODES,
    COUNTRIES,
    reading(plain("programme")),
    reading(plain("scope")),
    THEMES,
    TAGS,
    plain("description"),
    reading(plain("collection_status")),
    SOURCE,
    SOURCE_PAGE,
    LINKS,
    reading(plain("country_as_printed")),
    reading(plain("organisation")),
    reading(plain("organisation_type")),
    reading(lines("target_audiences")),
    reading(lines("key_themes")),
    lines("agencies"),
    plain("start_year"),
    plain("end_year"),
    plain("deliverables"),
    plain("evidence"),
    plain("sustainability"),
    replace(
        of_related("presented_at_slugs", "presented_at", public_slugs, "presented_at"),
        stored=lambda practice: slugs(practice.related("presented_at")),
    ),
    lines("linked_initiatives"),
    reading(
        Column(
            "contact",
            lambda practice: practice.contact if practice.contact_is_public else "",
            "contact",
            attrgetter("contact"),
        )
    ),
    *LAST,
)
COLUMNS = {"practice": PRACTICE}
