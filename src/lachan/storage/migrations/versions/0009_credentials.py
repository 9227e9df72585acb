"""What a person shows at a door: phone codes, cards, documents."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = r"""
-- Documents. A person is found by the number and the day of birth together: a number alone is on many forms,
-- and whoever knows no more than that must not be able to write into its owner's diary.
ALTER TABLE identity_sealed ADD COLUMN document_index bytea, ADD COLUMN document_check bytea,
  ADD CHECK ((document_index IS NULL) = (document_check IS NULL));
CREATE UNIQUE INDEX uq_identity_sealed_document ON identity_sealed (document_index, document_check)
  WHERE document_index IS NOT NULL;

-- What a phone signs its codes as. The key is not here: it is derived from the handle by the key file.
-- The household is kept as it was when the phone got its key, because the code names it by position.
CREATE TABLE phone_key (
  handle bytea PRIMARY KEY CHECK (length(handle) = 10),
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  members bigint[] NOT NULL DEFAULT '{}',
  session_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz NOT NULL
);
CREATE INDEX ix_phone_key_session ON phone_key (session_hash);
CREATE INDEX ix_phone_key_person ON phone_key (person_id);
CREATE INDEX ix_phone_key_ends_at ON phone_key (ends_at);

-- A code counts at one device. Kept as long as a device may send what it took off line.
CREATE TABLE phone_code_use (
  handle bytea NOT NULL,
  step bigint NOT NULL,
  device_id bigint NOT NULL,
  PRIMARY KEY (handle, step)
);
CREATE INDEX ix_phone_code_use_step ON phone_code_use (step);

CREATE TABLE card_batch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area text NOT NULL REFERENCES area (path),
  label text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
  size integer NOT NULL CHECK (size BETWEEN 1 AND 10000),
  made_by bigint NOT NULL REFERENCES officer,
  made_at timestamptz NOT NULL DEFAULT now(),
  printed_at timestamptz,
  drill_id bigint REFERENCES drill
);
CREATE INDEX ix_card_batch_area ON card_batch (area text_pattern_ops, id DESC);

-- A card's number is nowhere in the database: the key file gives it back from batch and serial for
-- printing, and its blind index finds it again. Whoever reads the whole table can print no card.
CREATE TABLE card (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_id bigint NOT NULL REFERENCES card_batch,
  serial integer NOT NULL CHECK (serial > 0),
  number_index bytea NOT NULL UNIQUE,
  area text NOT NULL,
  state text NOT NULL DEFAULT 'blank' CHECK (state IN ('blank', 'held', 'withdrawn')),
  person_id bigint REFERENCES person,
  attached_at timestamptz,
  attached_by bigint REFERENCES officer,
  withdrawn_at timestamptz,
  withdrawn_reason text CHECK (withdrawn_reason IN ('lost', 'replaced', 'spoiled', 'erased')),
  UNIQUE (batch_id, serial),
  CHECK (state <> 'held' OR person_id IS NOT NULL),
  CHECK (state <> 'blank' OR person_id IS NULL),
  CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
-- One card a person: a new one ends the old one.
CREATE UNIQUE INDEX uq_card_held ON card (person_id) WHERE state = 'held';
CREATE INDEX ix_card_person ON card (person_id) WHERE person_id IS NOT NULL;

-- A phone that is signed out, or whose person left, makes no more codes. What a door took before, off line,
-- still counts: a code is judged by the moment of its scan.
CREATE FUNCTION lachan_end_phone_keys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE phone_key SET ends_at = least(ends_at, now()) WHERE session_hash = OLD.token_hash;
  RETURN NULL;
END $$;
CREATE TRIGGER end_phone_keys AFTER UPDATE OF revoked_at ON session FOR EACH ROW
  WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION lachan_end_phone_keys();
CREATE TRIGGER end_phone_keys_too AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION lachan_end_phone_keys();
-- Who is erased, or waits to be, holds no card any more.
CREATE FUNCTION lachan_end_cards() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  IF TG_TABLE_NAME = 'person' THEN gone := OLD.id; ELSE gone := OLD.person_id; END IF;
  UPDATE card SET withdrawn_at = coalesce(withdrawn_at, now()), person_id = NULL, state = 'withdrawn',
    withdrawn_reason = CASE state WHEN 'held' THEN 'erased' ELSE withdrawn_reason END WHERE person_id = gone;
  RETURN CASE TG_WHEN WHEN 'BEFORE' THEN OLD END;
END $$;
CREATE TRIGGER end_cards AFTER UPDATE OF erase_requested_at ON person FOR EACH ROW
  WHEN (NEW.erase_requested_at IS NOT NULL) EXECUTE FUNCTION lachan_end_cards();
CREATE TRIGGER end_cards_too BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION lachan_end_cards();
CREATE TRIGGER end_cards AFTER DELETE ON identity_sealed FOR EACH ROW EXECUTE FUNCTION lachan_end_cards();

-- A key for the asking resident's phone; earlier keys of the same sign-in end. Null: nobody is asking.
CREATE FUNCTION lachan_new_phone_key(new_handle bytea, OUT members bigint[], OUT ends_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  me bigint := lachan_person();
  hash bytea := sha256(convert_to(nullif(current_setting('lachan.session', true), ''), 'UTF8'));
BEGIN
  IF me IS NULL THEN RETURN; END IF;
  UPDATE phone_key k SET ends_at = least(k.ends_at, now()) WHERE k.session_hash = hash AND k.ends_at > now();
  INSERT INTO phone_key AS k (handle, person_id, members, session_hash, ends_at)
  SELECT new_handle, me, ARRAY(SELECT o FROM unnest(lachan_own_people()) AS o WHERE o <> me ORDER BY o LIMIT 24),
         hash, s.expires_at
  FROM session s WHERE s.token_hash = hash
  RETURNING k.members, k.ends_at INTO members, ends_at;
END $$;

-- Looking a person up by what they show. These three are the only way from a code, a card or a document to a
-- person, and each row says on whose behalf it asks: by the secret of a device's own session, one a row
-- because the scans of many doors are answered together. So the role that serves pages, whoever got hold of
-- it, cannot walk through the cards, documents or phones of the country: without a live device of a place
-- every row says 'stranger', and with one it still needs numbers that only the key file can turn into
-- indexes. The worker, which writes the visits of paper lists and serves no page, reads the tables.
-- A few devices ask about a few things, each found by its key, many times a second: the functions below say so to
-- the planner, which would else read a small table whole for every batch.
CREATE FUNCTION lachan_asking_devices(tokens text[]) RETURNS TABLE (token text, device_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = public, pg_temp AS $$
  SELECT t.token, d.id FROM (SELECT DISTINCT unnest(tokens) AS token) t
  JOIN session s ON s.token_hash = sha256(convert_to(t.token, 'UTF8'))
    AND s.revoked_at IS NULL AND s.expires_at > now()
  JOIN device d ON d.id = s.device_id AND d.revoked_at IS NULL
  WHERE t.token <> ''
$$;
-- The same as `lachan_device_seen`, for many at once. In one order, so that two processes do not wait for each other.
CREATE FUNCTION lachan_devices_seen(tokens text[]) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  UPDATE device d SET seen_at = now() FROM (
    SELECT id FROM device WHERE id IN (SELECT a.device_id FROM lachan_asking_devices(tokens) a)
      AND (seen_at IS NULL OR seen_at < now() - interval '50 seconds')
    ORDER BY id FOR NO KEY UPDATE) due WHERE d.id = due.id
$$;
CREATE FUNCTION lachan_take_phone_codes(tokens text[], handles bytea[], steps bigint[], moments timestamptz[])
RETURNS TABLE (n bigint, status text, person_id bigint, members bigint[]) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
  -- In one order everywhere: two batches with the same codes must not deadlock.
  INSERT INTO phone_code_use (handle, step, device_id)
  SELECT DISTINCT ON (u.handle, u.step) u.handle, u.step, a.device_id
  FROM unnest(tokens, handles, steps, moments) WITH ORDINALITY AS u (token, handle, step, moment, n)
  JOIN lachan_asking_devices(tokens) a ON a.token = u.token
  JOIN phone_key k ON k.handle = u.handle AND u.moment < k.ends_at
  ORDER BY u.handle, u.step, u.n
  ON CONFLICT DO NOTHING;
  RETURN QUERY
  SELECT u.n,
    CASE WHEN a.device_id IS NULL THEN 'stranger' WHEN k.handle IS NULL OR u.moment >= k.ends_at THEN 'withdrawn'
         WHEN x.device_id <> a.device_id THEN 'used' ELSE 'taken' END,
    k.person_id,
    -- Whoever left the household since leaves a gap: the code names people by position.
    CASE WHEN k.members = '{}' THEN k.members ELSE ARRAY(
      SELECT p.id FROM unnest(k.members) WITH ORDINALITY AS m (id, i)
      LEFT JOIN person me ON me.id = k.person_id
      LEFT JOIN person p ON p.id = m.id AND p.household_id = me.household_id ORDER BY m.i) END
  FROM unnest(tokens, handles, steps, moments) WITH ORDINALITY AS u (token, handle, step, moment, n)
  LEFT JOIN lachan_asking_devices(tokens) a ON a.token = u.token
  LEFT JOIN phone_key k ON a.device_id IS NOT NULL AND k.handle = u.handle
  LEFT JOIN phone_code_use x ON x.handle = u.handle AND x.step = u.step;
END $$;
CREATE FUNCTION lachan_card_holders(tokens text[], indexes bytea[], moments timestamptz[])
RETURNS TABLE (n bigint, status text, person_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT u.n,
    CASE WHEN a.device_id IS NULL THEN 'stranger' WHEN c.id IS NULL THEN 'unknown'
         WHEN c.withdrawn_at <= u.moment OR (c.state = 'withdrawn' AND c.person_id IS NULL) THEN 'withdrawn'
         WHEN c.person_id IS NULL THEN 'blank' ELSE 'held' END,
    c.person_id
  FROM unnest(tokens, indexes, moments) WITH ORDINALITY AS u (token, index, moment, n)
  LEFT JOIN lachan_asking_devices(tokens) a ON a.token = u.token
  LEFT JOIN card c ON c.number_index = u.index AND a.device_id IS NOT NULL
$$;
CREATE FUNCTION lachan_document_holders(tokens text[], indexes bytea[], checks bytea[])
RETURNS TABLE (n bigint, status text, person_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT u.n, CASE WHEN a.device_id IS NULL AND desk.roots = '{}' THEN 'stranger'
                   WHEN i.person_id IS NULL THEN 'unknown' ELSE 'known' END,
    i.person_id
  FROM unnest(tokens, indexes, checks) WITH ORDINALITY AS u (token, index, proof, n)
  -- The station that gives cards out looks a document up too, and only to say: the same person.
  CROSS JOIN (SELECT lachan_roots('{admin,tracer}') AS roots) desk
  LEFT JOIN lachan_asking_devices(tokens) a ON a.token = u.token
  LEFT JOIN identity_sealed i ON i.document_index = u.index AND i.document_check = u.proof
    AND (a.device_id IS NOT NULL OR desk.roots <> '{}')
$$;

-- Cards change hands only here. A resident gives a blank card to the own people; an officer one of the own
-- area to somebody who has no phone. People with a phone do it themselves: else an officer could put
-- visits into anybody's diary by knowing a phone number. The card that was held before ends at once.
CREATE FUNCTION lachan_attach_card(wanted bytea, holder bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  officer bigint := lachan_officer();
  found card;
BEGIN
  IF officer IS NULL THEN
    IF NOT coalesce(holder = ANY (lachan_own_people()), false) THEN RETURN NULL; END IF;
  ELSIF NOT EXISTS (SELECT FROM identity_sealed WHERE person_id = holder AND phone_index IS NULL) THEN
    RETURN NULL;
  END IF;
  SELECT * INTO found FROM card c WHERE c.number_index = wanted AND c.state = 'blank' FOR UPDATE;
  IF found.id IS NULL THEN RETURN NULL; END IF;
  IF officer IS NOT NULL AND NOT lachan_covers(lachan_roots('{admin,tracer}'), found.area) THEN RETURN NULL; END IF;
  UPDATE card SET state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'replaced'
  WHERE person_id = holder AND state = 'held';
  UPDATE card SET state = 'held', person_id = holder, attached_at = now(), attached_by = officer
  WHERE id = found.id;
  RETURN found.id;
END $$;
CREATE FUNCTION lachan_withdraw_card(wanted bigint, why text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE card SET state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = why
  WHERE id = wanted AND state <> 'withdrawn' AND why IN ('lost', 'spoiled')
    AND (lachan_covers(lachan_roots('{admin,tracer}'), area)
         OR coalesce(state = 'held' AND person_id = ANY (lachan_own_people()), false));
  RETURN FOUND;
END $$;
-- The card with a number in hand, for the officers of its area and for whoever holds it.
CREATE FUNCTION lachan_find_card(wanted bytea) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT id FROM card WHERE number_index = wanted
    AND (lachan_covers(lachan_roots('{admin,tracer}'), area) OR person_id = ANY (lachan_own_people()))
$$;

REVOKE EXECUTE ON FUNCTION lachan_end_phone_keys, lachan_end_cards, lachan_new_phone_key, lachan_asking_devices, lachan_devices_seen,
  lachan_take_phone_codes, lachan_card_holders, lachan_document_holders,
  lachan_attach_card, lachan_withdraw_card, lachan_find_card FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_new_phone_key, lachan_devices_seen, lachan_take_phone_codes, lachan_card_holders,
  lachan_document_holders, lachan_attach_card, lachan_withdraw_card, lachan_find_card TO lachan_app;

-- Neither keys of phones nor uses of codes can be read by the role that serves pages; of a card everything
-- but the index of its number.
GRANT SELECT, DELETE ON phone_key, phone_code_use TO lachan_worker;
GRANT SELECT, INSERT ON card_batch TO lachan_app;
GRANT UPDATE (printed_at, drill_id) ON card_batch TO lachan_app;
GRANT SELECT (id, batch_id, serial, area, state, person_id, attached_at, attached_by, withdrawn_at, withdrawn_reason)
  ON card TO lachan_app;
GRANT INSERT (batch_id, serial, number_index, area) ON card TO lachan_app;
GRANT SELECT, DELETE ON card, card_batch TO lachan_worker;
ALTER TABLE phone_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE phone_code_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE card_batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE card ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON phone_key TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON phone_code_use TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON card_batch TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON card TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY jurisdiction ON card_batch TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{admin,tracer}'))) AS r
  WHERE card_batch.area = r OR starts_with(card_batch.area, r || '.')));
CREATE POLICY jurisdiction ON card TO lachan_app USING (EXISTS (
  SELECT 1 FROM unnest((SELECT lachan_roots('{admin,tracer}'))) AS r
  WHERE card.area = r OR starts_with(card.area, r || '.')))
  -- A card is of the area of its batch, which the officer must be able to see.
  WITH CHECK (EXISTS (SELECT 1 FROM card_batch b WHERE b.id = card.batch_id AND b.area = card.area));
CREATE POLICY own ON card FOR SELECT TO lachan_app USING (
  person_id = ANY ((SELECT lachan_own_people())::bigint[]));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
