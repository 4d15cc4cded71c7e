"""The forms of an import: the file, what the columns of a table are, an absence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entries.models import kinds
from imports.formats.isolated import LARGEST
from imports.headers import LEFT_OUT, Headings, remember
from imports.recipes.recipe import recipes
from themes.models import Absence, Theme

NOT_SAID = "?"
COLUMN = "column_"  # the fields of a table's foreign columns are called so, with their letter


def recipe_choices():
    return [
        ("", _("Let the portal guess")),
        *((name, each.label) for name, each in recipes().items()),
    ]


class ImportForm(forms.ModelForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, a Word file, a saved web page, a text or a spreadsheet; up to 20 MB."),
    )
    recipe = forms.ChoiceField(
        label=_("Recipe"),
        required=False,
        choices=recipe_choices,
        help_text=_("How a document is read; a spreadsheet has none."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file has %(size)d MB; the portal reads up to %(most)d MB."),
                params={"size": file.size // 1_000_000, "most": LARGEST // 1_000_000},
            )
        self.kept = file.read()
        return file


class TableForm(forms.ModelForm):
    """What the rows are, what empty cells do, and what the columns are that the portal has not."""

    recipe = forms.ChoiceField(
        label=_("The rows are"),
        choices=lambda: [(model.kind, model.kind.plural) for model in kinds()],
    )

    headings = None

    def remember(self):
        """Keep what was said of the columns, for this table and those to come."""
        if self.headings is None:
            return
        said = {
            heading.header: self.cleaned_data[COLUMN + heading.at]
            for heading in foreign(self.headings)
            if COLUMN + heading.at in self.changed_data
        }
        remember(self.headings.model, {h: c for h, c in said.items() if c != NOT_SAID})


def foreign(headings):
    return [heading for heading in headings.all if heading.is_foreign and heading.header]


def table_form(made):
    """The form of a table, with a field for each of its foreign columns."""
    model = next((each for each in kinds() if each.kind == made.recipe), None)
    first = made.blocks.order_by("position").values_list("text", flat=True).first()
    if model is None or first is None:
        return TableForm
    headings = Headings(model, [cell.strip() for cell in first.split("\t")])
    choices = [(NOT_SAID, _("say what it is")), (LEFT_OUT, _("nothing of ours: leave it out"))]
    choices += [(name, name) for name in headings.to_choose_from()]
    fields = {
        COLUMN + heading.at: forms.ChoiceField(
            label=_("Column %(at)s, “%(header)s”") % {"at": heading.at, "header": heading.header},
            choices=choices,
            required=False,
            initial=_now(heading),
        )
        for heading in foreign(headings)
    }
    return type("TableForm", (TableForm,), fields | {"headings": headings})


def _now(heading):
    if heading.is_left_out:
        return LEFT_OUT
    return heading.column.header if heading.column else NOT_SAID


class AbsenceForm(forms.ModelForm):
    """What a document says is missing from a theme, as a curator files it."""

    theme = forms.ModelChoiceField(Theme.objects.none(), label=_("Theme"))
    kind = forms.ChoiceField(
        label=_("What is missing"),
        choices=lambda: [(model.kind, model.kind.plural) for model in kinds()],
    )

    class Meta:
        model = Absence
        fields = ["theme", "kind", "text", "source_page"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def __init__(self, *args, block, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = Theme.objects.with_lineage().in_tree_order()
        self.fields["theme"].label_from_instance = lambda theme: theme.path
        self.instance.source = block.of.source

    @staticmethod
    def initial_of(block):
        printed = block.theme_as_printed.split(" > ")[-1]
        theme = Theme.objects.filter(title__iexact=printed).first()
        return {"theme": theme, "kind": block.kind, "source_page": block.page}
