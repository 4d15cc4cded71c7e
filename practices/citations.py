from entries.formats.citation import RecordCitation


class PracticeCitation(RecordCitation):
    """The portal's description of a practice."""

    def schema_properties(self):
        countries = [str(country) for country in self.entry.related("countries")]
        return super().schema_properties() | {"spatialCoverage": countries}
