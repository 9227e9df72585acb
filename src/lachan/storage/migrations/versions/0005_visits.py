"""Presence: scans as they came, visits as they are, and where each person was last."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = r"""
-- A visit always has an end: while it is open, `ends_at` is when it will end by the place's usual stay
-- (end_source 'expected'), so an automatic end needs no job and no write.
CREATE TABLE visit (
  id uuid NOT NULL,
  day date NOT NULL,
  person_id bigint NOT NULL,
  place_id bigint NOT NULL,
  room_id bigint,
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  end_source text NOT NULL,
  source text NOT NULL,
  client text NOT NULL,
  offline boolean NOT NULL,
  -- Which kiosk, turnstile or terminal reported it; null for the person's own phone.
  device_id bigint,
  -- How the person showed to be at the door: 'none', 'display' (the code of that minute), 'challenge'
  -- (the number shown there), 'device' (the place scanned the person).
  proof text NOT NULL DEFAULT 'none',
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, day),
  CHECK (ends_at >= started_at AND ends_at <= started_at + interval '24 hours')
) PARTITION BY RANGE (day);
CREATE INDEX ix_visit_person ON visit (person_id, started_at);
-- With the end in the index a trace passes over visits that were over before, without fetching them.
CREATE INDEX ix_visit_place ON visit (place_id, started_at, ends_at);

-- Each scan once: sent again, it is found here and answered as before. `day` is the local day of `at`.
CREATE TABLE scan (
  person_id bigint NOT NULL,
  scan_id uuid NOT NULL,
  day date NOT NULL,
  visit_id uuid,
  visit_day date,
  place_id bigint NOT NULL,
  room_id bigint,
  outcome text NOT NULL,
  client text NOT NULL,
  at timestamptz NOT NULL,
  device_at timestamptz,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (person_id, scan_id, day)
) PARTITION BY RANGE (day);

-- Where a person was last, one row each: what the next scan is judged against. Not open any more once
-- `ends_at` has passed. No index but the key, so its updates stay on their page.
CREATE TABLE last_visit (
  person_id bigint PRIMARY KEY,
  visit_id uuid NOT NULL,
  day date NOT NULL,
  place_id bigint NOT NULL,
  room_id bigint,
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  end_source text NOT NULL
) WITH (fillfactor = 70);

GRANT SELECT, INSERT, UPDATE ON visit TO lachan_intake;
GRANT SELECT, INSERT ON scan TO lachan_intake;
GRANT SELECT, INSERT, UPDATE ON last_visit TO lachan_intake;
GRANT SELECT, INSERT, UPDATE, DELETE ON visit, last_visit TO lachan_app;
GRANT SELECT, INSERT, DELETE ON scan TO lachan_app;
GRANT SELECT, DELETE ON visit, scan, last_visit TO lachan_worker;

ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
ALTER TABLE scan ENABLE ROW LEVEL SECURITY;
ALTER TABLE last_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY intake ON visit TO lachan_intake USING (true) WITH CHECK (true);
CREATE POLICY intake ON scan TO lachan_intake USING (true) WITH CHECK (true);
CREATE POLICY intake ON last_visit TO lachan_intake USING (true) WITH CHECK (true);
CREATE POLICY everything ON visit TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON scan TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON last_visit TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY own ON visit TO lachan_app USING (person_id = (SELECT lachan_person())) WITH CHECK (person_id = (SELECT lachan_person()));
CREATE POLICY own ON scan TO lachan_app USING (person_id = (SELECT lachan_person())) WITH CHECK (person_id = (SELECT lachan_person()));
CREATE POLICY own ON last_visit TO lachan_app USING (person_id = (SELECT lachan_person())) WITH CHECK (person_id = (SELECT lachan_person()));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
