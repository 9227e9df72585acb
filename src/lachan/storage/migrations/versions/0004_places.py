"""Places, their rooms, the codes on their posters, and their staff."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = r"""
CREATE TABLE place (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  kind text NOT NULL,
  area text NOT NULL REFERENCES area (path),
  address text NOT NULL DEFAULT '',
  lat double precision CHECK (lat BETWEEN -90 AND 90),
  lon double precision CHECK (lon BETWEEN -180 AND 180),
  h3 bigint,
  ventilation text NOT NULL DEFAULT 'unknown' CHECK (ventilation IN ('outdoor', 'good', 'normal', 'poor', 'unknown')),
  usual_stay_minutes integer CHECK (usual_stay_minutes BETWEEN 1 AND 1440),
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'closed')),
  drill_id bigint REFERENCES drill,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_place_area ON place (area text_pattern_ops, id);
CREATE INDEX ix_place_h3 ON place (h3);
CREATE INDEX ix_place_drill ON place (drill_id) WHERE drill_id IS NOT NULL;

CREATE TABLE room (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  ventilation text CHECK (ventilation IN ('outdoor', 'good', 'normal', 'poor', 'unknown')),
  UNIQUE (place_id, name)
);

-- What a poster shows. A code can be withdrawn and a new one printed; the place stays the same.
CREATE TABLE place_code (
  code text PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  room_id bigint REFERENCES room ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
CREATE INDEX ix_place_code_place ON place_code (place_id);

CREATE TABLE place_staff (
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'staff')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (place_id, person_id)
);
CREATE INDEX ix_place_staff_person ON place_staff (person_id);

GRANT SELECT, INSERT, UPDATE ON place, room, place_code TO lachan_app;
GRANT SELECT, INSERT, DELETE ON place_staff TO lachan_app;
GRANT SELECT ON place, room, place_code TO lachan_intake;
GRANT SELECT, DELETE ON place, room, place_code, place_staff TO lachan_worker;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
