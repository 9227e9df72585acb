"""Roles that own nothing, live events, and the day partitions' own functions."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = r"""
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lachan_app') THEN CREATE ROLE lachan_app LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lachan_intake') THEN CREATE ROLE lachan_intake LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lachan_worker') THEN CREATE ROLE lachan_worker LOGIN; END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO lachan_app, lachan_intake, lachan_worker;
GRANT SELECT ON alembic_version TO lachan_app, lachan_worker;

-- What open pages are told, kept for a day so that Last-Event-ID can be honoured.
CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_event_topic ON event (topic, id);
CREATE INDEX ix_event_created_at ON event (created_at);
GRANT SELECT, INSERT ON event TO lachan_app, lachan_worker;
GRANT DELETE ON event TO lachan_worker;

CREATE FUNCTION lachan_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('lachan_event', NEW.id::text || ' ' || NEW.topic);
  RETURN NULL;
END $$;
CREATE TRIGGER announce AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION lachan_announce();

-- Day partitions of `parent`, one a local day in [first, last]; safe to call again.
CREATE FUNCTION lachan_make_partitions(parent text, first date, last date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  d date;
  made integer := 0;
  name text;
BEGIN
  IF parent NOT IN ('visit', 'scan') THEN RAISE EXCEPTION 'not a day table: %', parent; END IF;
  FOR d IN SELECT generate_series(first, last, interval '1 day')::date LOOP
    name := parent || '_' || to_char(d, 'YYYYMMDD');
    IF to_regclass(name) IS NULL THEN
      EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                     name, parent, d, d + 1);
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $$;

-- Drops the day partitions before `keep_from`; how retention works, without a row deleted.
CREATE FUNCTION lachan_drop_partitions(parent text, keep_from date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  child record;
  dropped integer := 0;
BEGIN
  IF parent NOT IN ('visit', 'scan') THEN RAISE EXCEPTION 'not a day table: %', parent; END IF;
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = parent::regclass AND right(c.relname, 8) < to_char(keep_from, 'YYYYMMDD')
  LOOP
    EXECUTE format('DROP TABLE %I', child.relname);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_make_partitions, lachan_drop_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_make_partitions, lachan_drop_partitions TO lachan_worker;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
