"""Who reported twice, once by name and once without, is one reporter."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQL = r"""
-- Weight of the confirmed reports of a place that nobody closed, by how many different reporters, each with the heaviest.
-- Without an account the same address of a day is the same reporter, and nobody new where somebody signed in reported
-- from it; those whose reporters are forgotten may all be of one.
CREATE OR REPLACE FUNCTION lachan_confirmed_weight(wanted bigint, OUT reporters integer, OUT weight integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH confirmed AS (
    SELECT f.person_id, f.source_hash, f.weight FROM feedback f WHERE f.place_id = wanted AND f.state = 'confirmed'
  )
  SELECT count(*)::integer, coalesce(sum(heaviest), 0)::integer FROM (
    SELECT max(c.weight) AS heaviest FROM confirmed c
    WHERE c.person_id IS NOT NULL OR NOT EXISTS (
      SELECT FROM confirmed named WHERE named.person_id IS NOT NULL AND named.source_hash = c.source_hash)
    GROUP BY coalesce('p' || c.person_id, 's' || encode(c.source_hash, 'hex'), 'forgotten')) AS by_reporter
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
