from entries.columns import LAST, LINKS, SOURCE, SOURCE_PAGE, TAGS, THEMES, URL, plain

LESSON = (
    URL,
    plain("text"),
    THEMES,
    TAGS,
    SOURCE,
    SOURCE_PAGE,
    plain("in_short"),
    plain("study"),
    LINKS,
    *LAST,
)
QUESTION = (
    URL,
    plain("text"),
    plain("state"),
    THEMES,
    TAGS,
    SOURCE,
    SOURCE_PAGE,
    plain("in_short"),
    LINKS,
    *LAST,
)
COLUMNS = {"lesson": LESSON, "question": QUESTION}
