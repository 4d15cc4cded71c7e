from django.contrib import admin

from entries.glossary.models import Term
from records.admin import VersionedAdmin


@admin.register(Term)
class TermAdmin(VersionedAdmin):
    autocomplete_fields = ["source"]
    fields = [
        ("term", "abbreviation"),
        "others",
        "meaning",
        "reading",
        ("source", "source_page"),
        "see",
    ]
    list_display = ["term", "abbreviation", "source_page"]
    search_fields = ["term", "abbreviation", "others", "meaning"]
