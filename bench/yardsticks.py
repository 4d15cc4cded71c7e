"""What the portal is measured against, under its own server, in the same run.

F is a plain Django page of 20 rows from memory, C a constant one. And a stock admin: Django's
own ModelAdmin over the portal's tables, with the same columns and inlines, and nothing else.

    python -m bench.yardsticks 127.0.0.1:8001
"""

import os
import sys

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

ROWS = [
    {
        "title": f"Entry number {n}",
        "url": f"/entries/entry-{n}/",
        "text": "What people learnt about a matter, said in a sentence of some length. " * 3,
        "source": "Paper of a working group",
        "tags": f"tag {n % 7}, tag {n % 5}, tag {n % 3}",
    }
    for n in range(20)
]


def plain_page(request, number):
    return render(request, "bench/plain.html", {"rows": ROWS, "page": number, "total": 1000})


def constant(request):
    return HttpResponse(b"The same for everyone. " * 20)


urlpatterns = [path("f/<int:number>/", plain_page, name="entry"), path("c/", constant)]

PLAIN = {
    "bench/plain.html": """{% extends "bench/base.html" %}
{% block title %}{{ total }} entries, page {{ page }}{% endblock %}
{% block content %}<h1>{{ total }} entries</h1><ol>{% for row in rows %}
<li><h2><a href="{{ row.url }}">{{ row.title }}</a></h2>
<p>{{ row.text }}</p><p>Source: {{ row.source }}</p>
<p>{{ row.tags }}</p></li>{% endfor %}</ol>
{% endblock %}""",
    "bench/base.html": """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{% block title %}{% endblock %}</title></head><body><header><nav><a href="/">Home</a></nav>
</header><main>{% block content %}{% endblock %}</main><footer>About</footer></body></html>""",
}


def main(listen):
    import django
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    loaders = [("django.template.loaders.locmem.Loader", PLAIN)]
    cached = [("django.template.loaders.cached.Loader", loaders)]
    settings.configure(
        ROOT_URLCONF="bench.yardsticks",
        ALLOWED_HOSTS=["*"],
        LARGEST_REQUEST=1_000_000,
        METRICS=None,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": cached},
            }
        ],
    )
    django.setup()
    from ranportal.server import Threads, serve

    serve(get_wsgi_application(), listen, Threads(8))


if __name__ == "__main__":
    sys.modules["bench.yardsticks"] = sys.modules["__main__"]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main(sys.argv[1])
