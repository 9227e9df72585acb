"""Whether anybody runs a place, kept on the place itself: an officer lists those that nobody does."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE place ADD COLUMN has_owner boolean NOT NULL DEFAULT false;
UPDATE place SET has_owner = true WHERE id IN (SELECT place_id FROM place_staff WHERE role = 'owner');

-- Kept by the database in the transaction that changes who runs a place, whichever way that happens. The places are
-- locked first: of two who change the staff of one place at once, the second must count what the first left.
CREATE FUNCTION lachan_keep_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM place WHERE id IN (SELECT place_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
  UPDATE place p SET has_owner = NOT p.has_owner
  WHERE p.id IN (SELECT place_id FROM changed)
    AND p.has_owner <> EXISTS (SELECT FROM place_staff s WHERE s.place_id = p.id AND s.role = 'owner');
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_keep_owner FROM PUBLIC;
CREATE TRIGGER owner_added AFTER INSERT ON place_staff REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION lachan_keep_owner();
CREATE TRIGGER owner_changed AFTER UPDATE ON place_staff REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION lachan_keep_owner();
CREATE TRIGGER owner_gone AFTER DELETE ON place_staff REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION lachan_keep_owner();

-- Newest first within an area, and in the whole country.
CREATE INDEX ix_place_unowned ON place (area text_pattern_ops, id)
  WHERE NOT has_owner AND state = 'active' AND drill_id IS NULL;
CREATE INDEX ix_place_unowned_newest ON place (id)
  WHERE NOT has_owner AND state = 'active' AND drill_id IS NULL;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
