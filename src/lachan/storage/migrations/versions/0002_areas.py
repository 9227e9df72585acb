"""Administrative units of two editions, the way from the old to the new, and their outlines."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = r"""
CREATE TABLE area (
  path text PRIMARY KEY,
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 2),
  code text NOT NULL,
  parent text REFERENCES area (path),
  name text NOT NULL,
  full_name text NOT NULL,
  name_en text NOT NULL,
  folded text NOT NULL,
  names text NOT NULL,
  context text NOT NULL,
  lat double precision,
  lon double precision,
  area_km2 double precision NOT NULL,
  derived boolean NOT NULL
);
COMMENT ON COLUMN area.names IS 'folded names between bars: "| ba dinh |"';
COMMENT ON COLUMN area.context IS 'folded kinds of the unit, and names and kinds of what it lies in';
COMMENT ON COLUMN area.derived IS 'the source has no usable position; this one is worked out';
CREATE INDEX ix_area_parent ON area (parent);
CREATE INDEX ix_area_folded ON area (folded text_pattern_ops);

CREATE TABLE area_former (
  code text PRIMARY KEY,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 3),
  parent_code text,
  name text NOT NULL,
  full_name text NOT NULL,
  later_name text,
  edition text NOT NULL,
  folded text NOT NULL,
  names text NOT NULL,
  context text NOT NULL,
  lat double precision,
  lon double precision
);
COMMENT ON COLUMN area_former.later_name IS 'name in January 2025, where that differs';
CREATE INDEX ix_area_former_parent_code ON area_former (parent_code);
CREATE INDEX ix_area_former_folded ON area_former (folded text_pattern_ops);

CREATE TABLE area_crosswalk (
  former_code text NOT NULL REFERENCES area_former,
  path text NOT NULL REFERENCES area,
  position smallint NOT NULL,
  PRIMARY KEY (former_code, path)
);
CREATE INDEX ix_area_crosswalk_path ON area_crosswalk (path);

CREATE TABLE area_outline (
  path text PRIMARY KEY REFERENCES area,
  geometry bytea NOT NULL,
  west double precision NOT NULL,
  south double precision NOT NULL,
  east double precision NOT NULL,
  north double precision NOT NULL,
  official boolean NOT NULL,
  source text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE area_edition (
  name text PRIMARY KEY,
  version text NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT ON area, area_former, area_crosswalk, area_outline, area_edition
  TO lachan_app, lachan_intake, lachan_worker;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
