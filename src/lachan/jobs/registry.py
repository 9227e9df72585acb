"""Every kind of job there is. A test holds that each name enqueued anywhere is here."""

from lachan.drill import tasks as drill
from lachan.identity import tasks as identity
from lachan.identity.clients import tasks as clients
from lachan.identity.credentials import tasks as credentials
from lachan.identity.push import tasks as push
from lachan.jobs.queue import Job
from lachan.places.bulk import tasks as bulk
from lachan.places.operators import tasks as operators
from lachan.reports import tasks as reports
from lachan.safety.checks import tasks as safety_checks
from lachan.safety.colours import tasks as safety_colours
from lachan.safety.feedback import tasks as feedback
from lachan.safety.importing import tasks as facilities
from lachan.safety.inspections import tasks as inspections
from lachan.safety.silent import tasks as silent
from lachan.tracing import tasks as tracing
from lachan.visits import tasks as visits
from lachan.visits.attendance import tasks as attendance
from lachan.visits.devices import tasks as devices
from lachan.visits.doubts import tasks as doubts
from lachan.visits.paper import tasks as paper
from lachan.warnings import tasks as warnings


def all_jobs() -> list[Job]:
    """Jobs of all features, in the order of the folders."""
    return [
        *drill.JOBS,
        *identity.JOBS,
        *credentials.JOBS,
        *clients.JOBS,
        *push.JOBS,
        *bulk.JOBS,
        *operators.JOBS,
        *visits.JOBS,
        *attendance.JOBS,
        *devices.JOBS,
        *doubts.JOBS,
        *paper.JOBS,
        *safety_checks.JOBS,
        *safety_colours.JOBS,
        *facilities.JOBS,
        *feedback.JOBS,
        *inspections.JOBS,
        *silent.JOBS,
        *tracing.JOBS,
        *warnings.JOBS,
        *reports.JOBS,
    ]
