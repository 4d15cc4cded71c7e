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
    plain,
    reading,
    slugs,
)

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
    Column(
        "presented_at_slugs",
        lambda practice: slugs(each for each in practice.related("presented_at") if each.is_public),
        "presented_at",
        lambda practice: slugs(practice.related("presented_at")),
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
