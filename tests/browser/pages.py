"""One page of each type, for what must hold on all of them."""

import pytest

PAGES = {
    "home": "/",
    "about": "/about/",
    "map": "/map/",
    "timeline": "/timeline/",
    "countries": "/countries/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "main theme": "/themes/mental-health-and-multi-agency-working/",
    "subtheme": "/themes/mental-health-support-online/",
    "section": "/themes/working-with-children/",
    "list": "/practices/",
    "whole list": "/lessons/?page=all",
    "filtered list": "/practices/?country=DK&country=DE&theme=lone-actors",
    "last page of a list": "/lessons/?page=last",
    "empty list": "/practices/?country=SE",
    "list with a problem": "/meetings/?country=nowhere",
    "searched list": "/lessons/?q=trauma",
    "search": "/search/?q=trauma",
    "lesson": "/lessons/traits-of-lone-actors/",
    "practice": "/practices/channel/",
    "question": "/questions/bridging-security-and-care-cultures/",
    "meeting": "/meetings/shared-responsibility-care-and-security-2023/",
    "paper": "/papers/key-themes-of-the-ran-mental-health-working-group/",
    "group": "/groups/ran-health/",
    "situations": "/situations/",
    "situation": "/situations/child-returns-from-a-conflict-zone/",
    "briefing": "/briefing/?e=situations/sharing-information&title=For+tomorrow",
    "empty briefing": "/briefing/",
    "comparison": "/practices/compare/?p=channel&p=legato&p=anchor-work",
    "glossary": "/glossary/",
    "sources of a theme": "/themes/lone-actors/sources/",
    "API explained": "/api/v1/docs",
    "page not found": "/lessons/nothing/",
}

every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
