"""Devices at places: kiosks, turnstiles, face terminals, door displays."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SQL = r"""
-- What stands at a door and reports who comes and goes. Its key is a session's token; taking the key away is
-- ending the session.
CREATE TABLE device (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  room_id bigint REFERENCES room ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('kiosk', 'turnstile', 'terminal', 'display')),
  label text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
  created_by bigint REFERENCES person ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
CREATE INDEX ix_device_place ON device (place_id);
ALTER TABLE session ADD FOREIGN KEY (device_id) REFERENCES device ON DELETE CASCADE;

CREATE OR REPLACE FUNCTION lachan_device_facts(wanted bigint, OUT place_id bigint, OUT room_id bigint,
  OUT device_kind text, OUT label text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.place_id, d.room_id, d.kind, d.label FROM device d JOIN place p ON p.id = d.place_id
  WHERE d.id = wanted AND d.revoked_at IS NULL AND p.state = 'active'
$$;
REVOKE EXECUTE ON FUNCTION lachan_device_facts FROM PUBLIC;
-- The asking device, and the place it stands at.
CREATE FUNCTION lachan_device() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT d.id FROM session s JOIN device d ON d.id = s.device_id
  WHERE s.token_hash = sha256(convert_to(nullif(current_setting('lachan.session', true), ''), 'UTF8'))
    AND s.revoked_at IS NULL AND s.expires_at > now() AND d.revoked_at IS NULL
$$;
CREATE FUNCTION lachan_device_place() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT place_id FROM device WHERE id = lachan_device()
$$;
REVOKE EXECUTE ON FUNCTION lachan_device, lachan_device_place FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_device, lachan_device_place TO lachan_app;

GRANT SELECT, INSERT ON device TO lachan_app;
GRANT UPDATE (label, revoked_at) ON device TO lachan_app;
GRANT SELECT, DELETE ON device TO lachan_worker;
ALTER TABLE device ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff ON device TO lachan_app USING (lachan_runs_place(place_id)) WITH CHECK (lachan_runs_place(place_id));
CREATE POLICY itself ON device FOR SELECT TO lachan_app USING (id = (SELECT lachan_device()));
CREATE POLICY everything ON device TO lachan_worker USING (true) WITH CHECK (true);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
