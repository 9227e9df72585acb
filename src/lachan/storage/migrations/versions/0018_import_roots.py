"""Where a list of facilities may write is what its sender may do when it is worked on."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQL = r"""
-- Areas in which the sender of a list may register places now: none for who was disabled or lost the role; null, that
-- is everywhere, for a list of the command line.
CREATE FUNCTION lachan_import_roots(wanted bigint) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN i.officer_id IS NOT NULL THEN ARRAY(
    SELECT r.area FROM officer_role r JOIN officer o ON o.id = r.officer_id
    WHERE o.id = i.officer_id AND o.disabled_at IS NULL AND r.role = 'admin' ORDER BY r.area) END
  FROM facility_import i WHERE i.id = wanted
$$;
REVOKE EXECUTE ON FUNCTION lachan_import_roots FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_import_roots TO lachan_worker;
ALTER TABLE facility_import DROP COLUMN roots;
-- Whoever serves pages sends lists as the officer who asks, never as the command line.
DROP POLICY own ON facility_import;
CREATE POLICY own_read ON facility_import FOR SELECT TO lachan_app
  USING (officer_id = (SELECT lachan_officer())
    OR (officer_id IS NULL AND cardinality((SELECT lachan_roots('{admin}'))) > 0));
CREATE POLICY own_take ON facility_import FOR UPDATE TO lachan_app
  USING (officer_id = (SELECT lachan_officer())
    OR (officer_id IS NULL AND cardinality((SELECT lachan_roots('{admin}'))) > 0));
CREATE POLICY own_send ON facility_import FOR INSERT TO lachan_app WITH CHECK (officer_id = (SELECT lachan_officer()));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
