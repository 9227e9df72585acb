"""Facilities from registers and OpenStreetMap: what each list said, and what became of each line."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SQL = r"""
-- By which number a register knows a place: a list that comes again finds it by this, whatever it is called now.
CREATE TABLE place_source (
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 60),
  ref text NOT NULL CHECK (length(ref) BETWEEN 1 AND 100),
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  noted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, ref)
);
CREATE INDEX ix_place_source_place ON place_source (place_id);

-- A file of facilities. `officer_id` null: taken over at the command line, then any admin may look and decide.
-- `content` is there until the worker has read it.
CREATE TABLE facility_import (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  officer_id bigint REFERENCES officer ON DELETE CASCADE,
  roots jsonb,                                -- areas in which the sender may register; null: all
  file_name text NOT NULL CHECK (length(file_name) <= 200),
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 60),
  kinds jsonb NOT NULL,
  content bytea,
  state text NOT NULL DEFAULT 'reading' CHECK (state IN ('reading', 'checked', 'queued', 'running', 'done', 'failed')),
  problem jsonb,                              -- {"code": ..., "params": {...}} of a file that could not be read
  lines integer NOT NULL DEFAULT 0,
  made integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  checked_at timestamptz,
  finished_at timestamptz
);
ALTER TABLE facility_import ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE TABLE facility_import_row (
  import_id bigint NOT NULL REFERENCES facility_import ON DELETE CASCADE,
  line integer NOT NULL,
  ref text NOT NULL, name text NOT NULL, kind text NOT NULL, area text NOT NULL, address text NOT NULL,
  lat double precision, lon double precision,
  verdict text NOT NULL CHECK (verdict IN ('new', 'known', 'matched', 'doubtful', 'refused')),
  reason text NOT NULL DEFAULT '',
  place_id bigint REFERENCES place ON DELETE SET NULL,  -- what it is, may be, or became
  twin integer,                               -- the line of this list that it repeats
  likeness real, metres integer,
  decision text CHECK (decision IN ('same', 'new', 'leave')),
  done_at timestamptz,
  PRIMARY KEY (import_id, line)
);
CREATE INDEX ix_facility_import_row_verdict ON facility_import_row (import_id, verdict, line);
CREATE INDEX ix_facility_import_row_place ON facility_import_row (place_id) WHERE place_id IS NOT NULL;

GRANT SELECT ON place_source, facility_import, facility_import_row TO lachan_app;
GRANT INSERT ON facility_import TO lachan_app;
GRANT UPDATE (state) ON facility_import TO lachan_app;
GRANT UPDATE (decision) ON facility_import_row TO lachan_app;
GRANT SELECT, INSERT, UPDATE ON place_source TO lachan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON facility_import, facility_import_row TO lachan_worker;
-- A place without a position gets the register's.
GRANT UPDATE (lat, lon, h3, updated_at) ON place TO lachan_worker;
ALTER TABLE place_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE facility_import ENABLE ROW LEVEL SECURITY;
ALTER TABLE facility_import_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON place_source FOR SELECT TO lachan_app USING (true);
CREATE POLICY own ON facility_import TO lachan_app
  USING (officer_id = (SELECT lachan_officer())
    OR (officer_id IS NULL AND cardinality((SELECT lachan_roots('{admin}'))) > 0))
  WITH CHECK (officer_id = (SELECT lachan_officer())
    OR (officer_id IS NULL AND cardinality((SELECT lachan_roots('{admin}'))) > 0));
-- Of a list of the command line each admin sees the lines of the own areas; those in no area, whoever has the country.
CREATE POLICY through_import ON facility_import_row TO lachan_app USING (EXISTS (
  SELECT FROM facility_import i WHERE i.id = import_id AND (i.officer_id = (SELECT lachan_officer())
    OR lachan_covers((SELECT lachan_roots('{admin}')), coalesce(nullif(area, ''), 'VN')))));
CREATE POLICY everything ON place_source TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON facility_import TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON facility_import_row TO lachan_worker USING (true) WITH CHECK (true);
-- COMMIT of a list makes its places take part in the safety map.
GRANT SELECT, INSERT ON place_safety TO lachan_worker;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
