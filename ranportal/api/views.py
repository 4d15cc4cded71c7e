"""The API: the lists and entries of the pages, for scripts and other sites. It only reads."""

import re

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import APIException
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from entries.formats.base import with_query
from entries.models import kinds, named_in, prepared
from entries.workflow.views import ReviewedPage, farewell
from ranportal.api import description, problems
from ranportal.api.written import PageRenderer, written
from records.memory import remembered
from records.parameters import refuse_unknown
from records.views import FormerAddresses
from themes.models import Theme
from themes.serializers import ThemeSerializer


class Pages(PageNumberPagination):
    page_size = 20
    max_page_size = 100
    page_query_param = "page"
    page_query_description = gettext_lazy("Which page of the list.")
    page_size_query_param = "page_size"
    page_size_query_description = gettext_lazy("How many are on a page, 100 at most.")

    def get_page_size(self, request):
        size = self.number(request, self.page_size_query_param, self.page_size)
        if size > self.max_page_size:
            raise BadRequest(
                _("page_size: a page holds %(most)d at most.") % {"most": self.max_page_size}
            )
        return size

    def get_page_number(self, request, paginator):
        number = self.number(request, self.page_query_param, 1)
        if number > paginator.num_pages:
            message = _("This list has no such page: it has %(last)d in all.")
            raise Http404(message % {"last": paginator.num_pages})
        return number

    def number(self, request, name, default):
        text = request.query_params.get(name, str(default))
        number = int(text) if re.fullmatch("[0-9]{1,99}", text) else 0
        if number < 1:
            raise BadRequest(_("%(name)s: give a whole number from 1 on.") % {"name": name})
        return number

    def get_schema_operation_parameters(self, view):
        page, size = super().get_schema_operation_parameters(view)
        page["schema"] |= {"minimum": 1, "default": 1}
        size["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [page, size]

    def get_paginated_response_schema(self, schema):
        return description.page_of(schema)


class PageFilter(BaseFilterBackend):
    """Narrows a list by the FilterSet of its page, which refuses what it cannot read."""

    def filter_queryset(self, request, queryset, view):
        data = request.query_params.copy()
        for name in view.page_parameters:
            data.pop(name, None)
        filterset = view.filterset_class(data, queryset, request=request)
        if (query := filterset.present_query()) is not None:
            pages = {name: request.query_params.getlist(name) for name in view.page_parameters}
            rest = urlencode({name: values for name, values in pages.items() if values}, doseq=True)
            raise problems.Moved(with_query(request.path, "&".join(filter(None, [query, rest]))))
        filterset.refuse_unreadable()
        view.filterset = filterset
        return filterset.qs

    def get_schema_operation_parameters(self, view):
        return [
            description.parameter(name, filter_)
            for name, filter_ in view.filterset_class.base_filters.items()
        ]


class ReadOnly:
    """What every address of the API shares."""

    http_method_names = ["get", "head", "options"]
    parameters = ()

    def options(self, request, *args, **kwargs):
        """The methods there are, in the header, as at every other address."""
        return View.options(self, request)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        refuse_unknown(request.query_params, self.parameters)


class Root(ReadOnly, APIView):
    """Where to find what."""

    @extend_schema(summary=gettext_lazy("All lists"), responses={200: description.ADDRESSES})
    def get(self, request):
        lists = {model.kind.path: model.kind.view_name("api") for model in kinds()}
        others = {"themes": "theme-api", "schema": "api-schema", "docs": "api-docs"}
        return Response(
            {name: reverse(view, request=request) for name, view in (lists | others).items()}
        )


class RecordList(ReadOnly, ListAPIView):
    model = None
    pagination_class = Pages
    page_parameters = (Pages.page_query_param, Pages.page_size_query_param)
    parameters = page_parameters
    renderer_classes = [PageRenderer]
    of = None  # what says of a record what its row is of

    def list(self, request, *args, **kwargs):
        """A page of what the list's keys name; a record that was written out before is so again."""
        keys = self.paginate_queryset(self.keys_listed())
        rows = written(self.model, keys, self.bring, self.get_serializer_class(), request, self.of)
        return self.get_paginated_response(rows)


class Gone(APIException):
    status_code = 410


class RecordDetail(ReadOnly, FormerAddresses, RetrieveAPIView):
    model = None
    lookup_field = "slug"

    def get_object(self):
        try:
            return super().get_object()
        except Http404 as error:
            message = _("There is no %(name)s with the slug %(slug)s.")
            slug = Truncator(self.kwargs["slug"]).chars(60)
            names = {"name": self.model._meta.verbose_name, "slug": slug}
            raise Http404(message % names) from error

    def deleted(self):
        raise Gone(_("This %(name)s was deleted.") % {"name": self.model._meta.verbose_name})


class Entries:
    def get_queryset(self):
        return self.model.objects.published().for_page()


class EntryList(Entries, RecordList):
    """The published entries of a kind: the very list of its page, in its order."""

    filterset_class = None
    filter_backends = [PageFilter]

    def bring(self, keys):
        return prepared(self.model, "for_api")(keys)

    @property
    def of(self):
        return named_in(self.model, "for_api")

    def keys_listed(self):
        """The keys of the list, which its pages share: whoever goes through them asks for it once."""
        query = self.request.query_params.copy()
        for name in self.page_parameters:
            query.pop(name, None)

        def found():
            self.filter_queryset(self.get_queryset())
            return self.filterset.keys

        name = ("keys of pages", self.model, query.urlencode())
        return remembered(name, found, weight=lambda keys: 8 * len(keys) + 500)

    @property
    def parameters(self):
        filters = self.filterset_class
        return [*filters.base_filters, *filters.former_parameters, *self.page_parameters]


class EntryDetail(Entries, ReviewedPage, RecordDetail):
    """An entry, by its slug. A former slug redirects to the present one."""

    def gone(self, entry):
        raise Gone(farewell(entry))


class Themes:
    model = Theme
    serializer_class = ThemeSerializer

    def get_queryset(self):
        themes = Theme.objects.with_lineage().select_related("source", "subject").in_tree_order()
        return themes.prefetch_related("absences__meeting", "absences__source")


class ThemeList(Themes, RecordList):
    """All themes, in the order in which the tree is read."""

    def bring(self, keys):
        return self.get_queryset().filter(pk__in=keys)

    def keys_listed(self):
        themes = Theme.objects.in_tree_order().values_list("pk", flat=True)
        return remembered("themes in order", lambda: list(themes))


class ThemeDetail(Themes, RecordDetail):
    """A theme, by its slug. A former slug redirects to the present one."""


class Schema(ReadOnly, SpectacularAPIView):
    """The description in OpenAPI, as JSON or YAML."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]


class Docs(TemplateView):
    """The description for people: what there is, how to ask for it, what comes back."""

    template_name = "api/docs.html"

    def get_context_data(self, **kwargs):
        requests, period = settings.API_RATE.split("/")
        return super().get_context_data(
            **kwargs,
            **description.in_words(get_language()),
            lessons_address=self.request.build_absolute_uri(reverse("lesson-api")),
            requests=requests,
            period=period,
        )
