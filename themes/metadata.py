"""Themes in the words of schema.org: on their own pages, and where something is filed."""

from django.utils.translation import gettext as _

from records.addresses import address
from records.metadata import described


def theme_tree(request):
    """The address of the theme tree as a whole: where people find it."""
    return request.build_absolute_uri(f"{address('home')}#themes")


def term(request, theme):
    """The theme, as what is filed under it names it."""
    return {
        "@type": "DefinedTerm",
        "@id": request.build_absolute_uri(theme.get_absolute_url()),
        "name": theme.title,
    }


def described_theme(request, theme):
    return described(
        request,
        "DefinedTerm",
        theme.get_absolute_url(),
        theme.title,
        description=theme.introduction,
        inDefinedTermSet={
            "@type": "DefinedTermSet",
            "@id": theme_tree(request),
            "name": _("Themes"),
        },
    )
