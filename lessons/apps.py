from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class LessonsConfig(AppConfig):
    name = "lessons"
    verbose_name = _("Lessons and questions")

    def ready(self):
        from lessons import taken_up

        pre_migrate.connect(taken_up.take_down, sender=self)
        post_migrate.connect(taken_up.put_up, sender=self)
