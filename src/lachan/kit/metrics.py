"""What is measured, in one place. No label may hold anything about a person or a place."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("lachan_http_requests_total", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "lachan_http_request_seconds",
    "Time from request to answer",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
SCANS = Counter("lachan_scans_total", "Scans written, by what they led to", ["outcome"])
INTAKE_DEPTH = Gauge("lachan_intake_queue_depth", "Scans waiting for a commit")
INTAKE_BATCH = Histogram(
    "lachan_intake_batch_size", "Scans in one commit", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 512)
)
LIVE_LISTENERS = Gauge("lachan_live_listeners", "Open pages that listen for live events")
MAP_VIEWERS = Gauge("lachan_map_viewers", "Open safety maps that are kept up to date")
JOBS = Counter("lachan_jobs_total", "Jobs ended", ["job", "result"])
JOB_SECONDS = Histogram("lachan_job_seconds", "Time a job took", ["job"])
CODES_SENT = Counter("lachan_one_time_codes_total", "One-time codes sent", ["result"])
SIGN_INS = Counter("lachan_sign_ins_total", "Sign-ins tried", ["kind", "result"])
SHOWN = Counter(
    "lachan_shown_total", "What people showed at doors: kind when known, else refusal", ["result"]
)
IDENTITIES_OPENED = Counter("lachan_identities_opened_total", "Sealed identities opened")
TRACE_SECONDS = Histogram(
    "lachan_trace_seconds",
    "Time one trace run took",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
WARNINGS_SENT = Counter("lachan_warnings_sent_total", "Warnings delivered to a person's inbox")
DOUBTS = Counter(
    "lachan_doubts_total", "Visits found doubtful, by what speaks against them", ["kind"]
)
