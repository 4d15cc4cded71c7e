from entries.formats.citation import StatementCitation


class QuestionCitation(StatementCitation):
    schema_type = "Question"
