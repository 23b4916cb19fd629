"""The worker's turn, for what a page left in the queue."""

from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult


def relever() -> list[str]:
    """Do every task that waits, in order; returns their names."""
    faites = []
    for tache in DBTaskResult.objects.order_by("enqueued_at"):
        import_string(tache.task_path).call(*tache.args_kwargs["args"], **tache.args_kwargs["kwargs"])
        faites.append(tache.task_path.rsplit(".", 1)[-1])
        tache.delete()
    return faites
