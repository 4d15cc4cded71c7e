import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="when")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("in", "signed in"),
                            ("out", "signed out"),
                            ("refused", "sign-in refused"),
                            ("forbidden", "permission refused"),
                            ("changed", "way of signing in changed"),
                            ("account", "account changed"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        blank=True,
                        help_text="Empty where no account has the name that was typed.",
                        max_length=150,
                        verbose_name="who",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="how")),
                (
                    "network",
                    models.CharField(
                        blank=True,
                        help_text="The network only: of the address the last part is left out.",
                        max_length=45,
                        verbose_name="from where",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the access log",
                "verbose_name_plural": "access log",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="GivenPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "password to be replaced",
                "verbose_name_plural": "passwords to be replaced",
                "default_permissions": (),
            },
        ),
    ]
