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
  -- When it last sent something, noted at most once a minute: silence at a door is worth a look.
  seen_at timestamptz,
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
  SELECT d.place_id FROM device d JOIN place p ON p.id = d.place_id
  WHERE d.id = lachan_device() AND p.state = 'active'
$$;
CREATE FUNCTION lachan_device_seen() RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  UPDATE device SET seen_at = now()
  WHERE id = lachan_device() AND (seen_at IS NULL OR seen_at < now() - interval '50 seconds')
$$;
-- A device that is signed out is taken off the list with it: what nobody holds the key of, nobody uses.
-- Its place's area, for the record; null when it was off the list already.
CREATE FUNCTION lachan_device_leave() RETURNS text LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  UPDATE device d SET revoked_at = now() FROM place p WHERE d.id = lachan_device() AND p.id = d.place_id RETURNING p.area
$$;
REVOKE EXECUTE ON FUNCTION lachan_device, lachan_device_place, lachan_device_seen, lachan_device_leave FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_device, lachan_device_place, lachan_device_seen, lachan_device_leave TO lachan_app;

GRANT SELECT, INSERT ON device TO lachan_app;
GRANT UPDATE (label, revoked_at) ON device TO lachan_app;
GRANT SELECT, DELETE ON device TO lachan_worker;
ALTER TABLE device ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff ON device TO lachan_app USING (lachan_runs_place(place_id)) WITH CHECK (
  lachan_runs_place(place_id)
  AND (room_id IS NULL OR EXISTS (SELECT FROM room r WHERE r.id = room_id AND r.place_id = device.place_id)));
CREATE POLICY itself ON device FOR SELECT TO lachan_app USING (id = (SELECT lachan_device()));

-- Who was found for a scan that could not be asked about twice (a one-time code is used up, the minute of a
-- code passes): the same scan sent again means the same people. `name` is made of the device and its own id
-- of the scan. Kept as long as a device may wait off line; read and written by key alone.
CREATE TABLE device_scan (
  name uuid PRIMARY KEY,
  people bigint[] NOT NULL,
  kind text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_device_scan_created_at ON device_scan (created_at);
CREATE FUNCTION lachan_device_scans_known(names uuid[]) RETURNS SETOF device_scan LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM device_scan WHERE name = ANY (names)
$$;
CREATE FUNCTION lachan_remember_device_scans(scans jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  INSERT INTO device_scan (name, people, kind)
  SELECT s.name, s.people, s.kind FROM jsonb_to_recordset(scans) AS s (name uuid, people bigint[], kind text)
  ORDER BY s.name ON CONFLICT DO NOTHING
$$;
REVOKE EXECUTE ON FUNCTION lachan_device_scans_known, lachan_remember_device_scans FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_device_scans_known, lachan_remember_device_scans TO lachan_app;
GRANT SELECT (created_at), DELETE ON device_scan TO lachan_worker;
ALTER TABLE device_scan ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON device_scan TO lachan_worker USING (true);
CREATE POLICY everything ON device TO lachan_worker USING (true) WITH CHECK (true);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
