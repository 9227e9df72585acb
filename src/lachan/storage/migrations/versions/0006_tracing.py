"""Cases, trace runs, contacts with their evidence, and warnings."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = r"""
CREATE SEQUENCE case_number;
CREATE TABLE case_record (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  person_id bigint NOT NULL REFERENCES person,
  disease text NOT NULL,
  profile_version text NOT NULL,
  classification text NOT NULL CHECK (classification IN ('suspected', 'probable', 'confirmed', 'discarded')),
  onset_on date,
  sampled_on date,
  infectious_from timestamptz NOT NULL,
  infectious_until timestamptz NOT NULL,
  area text NOT NULL REFERENCES area (path),
  opened_by bigint NOT NULL REFERENCES officer,
  opened_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  drill_id bigint REFERENCES drill,
  CHECK (infectious_until > infectious_from)
);
CREATE INDEX ix_case_record_area ON case_record (area text_pattern_ops, id DESC);
CREATE INDEX ix_case_record_person ON case_record (person_id);
-- One open record a person and disease, whoever opened it and wherever: row security hides another
-- province's case from the officer, not from this index.
CREATE UNIQUE INDEX uq_case_record_open ON case_record (person_id, disease)
  WHERE closed_at IS NULL AND classification <> 'discarded';
CREATE INDEX ix_case_record_drill ON case_record (drill_id) WHERE drill_id IS NOT NULL;

CREATE TABLE trace_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id bigint NOT NULL REFERENCES case_record ON DELETE CASCADE,
  requested_by bigint REFERENCES officer,
  profile_version text NOT NULL,
  rules jsonb NOT NULL,
  max_level smallint NOT NULL CHECK (max_level BETWEEN 1 AND 5),
  -- A dry run counts and writes no contact.
  dry_run boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  error text,
  progress smallint NOT NULL DEFAULT 0,
  counts jsonb NOT NULL DEFAULT '{}',
  as_of timestamptz,
  requested_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX ix_trace_run_case ON trace_run (case_id, id DESC);
CREATE INDEX ix_trace_run_under_way ON trace_run (case_id) WHERE state IN ('queued', 'running');

CREATE TABLE contact (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id bigint NOT NULL REFERENCES case_record ON DELETE CASCADE,
  run_id bigint NOT NULL REFERENCES trace_run ON DELETE CASCADE,
  person_id bigint NOT NULL REFERENCES person,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  area text NOT NULL,
  first_exposure timestamptz NOT NULL,
  last_exposure timestamptz NOT NULL,
  minutes integer NOT NULL,
  -- Lives with the one nearer to the case: a contact without any visit to show for it.
  household boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'called', 'unreachable', 'followed', 'done')),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (case_id, person_id)
);
CREATE INDEX ix_contact_area ON contact (area text_pattern_ops, id DESC);
CREATE INDEX ix_contact_person ON contact (person_id);
CREATE INDEX ix_contact_case ON contact (case_id, level, minutes DESC, id);
CREATE INDEX ix_contact_to_call ON contact (id DESC) WHERE status = 'new' AND level = 1;

-- The evidence of a contact: which two visits met, where, when, by which rule.
CREATE TABLE exposure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contact_id bigint NOT NULL REFERENCES contact ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('same_room', 'same_place', 'lingering_air')),
  source_person_id bigint NOT NULL,
  source_visit_id uuid NOT NULL,
  visit_id uuid NOT NULL,
  place_id bigint NOT NULL,
  room_id bigint,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  minutes integer NOT NULL,
  lingering_minutes integer NOT NULL DEFAULT 0
);
CREATE INDEX ix_exposure_contact ON exposure (contact_id, started_at);
CREATE INDEX ix_exposure_place ON exposure (place_id);

CREATE TABLE warning (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id bigint NOT NULL REFERENCES case_record ON DELETE CASCADE,
  run_id bigint REFERENCES trace_run ON DELETE SET NULL,
  area text NOT NULL,
  disease text NOT NULL,
  levels smallint[] NOT NULL CHECK (cardinality(levels) BETWEEN 1 AND 5),
  advice_version text NOT NULL,
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'approved', 'withdrawn')),
  recipients integer NOT NULL,
  created_by bigint NOT NULL REFERENCES officer,
  created_at timestamptz NOT NULL DEFAULT now(),
  approved_by bigint REFERENCES officer,
  approved_at timestamptz,
  withdrawn_by bigint REFERENCES officer,
  withdrawn_at timestamptz,
  withdrawn_reason text
);
CREATE INDEX ix_warning_area ON warning (area text_pattern_ops, id DESC);
CREATE INDEX ix_warning_case ON warning (case_id);

-- What one person is told. It carries the disease, level and note itself: its reader cannot read the
-- warning, which names the case, and what was said must not change when the warning does.
CREATE TABLE warning_message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  warning_id bigint NOT NULL REFERENCES warning ON DELETE CASCADE,
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  area text NOT NULL,
  disease text NOT NULL,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  advice_version text NOT NULL,
  note text NOT NULL DEFAULT '',
  place_id bigint,
  room_id bigint,
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  minutes integer NOT NULL,
  reason text NOT NULL CHECK (reason IN ('same_room', 'same_place', 'lingering_air', 'household')),
  CHECK ((place_id IS NULL) = (reason = 'household')),
  others integer NOT NULL DEFAULT 0,
  sent_at timestamptz,
  seen_at timestamptz,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  disputed_at timestamptz,
  dispute_sealed bytea,
  answered_at timestamptz,
  answered_by bigint REFERENCES officer,
  answer text,
  UNIQUE (warning_id, person_id)
);
CREATE INDEX ix_warning_message_person ON warning_message (person_id, id DESC);
CREATE INDEX ix_warning_message_unsent ON warning_message (warning_id) WHERE sent_at IS NULL;

GRANT USAGE ON SEQUENCE case_number TO lachan_app;
-- A page opens and reclassifies cases, asks for traces and notes who was called; contacts and what a
-- trace found are the worker's alone.
GRANT SELECT, INSERT ON case_record, trace_run TO lachan_app;
GRANT UPDATE (classification, onset_on, sampled_on, infectious_from, infectious_until, profile_version, closed_at)
  ON case_record TO lachan_app;
GRANT SELECT, UPDATE (status, updated_at) ON contact TO lachan_app;
GRANT SELECT ON exposure TO lachan_app;
-- What was drafted is not rewritten: a page may move a warning on, and answer; only the worker sends.
GRANT SELECT, INSERT ON warning TO lachan_app;
GRANT UPDATE (run_id, recipients, state, approved_by, approved_at, withdrawn_by, withdrawn_at, withdrawn_reason)
  ON warning TO lachan_app;
GRANT SELECT, INSERT, DELETE ON warning_message TO lachan_app;
GRANT UPDATE (seen_at, withdrawn_at, withdrawn_reason, disputed_at, dispute_sealed, answered_at, answered_by, answer)
  ON warning_message TO lachan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_record, trace_run, contact, exposure, warning, warning_message TO lachan_worker;

ALTER TABLE case_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE trace_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE exposure ENABLE ROW LEVEL SECURITY;
ALTER TABLE warning ENABLE ROW LEVEL SECURITY;
ALTER TABLE warning_message ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON case_record TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON trace_run TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON contact TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON exposure TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON warning TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON warning_message TO lachan_worker USING (true) WITH CHECK (true);

CREATE POLICY jurisdiction ON case_record TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{tracer}'))) AS r
  WHERE case_record.area = r OR starts_with(case_record.area, r || '.')));
CREATE POLICY through_case ON trace_run TO lachan_app USING (
  EXISTS (SELECT 1 FROM case_record c WHERE c.id = trace_run.case_id));
CREATE POLICY jurisdiction ON contact TO lachan_app USING (
  EXISTS (SELECT 1 FROM unnest((SELECT lachan_roots('{tracer}'))) AS r
          WHERE contact.area = r OR starts_with(contact.area, r || '.'))
  OR EXISTS (SELECT 1 FROM case_record c WHERE c.id = contact.case_id));
CREATE POLICY through_contact ON exposure TO lachan_app USING (
  EXISTS (SELECT 1 FROM contact c WHERE c.id = exposure.contact_id));
CREATE POLICY jurisdiction ON warning TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{tracer}'))) AS r
  WHERE warning.area = r OR starts_with(warning.area, r || '.')));
CREATE POLICY own_read ON warning_message FOR SELECT TO lachan_app USING (
  person_id = (SELECT lachan_person()) AND sent_at IS NOT NULL);
CREATE POLICY own_answer ON warning_message FOR UPDATE TO lachan_app USING (
  person_id = (SELECT lachan_person()) AND sent_at IS NOT NULL);
CREATE POLICY through_warning ON warning_message TO lachan_app USING (
  EXISTS (SELECT 1 FROM warning w WHERE w.id = warning_message.warning_id));
-- A draft is drawn up anew when a newer trace is there; what was sent stays.
CREATE POLICY only_unsent ON warning_message AS RESTRICTIVE FOR DELETE TO lachan_app USING (sent_at IS NULL);

-- What an officer may read of people, now that cases and contacts exist: those of the own cases and
-- contacts, and nobody else, whatever the area they live in. A discarded record gives no right: anybody
-- could be opened by opening a case and taking it back. Nor does a case that was closed long ago: two
-- weeks are left for what comes late (a report, a question of the person), then the diary and the name
-- are as closed as the case.
CREATE FUNCTION lachan_is_worked_on(classification text, closed_at timestamptz) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT classification <> 'discarded' AND (closed_at IS NULL OR closed_at > now() - interval '14 days') $$;
-- The case of a contact may lie in another officer's area: its state is asked past row security, and
-- nothing else of it.
CREATE FUNCTION lachan_case_is_worked_on(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT lachan_is_worked_on(c.classification, c.closed_at) FROM case_record c WHERE c.id = wanted
$$;
REVOKE EXECUTE ON FUNCTION lachan_case_is_worked_on FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_case_is_worked_on TO lachan_app;
CREATE POLICY traced ON visit FOR SELECT TO lachan_app USING (
  (SELECT lachan_officer()) IS NOT NULL
  AND EXISTS (
    SELECT 1 FROM case_record c
    WHERE c.person_id = visit.person_id AND lachan_is_worked_on(c.classification, c.closed_at)));
CREATE POLICY traced ON identity_sealed FOR SELECT TO lachan_app USING (
  (SELECT lachan_officer()) IS NOT NULL
  AND (EXISTS (SELECT 1 FROM case_record c
               WHERE c.person_id = identity_sealed.person_id
                 AND lachan_is_worked_on(c.classification, c.closed_at))
       OR EXISTS (SELECT 1 FROM contact c
                  WHERE c.person_id = identity_sealed.person_id AND lachan_case_is_worked_on(c.case_id))));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
