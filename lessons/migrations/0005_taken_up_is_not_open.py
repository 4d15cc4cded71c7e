from django.db import migrations


def taken_up(apps, schema_editor):
    """A question that a meeting or paper took up is not shown as plainly open."""
    questions = apps.get_model("lessons", "Question").objects.filter(state="open")
    questions.filter(uptakes__isnull=False).update(state="taken-up")


class Migration(migrations.Migration):
    dependencies = [("lessons", "0004_due_for_review")]
    operations = [migrations.RunPython(taken_up, migrations.RunPython.noop)]
