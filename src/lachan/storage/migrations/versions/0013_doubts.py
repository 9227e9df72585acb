"""Visits that may not be true, or came after the trace, and the programs that may report them."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = r"""
-- Programs of others that may sign people in (the apps of the roll-out, third parties). A key is shown
-- once; two keys may share a name, so that one is replaced without a gap.
CREATE TABLE client_app (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]{1,30}$'
    AND name NOT IN ('web', 'drill', 'device', 'kiosk', 'card', 'paper', 'diary')),
  label text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
  key_hash bytea NOT NULL UNIQUE,
  created_by bigint NOT NULL REFERENCES officer,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
CREATE INDEX ix_client_app_name ON client_app (name);

-- Signing in asks this before anybody is known: the name that a key stands for.
CREATE FUNCTION lachan_client_of_key(hash bytea) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT name FROM client_app WHERE key_hash = hash AND revoked_at IS NULL
$$;
REVOKE EXECUTE ON FUNCTION lachan_client_of_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_client_of_key TO lachan_app;

GRANT INSERT, SELECT (id, name, label, created_by, created_at, revoked_at) ON client_app TO lachan_app;
GRANT UPDATE (revoked_at) ON client_app TO lachan_app;
GRANT SELECT (name, revoked_at) ON client_app TO lachan_worker;
ALTER TABLE client_app ENABLE ROW LEVEL SECURITY;
-- A program reaches people of the whole country, so only admins of the whole country let one in.
CREATE POLICY country_reads ON client_app FOR SELECT TO lachan_app USING ('VN' = ANY ((SELECT lachan_roots('{admin}'))::text[]));
CREATE POLICY country_ends ON client_app FOR UPDATE TO lachan_app USING ('VN' = ANY ((SELECT lachan_roots('{admin}'))::text[]));
CREATE POLICY country_adds ON client_app FOR INSERT TO lachan_app WITH CHECK (
  'VN' = ANY ((SELECT lachan_roots('{admin}'))::text[]) AND created_by = (SELECT lachan_officer()));
CREATE POLICY everything ON client_app TO lachan_worker USING (true);

-- What speaks against a visit. Nothing is deleted for it: the tracer sees it beside the evidence and
-- decides. `details` holds figures, never another place: who reads of a contact must not learn from this
-- where else that contact was.
CREATE TABLE visit_doubt (
  visit_id uuid NOT NULL,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('double_presence', 'far_from_usual', 'flood', 'clock_skew', 'unproved')),
  person_id bigint NOT NULL,
  place_id bigint NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (visit_id, day, kind)
);
CREATE INDEX ix_visit_doubt_day ON visit_doubt (day);
CREATE INDEX ix_visit_doubt_person ON visit_doubt (person_id);
-- How far the job has looked.
CREATE TABLE doubt_watermark (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  recorded_until timestamptz NOT NULL
);
-- Visits that came after an open case was traced (a paper list, a phone that was offline) and would make
-- contacts: counted by a job, told on the case, gone with the next trace.
CREATE TABLE late_visits (
  case_id bigint PRIMARY KEY REFERENCES case_record ON DELETE CASCADE,
  run_id bigint NOT NULL REFERENCES trace_run ON DELETE CASCADE,
  visits integer NOT NULL CHECK (visits > 0),
  people integer NOT NULL CHECK (people >= 0),
  counted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_late_visits_run ON late_visits (run_id);
CREATE TABLE late_watermark (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  recorded_until timestamptz NOT NULL
);
-- Visits are appended in the order in which they are recorded, so a block range index finds the new ones;
-- it costs a scan next to nothing, unlike a tree.
CREATE INDEX ix_visit_recorded_at ON visit USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on);

-- A visit that somebody deletes takes what was thought of it along, whoever deletes it.
CREATE FUNCTION lachan_forget_doubts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM visit_doubt d USING gone g WHERE d.visit_id = g.id AND d.day = g.day;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_forget_doubts FROM PUBLIC;
CREATE TRIGGER forget_doubts AFTER DELETE ON visit REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION lachan_forget_doubts();

GRANT SELECT ON visit_doubt TO lachan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON visit_doubt TO lachan_worker;
GRANT SELECT, INSERT, UPDATE ON doubt_watermark TO lachan_worker;
GRANT SELECT ON late_visits TO lachan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON late_visits TO lachan_worker;
GRANT SELECT, INSERT, UPDATE ON late_watermark TO lachan_worker;
ALTER TABLE late_visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE late_watermark ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON late_visits TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON late_watermark TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY through_case ON late_visits FOR SELECT TO lachan_app USING (
  EXISTS (SELECT 1 FROM case_record c WHERE c.id = late_visits.case_id));
ALTER TABLE visit_doubt ENABLE ROW LEVEL SECURITY;
ALTER TABLE doubt_watermark ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON visit_doubt TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON doubt_watermark TO lachan_worker USING (true) WITH CHECK (true);
-- Beside the evidence, so for those who may read the evidence: tracers, of their cases and contacts.
CREATE POLICY traced ON visit_doubt FOR SELECT TO lachan_app USING (
  (SELECT lachan_officer()) IS NOT NULL
  AND (EXISTS (SELECT 1 FROM case_record c WHERE c.person_id = visit_doubt.person_id
                 AND lachan_is_worked_on(c.classification, c.closed_at))
    OR EXISTS (SELECT 1 FROM contact k WHERE k.person_id = visit_doubt.person_id
                 AND lachan_case_is_worked_on(k.case_id))));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
