"""Every kind of job there is. A test holds that each name enqueued anywhere is here."""

from lachan.jobs.queue import Job


def all_jobs() -> list[Job]:
    """Jobs of all features, in the order of the folders."""
    return []
