from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView

from briefings.briefing import Briefing, briefing_of
from briefings.docx import docx_answer
from briefings.models import Situation
from briefings.selection import Selection, SelectionForm, query_of, reference_to
from entries.formats.jsonld import in_order
from entries.glossary.models import Term
from entries.workflow.views import ReviewedPage
from records.metadata import described, part_of_portal
from records.views import RecordDetail

NOT_INDEXED = {"X-Robots-Tag": "noindex"}


class SituationList(ListView):
    template_name = "briefings/situation_list.html"
    read_parameters = ()
    queryset = Situation.objects.published()
    context_object_name = "situations"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            described=described(
                self.request,
                "CollectionPage",
                self.request.path,
                _("Situations"),
                isPartOf=part_of_portal(self.request),
                mainEntity=in_order(self.request, self.object_list, len(self.object_list)),
            ),
        )


class SituationDetail(ReviewedPage, RecordDetail):
    model = Situation
    template_name = "briefings/situation_detail.html"
    context_object_name = "situation"

    def get_queryset(self):
        return Situation.objects.visible_to(self.request.user).for_page()

    def get_context_data(self, **kwargs):
        situation, chosen = self.object, self.object.entries
        return super().get_context_data(
            **kwargs,
            parts=situation.parts,
            terms=Term.objects.in_text(words_of(situation)),
            briefing_query=urlencode(
                {"e": f"situations/{situation.slug}", "title": situation.title}
            ),
            described=described(
                self.request,
                "CollectionPage",
                situation.get_absolute_url(),
                situation.title,
                description=situation.introduction,
                isPartOf=part_of_portal(self.request),
                mainEntity=in_order(self.request, chosen, len(chosen)),
            ),
        )


def words_of(situation):
    """All that its page says, to find abbreviations in."""
    notes = [part["note"] for part in situation.parts]
    texts = [entry.text for entry in situation.entries]
    return " ".join([situation.limits, situation.introduction, *notes, *texts])


class SituationDocx(SituationDetail):
    """A situation as a document, with a numbered note for each statement."""

    def render_to_response(self, context, **kwargs):
        situation = self.object
        parts = [(part["part"].label, part["note"], part["entries"]) for part in context["parts"]]
        introduction = [situation.limits, situation.introduction, situation.emergency]
        briefing = Briefing(situation.title, parts, self.request, introduction)
        return docx_answer(briefing, situation.slug)


class BriefingPage(TemplateView):
    """What a reader chose, as two pages for tomorrow's meeting. The address is all there is of it."""

    template_name = "briefings/briefing.html"

    def get_context_data(self, **kwargs):
        form = SelectionForm(self.request.GET)
        form.is_valid()
        title = form.cleaned_data.get("title", "")
        selection = Selection(form.cleaned_data.get("e", []))
        return super().get_context_data(
            **kwargs,
            form=form,
            own_title=title,
            references=[reference_to(each) for each in selection.chosen],
            briefing=briefing_of(selection, title, self.request),
            query=query_of(selection.chosen, title),
            situations=[] if selection.chosen else Situation.objects.published(),
        )

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, headers=NOT_INDEXED, **kwargs)


class BriefingDocx(BriefingPage):
    """The same content as a document; where nothing is chosen, the page that says how to begin."""

    def render_to_response(self, context, **kwargs):
        if context["references"]:
            response = docx_answer(context["briefing"], "briefing")
        else:
            asked = urlencode({"e": context["form"].cleaned_data["e"]}, doseq=True)
            response = redirect(f"{reverse('briefing')}?{asked}")
        response["X-Robots-Tag"] = NOT_INDEXED["X-Robots-Tag"]
        return response
