import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ranportal.settings")

application = get_wsgi_application()

if not settings.DEBUG:
    from ranportal.answers import AnswersFirst

    application = AnswersFirst(application)
