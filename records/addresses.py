"""Addresses of pages: each pattern is looked up once, for a page has hundreds of them."""

from functools import cache

from django.urls import reverse

ANY_SLUG = "any-slug"


def address(view, *slug):
    """What `reverse` gives for a view, of a record if there is a slug."""
    before, behind = around_slug(view, bool(slug))
    return f"{before}{slug[0]}{behind}" if slug else before


def each_address(view, slugs):
    """The same of many records that a view shows."""
    before, behind = around_slug(view, True)
    return [f"{before}{slug}{behind}" for slug in slugs]


@cache
def around_slug(view, has_slug):
    before, _slug, behind = reverse(view, args=[ANY_SLUG] * has_slug).partition(ANY_SLUG)
    return before, behind
