"""Paper lists typed or imported, and the rows that wait for a decision."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = r"""
-- A list of visitors on paper: a file that was read in, or the rows that one person typed on one day.
CREATE TABLE paper_list (
  id uuid PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  -- The place's area when the list came: who decides on its rows must not change with the place's address.
  area text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('typed', 'file')),
  typed_by_person bigint REFERENCES person ON DELETE CASCADE,
  typed_by_officer bigint REFERENCES officer,
  day date NOT NULL,
  -- Blind index of the file's bytes: the same file again is the same list.
  content_index bytea,
  -- The table as it was read, until its rows are confirmed.
  sealed bytea,
  -- Which column of the file holds what; the sheet and the day its title names.
  reading jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('mapping', 'checking', 'checked', 'taking', 'done', 'open', 'failed')),
  row_count integer NOT NULL DEFAULT 0,
  rows_handled integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((typed_by_person IS NULL) <> (typed_by_officer IS NULL))
);
CREATE UNIQUE INDEX uq_paper_list_content ON paper_list
  (place_id, coalesce(typed_by_person, 0), coalesce(typed_by_officer, 0), content_index) WHERE kind = 'file';
CREATE UNIQUE INDEX uq_paper_list_typed ON paper_list
  (place_id, coalesce(typed_by_person, 0), coalesce(typed_by_officer, 0), day) WHERE kind = 'typed';
CREATE INDEX ix_paper_list_under_way ON paper_list (id) WHERE state IN ('checking', 'taking');
CREATE INDEX ix_paper_list_created_at ON paper_list (created_at);

-- One line, whatever became of it: nothing that was written on paper is dropped silently. A row without
-- a list is a scan that a device could not settle.
CREATE TABLE paper_row (
  id uuid PRIMARY KEY,
  list_id uuid REFERENCES paper_list ON DELETE CASCADE,
  line integer,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  area text NOT NULL,
  room_id bigint,
  device_id bigint,
  typed_by_person bigint REFERENCES person ON DELETE CASCADE,
  typed_by_officer bigint REFERENCES officer,
  -- What was written (names, numbers), as it was written.
  sealed bytea NOT NULL,
  -- Blind index of who, when and where: the same line twice counts once.
  row_index bytea,
  direction text NOT NULL DEFAULT 'in' CHECK (direction IN ('in', 'out', 'auto')),
  arrived_at timestamptz,
  left_at timestamptz,
  -- 'ready' waits for the worker, 'doubtful' for a person.
  state text NOT NULL CHECK (state IN ('ready', 'doubtful', 'accepted', 'refused')),
  reasons text[] NOT NULL DEFAULT '{}',
  decided_by_person bigint REFERENCES person ON DELETE SET NULL,
  decided_by_officer bigint REFERENCES officer,
  decided_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_paper_row_list ON paper_row (list_id, line);
CREATE INDEX ix_paper_row_index ON paper_row (place_id, row_index);
CREATE INDEX ix_paper_row_doubtful ON paper_row (area text_pattern_ops, place_id, id) WHERE state = 'doubtful';
CREATE INDEX ix_paper_row_ready ON paper_row (list_id) WHERE state = 'ready';
CREATE INDEX ix_paper_row_created_at ON paper_row (created_at);

-- Who a row turned out to be and which visit it made. Apart from the row, because those who type lists
-- read their rows and must not learn from them whom we know and where else these were.
CREATE TABLE paper_match (
  row_id uuid PRIMARY KEY REFERENCES paper_row ON DELETE CASCADE,
  area text NOT NULL,
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  -- Known from this list alone.
  enrolled boolean NOT NULL,
  -- Blind index of list and name, for people of whom a list tells nothing else.
  name_index bytea,
  visit_id uuid,
  visit_day date,
  state text NOT NULL CHECK (state IN ('written', 'overlap', 'approved', 'refused')),
  decided_by_officer bigint REFERENCES officer,
  decided_at timestamptz
);
CREATE INDEX ix_paper_match_person ON paper_match (person_id);
CREATE INDEX ix_paper_match_name ON paper_match (name_index) WHERE name_index IS NOT NULL;
CREATE INDEX ix_paper_match_overlap ON paper_match (area text_pattern_ops) WHERE state = 'overlap';
CREATE INDEX ix_paper_match_approved ON paper_match (row_id) WHERE state = 'approved';

-- Whose identity goes, goes from the lists too.
CREATE FUNCTION lachan_forget_paper() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM paper_row r USING paper_match m WHERE m.row_id = r.id AND m.person_id = OLD.person_id;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_paper AFTER DELETE ON identity_sealed FOR EACH ROW EXECUTE FUNCTION lachan_forget_paper();

-- Lists and rows go with the visits of their time, and with them the people who are known from nothing
-- else: who never signed in, has no visit left and is part of no case.
CREATE FUNCTION lachan_drop_paper(before timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  people bigint[];
  one bigint;
  dropped integer;
BEGIN
  SELECT array_agg(DISTINCT m.person_id) INTO people FROM paper_match m JOIN paper_row r ON r.id = m.row_id
  WHERE r.created_at < before AND m.enrolled;
  DELETE FROM paper_row WHERE created_at < before;
  GET DIAGNOSTICS dropped = ROW_COUNT;
  DELETE FROM paper_list l WHERE created_at < before
    AND NOT EXISTS (SELECT FROM paper_row r WHERE r.list_id = l.id);
  FOREACH one IN ARRAY coalesce(people, '{}') LOOP
    IF NOT EXISTS (SELECT FROM visit WHERE person_id = one)
       AND NOT EXISTS (SELECT FROM session WHERE person_id = one)
       AND NOT EXISTS (SELECT FROM paper_match WHERE person_id = one)
       AND NOT EXISTS (SELECT FROM case_record WHERE person_id = one)
       AND NOT EXISTS (SELECT FROM contact WHERE person_id = one)
       AND NOT EXISTS (SELECT FROM person WHERE id = one AND household_id IS NOT NULL) THEN
      PERFORM lachan_erase(one);
    END IF;
  END LOOP;
  RETURN dropped;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_forget_paper, lachan_drop_paper FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_drop_paper TO lachan_worker;

GRANT SELECT, INSERT, DELETE ON paper_list, paper_row TO lachan_app;
GRANT UPDATE (state, reading, sealed, row_count, rows_handled) ON paper_list TO lachan_app;
GRANT UPDATE (sealed, row_index, room_id, direction, arrived_at, left_at, state, reasons, decided_by_person,
  decided_by_officer, decided_at) ON paper_row TO lachan_app;
GRANT SELECT, UPDATE (state, decided_by_officer, decided_at) ON paper_match TO lachan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON paper_list, paper_row, paper_match TO lachan_worker;

ALTER TABLE paper_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE paper_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE paper_match ENABLE ROW LEVEL SECURITY;
-- Who typed a list sees and settles it while they still run the place; an officer who typed it, while the
-- area is still theirs. Tracers of the area see all of it.
CREATE POLICY own ON paper_list TO lachan_app
  USING (typed_by_person = (SELECT lachan_person()) AND lachan_runs_place(place_id))
  WITH CHECK (typed_by_person = (SELECT lachan_person()) AND lachan_runs_place(place_id)
    AND area = (SELECT p.area FROM place p WHERE p.id = place_id));
CREATE POLICY own_officer ON paper_list TO lachan_app
  USING (typed_by_officer = (SELECT lachan_officer()) AND lachan_covers((SELECT lachan_roots('{tracer,admin}')), area))
  WITH CHECK (typed_by_officer = (SELECT lachan_officer()) AND lachan_covers((SELECT lachan_roots('{tracer,admin}')), area)
    AND area = (SELECT p.area FROM place p WHERE p.id = place_id));
CREATE POLICY jurisdiction ON paper_list FOR SELECT TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{tracer}'))) AS r
  WHERE paper_list.area = r OR starts_with(paper_list.area, r || '.')));
CREATE POLICY everything ON paper_list TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY own ON paper_row TO lachan_app
  USING (typed_by_person = (SELECT lachan_person()) AND lachan_runs_place(place_id))
  WITH CHECK (typed_by_person = (SELECT lachan_person()) AND lachan_runs_place(place_id)
    AND area = (SELECT p.area FROM place p WHERE p.id = place_id)
    AND EXISTS (SELECT FROM paper_list l WHERE l.id = list_id AND l.place_id = paper_row.place_id));
CREATE POLICY own_officer ON paper_row TO lachan_app
  USING (typed_by_officer = (SELECT lachan_officer()) AND lachan_covers((SELECT lachan_roots('{tracer,admin}')), area))
  WITH CHECK (typed_by_officer = (SELECT lachan_officer()) AND lachan_covers((SELECT lachan_roots('{tracer,admin}')), area)
    AND EXISTS (SELECT FROM paper_list l WHERE l.id = list_id AND l.place_id = paper_row.place_id));
CREATE POLICY read ON paper_row FOR SELECT TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{tracer}'))) AS r
  WHERE paper_row.area = r OR starts_with(paper_row.area, r || '.')));
CREATE POLICY decide ON paper_row FOR UPDATE TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{tracer}'))) AS r
  WHERE paper_row.area = r OR starts_with(paper_row.area, r || '.')));
-- A device leaves what it could not settle, and never reads it back.
CREATE POLICY device ON paper_row FOR INSERT TO lachan_app WITH CHECK (
  device_id = (SELECT lachan_device()) AND place_id = (SELECT lachan_device_place()) AND list_id IS NULL
  AND state = 'doubtful' AND typed_by_person IS NULL AND typed_by_officer IS NULL
  AND area = (SELECT p.area FROM place p WHERE p.id = place_id));
CREATE POLICY everything ON paper_row TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY jurisdiction ON paper_match TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{tracer}'))) AS r
  WHERE paper_match.area = r OR starts_with(paper_match.area, r || '.')));
CREATE POLICY everything ON paper_match TO lachan_worker USING (true) WITH CHECK (true);

-- The worker turns rows into people and visits, so that no page can ask whether a phone number is known.
-- Of sealed identities it reads who has an index, never what is sealed.
GRANT INSERT, UPDATE ON visit, last_visit TO lachan_worker;
GRANT INSERT ON scan TO lachan_worker;
GRANT INSERT ON person, identity_sealed TO lachan_worker;
-- People first named on a drill's list go with the drill.
GRANT UPDATE (drill_id) ON person TO lachan_worker;
GRANT EXECUTE ON FUNCTION lachan_person_by_phone TO lachan_worker;
CREATE POLICY enrol_from_paper ON identity_sealed FOR INSERT TO lachan_worker WITH CHECK (true);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
