from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from entries.serializers import FIRST, LAST, CountrySerializer, EntryReference, EntrySerializer
from practices.models import Practice


class PracticeSerializer(EntrySerializer):
    """A programme, tool or organisation, described as on the sheet of the RAN Collection."""

    countries = CountrySerializer(many=True)
    presented_at = EntryReference(many=True, help_text=_("The meetings it was presented at."))
    contact = serializers.SerializerMethodField(help_text=_("Where it may be shown."))

    class Meta(EntrySerializer.Meta):
        model = Practice
        fields = [
            *FIRST,
            "description",
            "countries",
            "country_as_printed",
            "programme",
            "scope",
            "collection_status",
            "organisation",
            "organisation_type",
            "target_audiences",
            "key_themes",
            "agencies",
            "start_year",
            "end_year",
            "deliverables",
            "evidence",
            "sustainability",
            "presented_at",
            "linked_initiatives",
            "contact",
            *LAST,
        ]

    def get_contact(self, practice) -> str | None:
        return practice.contact if practice.contact_is_public else None
