"""Rule versions, classes of messages, the public list, push."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SQL = r"""
-- Versions of what decides who is a contact, who is warned and how. A version is written once; it is
-- drafted, tried on past cases, published, and never changed: a newer one takes its place.
CREATE TABLE disease_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  disease text NOT NULL,
  area text NOT NULL REFERENCES area (path) CHECK (area ~ '^VN([.][0-9]+)?$'),
  body jsonb NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  created_by bigint NOT NULL REFERENCES officer,
  created_at timestamptz NOT NULL DEFAULT now(),
  published_by bigint REFERENCES officer,
  published_at timestamptz
);
CREATE INDEX ix_disease_rule_in_force ON disease_rule (disease, published_at DESC) WHERE published_at IS NOT NULL;
CREATE FUNCTION lachan_rule_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.published_at IS NOT NULL OR NEW.body <> OLD.body OR NEW.area <> OLD.area OR NEW.disease <> OLD.disease THEN
    RAISE EXCEPTION 'a rule version is not rewritten' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_rule_frozen FROM PUBLIC;
CREATE TRIGGER frozen BEFORE UPDATE ON disease_rule FOR EACH ROW EXECUTE FUNCTION lachan_rule_frozen();

-- A version tried on past cases: whom it would have warned, beside the one in force.
CREATE TABLE rule_trial (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule_id bigint NOT NULL REFERENCES disease_rule ON DELETE CASCADE,
  area text NOT NULL,
  present text NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  requested_by bigint NOT NULL REFERENCES officer,
  requested_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX ix_rule_trial_rule ON rule_trial (rule_id, id DESC);
CREATE TABLE rule_trial_case (
  trial_id bigint NOT NULL REFERENCES rule_trial ON DELETE CASCADE,
  case_id bigint NOT NULL REFERENCES case_record ON DELETE CASCADE,
  case_code text NOT NULL,
  would integer NOT NULL,
  present integer NOT NULL,
  gained integer NOT NULL,
  lost integer NOT NULL,
  kinds jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (trial_id, case_id)
);

-- A warning begins with a case, or with a place whose operator reported somebody of the staff.
ALTER TABLE warning
  ALTER COLUMN case_id DROP NOT NULL,
  ADD COLUMN place_report_id uuid REFERENCES place_report ON DELETE CASCADE,
  ADD COLUMN rule_id bigint REFERENCES disease_rule,
  ADD COLUMN rule_version text NOT NULL DEFAULT '',
  -- What the officer made of the classes that the rule chose: {"watch": "test"}.
  ADD COLUMN kinds jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN first_sent_at timestamptz,
  ADD COLUMN held_until timestamptz,
  ADD COLUMN stopped_at timestamptz,
  ADD COLUMN resumed_at timestamptz,
  ADD COLUMN resumed_by bigint REFERENCES officer,
  ADD COLUMN resumed_reason text,
  ADD CHECK (case_id IS NOT NULL OR place_report_id IS NOT NULL);
CREATE INDEX ix_warning_place_report ON warning (place_report_id) WHERE place_report_id IS NOT NULL;
CREATE INDEX ix_warning_approved_at ON warning (approved_at) WHERE approved_at IS NOT NULL;
ALTER TABLE warning_message
  ADD COLUMN kind text NOT NULL DEFAULT 'watch' CHECK (kind IN ('watch', 'test', 'stay_home', 'call_me')),
  ADD COLUMN rule_version text NOT NULL DEFAULT '',
  -- By which ways it went out beside the inbox, and by which it was opened and answered.
  ADD COLUMN pushed_at timestamptz,
  ADD COLUMN texted_at timestamptz,
  ADD COLUMN seen_via text CHECK (seen_via IN ('page', 'app', 'push', 'sms')),
  ADD COLUMN tested_at timestamptz,
  ADD COLUMN call_asked_at timestamptz,
  ADD COLUMN well_at timestamptz,
  ADD COLUMN replied_via text CHECK (replied_via IN ('page', 'app')),
  ADD COLUMN called_at timestamptz,
  ADD COLUMN called_by bigint REFERENCES officer,
  ADD COLUMN decision text CHECK (decision IN ('kept', 'corrected', 'withdrawn')),
  ADD COLUMN corrected_minutes integer CHECK (corrected_minutes BETWEEN 0 AND 1440);
CREATE INDEX ix_warning_message_untold ON warning_message (sent_at)
  WHERE seen_at IS NULL AND withdrawn_at IS NULL AND texted_at IS NULL AND pushed_at IS NULL;
CREATE INDEX ix_warning_message_calls ON warning_message (warning_id)
  WHERE call_asked_at IS NOT NULL AND called_at IS NULL;

-- All sending of an area and below is held back while one of these is open.
CREATE TABLE warning_pause (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area text NOT NULL REFERENCES area (path),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
  paused_by bigint NOT NULL REFERENCES officer,
  paused_at timestamptz NOT NULL DEFAULT now(),
  resumed_by bigint REFERENCES officer,
  resumed_at timestamptz
);
CREATE UNIQUE INDEX uq_warning_pause_open ON warning_pause (area) WHERE resumed_at IS NULL;

-- Places that an officer put on the public list. No number of people under five is even kept here.
CREATE TABLE outbreak_place (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  warning_id bigint NOT NULL REFERENCES warning ON DELETE CASCADE,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  room_id bigint REFERENCES room ON DELETE SET NULL,
  disease text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('watch', 'test', 'stay_home', 'call_me')),
  advice_version text NOT NULL,
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  people integer CHECK (people >= 5),
  shown_until timestamptz NOT NULL,
  published_by bigint NOT NULL REFERENCES officer,
  published_at timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz,
  CHECK (window_to >= window_from)
);
CREATE INDEX ix_outbreak_place_shown ON outbreak_place (shown_until) WHERE withdrawn_at IS NULL;
CREATE INDEX ix_outbreak_place_warning ON outbreak_place (warning_id);
CREATE INDEX ix_outbreak_place_place ON outbreak_place (place_id);
-- A warning that is taken back takes its places off the list in the same moment, whoever takes it back.
CREATE FUNCTION lachan_unlist_places() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE outbreak_place SET withdrawn_at = now() WHERE warning_id = NEW.id AND withdrawn_at IS NULL;
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_unlist_places FROM PUBLIC;
CREATE TRIGGER unlist AFTER UPDATE OF state ON warning FOR EACH ROW WHEN (NEW.state = 'withdrawn')
  EXECUTE FUNCTION lachan_unlist_places();

-- Browsers that asked to be told at once. The endpoint is a key to somebody's phone, so it is sealed;
-- it lives as long as the session that brought it.
CREATE TABLE push_subscription (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  session_hash bytea NOT NULL REFERENCES session ON DELETE CASCADE,
  endpoint_index bytea NOT NULL UNIQUE,
  sealed bytea NOT NULL,
  lang text NOT NULL CHECK (lang IN ('vi', 'en')),
  client text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz
);
CREATE INDEX ix_push_subscription_person ON push_subscription (person_id);
CREATE INDEX ix_push_subscription_session ON push_subscription (session_hash);
CREATE TABLE push_delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subscription_id bigint NOT NULL REFERENCES push_subscription ON DELETE CASCADE,
  purpose text NOT NULL,
  target text NOT NULL,
  message_id bigint REFERENCES warning_message ON DELETE CASCADE,
  attempts smallint NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed')),
  sent_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_push_delivery_due ON push_delivery (due_at) WHERE state = 'queued';
CREATE INDEX ix_push_delivery_subscription ON push_delivery (subscription_id);
CREATE INDEX ix_push_delivery_message ON push_delivery (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX ix_push_delivery_created_at ON push_delivery (created_at);

-- Which messages a text speaks of; null for a text about anything else.
ALTER TABLE text_message ADD COLUMN warning_messages bigint[];

-- Who asked to be reminded of leaving, one visit at a time.
CREATE TABLE leave_reminder (
  person_id bigint PRIMARY KEY REFERENCES person ON DELETE CASCADE,
  session_hash bytea NOT NULL REFERENCES session ON DELETE CASCADE,
  visit_id uuid NOT NULL,
  day date NOT NULL,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_leave_reminder_due ON leave_reminder (due_at);
CREATE INDEX ix_leave_reminder_session ON leave_reminder (session_hash);

CREATE FUNCTION lachan_session_hash() RETURNS bytea LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT sha256(convert_to(nullif(current_setting('lachan.session', true), ''), 'UTF8'))
$$;
-- One browser, one subscription: who signs in on a shared phone takes its subscription over. The row of
-- the one before belongs to somebody else, hence a function. Ten browsers a person are enough.
CREATE FUNCTION lachan_subscribe(index bytea, new_sealed bytea, new_lang text, by_client text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  me bigint := lachan_person();
BEGIN
  IF me IS NULL THEN RETURN false; END IF;
  DELETE FROM push_subscription WHERE endpoint_index = index;
  INSERT INTO push_subscription (person_id, session_hash, endpoint_index, sealed, lang, client)
  VALUES (me, lachan_session_hash(), index, new_sealed, new_lang, by_client);
  DELETE FROM push_subscription WHERE id IN (
    SELECT id FROM push_subscription WHERE person_id = me ORDER BY id DESC OFFSET 10);
  RETURN true;
END $$;
-- How much was warned of late, everywhere: two numbers for the circuit breaker of every officer.
CREATE FUNCTION lachan_warned_since(since timestamptz, OUT warnings bigint, OUT recipients bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*), coalesce(sum(w.recipients), 0) FROM warning w LEFT JOIN case_record c ON c.id = w.case_id
  WHERE w.approved_at > since AND c.drill_id IS NULL AND lachan_officer() IS NOT NULL
$$;
-- A member of a household who has no phone cannot be told: whoever answers for them is. The asker's own
-- people are those; somebody who was removed is not one of them, even while an open case keeps the row.
CREATE OR REPLACE FUNCTION lachan_own_people() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(p.id), '{}') FROM person me
  JOIN person p ON p.id = me.id OR (p.household_id = me.household_id AND p.erase_requested_at IS NULL
    AND EXISTS (SELECT 1 FROM identity_sealed i WHERE i.person_id = p.id AND i.phone_index IS NULL))
  WHERE me.id = lachan_person()
$$;
-- The same asked from the other side: who reads what a person is told. A job tells them.
CREATE FUNCTION lachan_readers(wanted bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT wanted
  UNION ALL
  SELECT k.id FROM person p
  JOIN person k ON k.household_id = p.household_id AND k.id <> p.id
  WHERE p.id = wanted AND p.erase_requested_at IS NULL
    AND EXISTS (SELECT FROM identity_sealed i WHERE i.person_id = p.id AND i.phone_index IS NULL)
    AND NOT EXISTS (SELECT FROM identity_sealed i WHERE i.person_id = k.id AND i.phone_index IS NULL)
$$;
-- Who answers for somebody without a phone, sealed, for a tracer who works on that person: a call is
-- asked for by whoever answers, and only their number rings.
CREATE FUNCTION lachan_kept_by(wanted bigint) RETURNS TABLE (person_id bigint, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.person_id, i.sealed FROM lachan_readers(wanted) AS r (person_id)
  JOIN identity_sealed i ON i.person_id = r.person_id
  WHERE r.person_id <> wanted AND i.phone_index IS NOT NULL AND (
    EXISTS (SELECT FROM case_record c WHERE c.person_id = wanted
              AND lachan_is_worked_on(c.classification, c.closed_at)
              AND lachan_covers(lachan_roots('{tracer}'), c.area))
    OR EXISTS (SELECT FROM contact k JOIN case_record c ON c.id = k.case_id
               WHERE k.person_id = wanted AND lachan_is_worked_on(c.classification, c.closed_at)
                 AND (lachan_covers(lachan_roots('{tracer}'), k.area)
                      OR lachan_covers(lachan_roots('{tracer}'), c.area))))
  ORDER BY i.person_id LIMIT 4
$$;
-- Whether a message may still be carried to a phone, asked at the moment of carrying: 'wait' while its
-- warning is held back, 'never' once it is withdrawn. Null when the message is gone.
CREATE FUNCTION lachan_may_carry(message bigint) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT CASE
    WHEN m.withdrawn_at IS NOT NULL OR w.state <> 'approved' THEN 'never'
    WHEN w.stopped_at IS NOT NULL OR EXISTS (
      SELECT FROM warning_pause q WHERE q.resumed_at IS NULL
        AND (w.area = q.area OR starts_with(w.area, q.area || '.'))) THEN 'wait'
    ELSE 'go' END
  FROM warning_message m JOIN warning w ON w.id = m.warning_id WHERE m.id = message
$$;
-- The same of a text, which may speak of several messages at once; of a text about none: it may go.
CREATE FUNCTION lachan_may_text(messages bigint[]) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN messages IS NULL OR bool_or(verdict = 'go') THEN 'go'
              WHEN bool_or(verdict = 'wait') THEN 'wait' ELSE 'never' END
  FROM unnest(messages) AS m (id), lachan_may_carry(m.id) AS verdict
$$;
-- Who was at a place while somebody of its staff was on duty and infectious. Visits of strangers are
-- closed to pages: this opens those of one place and one window, once an officer of the place's area has
-- accepted the operator's report, and no more of them than a warning has to say. The minutes of a local day
-- are added up as in a trace.
CREATE FUNCTION lachan_visitors_of_report(report uuid, room_minutes integer, place_minutes integer)
RETURNS TABLE (person_id bigint, area text, place_id bigint, room_id bigint, window_from timestamptz,
  window_to timestamptz, minutes integer, reason text, others integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH r AS (
    SELECT * FROM place_report WHERE id = report AND state = 'accepted'
      AND lachan_covers(lachan_roots('{tracer}'), place_report.area)
  ), met AS (
    SELECT v.person_id, v.day, v.place_id, v.room_id, r.area, v.room_id = ANY (r.room_ids) AS in_room,
           greatest(v.started_at, r.on_duty_from) AS since, least(v.ends_at, r.on_duty_to, now()) AS until
    FROM r JOIN visit v ON v.place_id = r.place_id
     AND v.day BETWEEN CAST(r.on_duty_from AS date) - 2 AND CAST(r.on_duty_to AS date) + 1
     AND v.started_at < r.on_duty_to AND v.ends_at > r.on_duty_from
    WHERE (v.room_id IS NULL OR cardinality(r.room_ids) = 0 OR v.room_id = ANY (r.room_ids))
      AND NOT EXISTS (SELECT FROM case_record c WHERE c.id = r.case_id AND c.person_id = v.person_id)
  ), together AS (
    SELECT *, sum(until - since) OVER day AS at_place,
           coalesce(sum(until - since) FILTER (WHERE in_room) OVER day, interval '0') AS at_room
    FROM met WHERE since < until WINDOW day AS (PARTITION BY met.person_id, met.day)
  )
  SELECT DISTINCT ON (t.person_id) t.person_id, coalesce(p.home_area, t.area), t.place_id, t.room_id,
         t.since, t.until, CAST(extract(epoch FROM t.until - t.since) / 60 AS integer),
         CASE WHEN t.in_room THEN 'same_room' ELSE 'same_place' END,
         CAST(count(*) OVER (PARTITION BY t.person_id) - 1 AS integer)
  FROM together t JOIN person p ON p.id = t.person_id
  WHERE t.at_room >= make_interval(mins => room_minutes) OR t.at_place >= make_interval(mins => place_minutes)
  ORDER BY t.person_id, t.until - t.since DESC, t.since
$$;
-- Who gets a text because a warning lies unopened: the worker reads no sealed identity but these, each
-- once, in the statement that notes the text. A day old at most: who has not looked by then is called.
CREATE FUNCTION lachan_text_unopened(wait_minutes integer, most integer)
RETURNS TABLE (person_id bigint, sealed bytea, messages bigint[])
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  -- Messages are counted, not those who read them: both keepers of a child are texted, or neither is.
  WITH due AS (
    SELECT m.id, m.person_id FROM warning_message m JOIN person p ON p.id = m.person_id
    WHERE m.sent_at < now() - make_interval(mins => wait_minutes) AND m.sent_at > now() - interval '1 day'
      AND m.seen_at IS NULL AND m.withdrawn_at IS NULL AND m.texted_at IS NULL AND m.pushed_at IS NULL
      AND p.drill_id IS NULL AND lachan_may_carry(m.id) = 'go'
      AND EXISTS (SELECT FROM lachan_readers(m.person_id) AS r (person_id)
                  JOIN identity_sealed i ON i.person_id = r.person_id WHERE i.phone_index IS NOT NULL)
    ORDER BY m.sent_at LIMIT most FOR UPDATE OF m SKIP LOCKED
  ), noted AS (
    UPDATE warning_message m SET texted_at = now() FROM due WHERE m.id = due.id
  )
  SELECT i.person_id, (array_agg(i.sealed))[1], array_agg(due.id)
  FROM due CROSS JOIN LATERAL lachan_readers(due.person_id) AS r (person_id)
  JOIN identity_sealed i ON i.person_id = r.person_id AND i.phone_index IS NOT NULL
  GROUP BY i.person_id
$$;
REVOKE EXECUTE ON FUNCTION lachan_session_hash, lachan_subscribe, lachan_warned_since, lachan_visitors_of_report,
  lachan_text_unopened, lachan_readers, lachan_kept_by, lachan_may_carry, lachan_may_text FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_text_unopened, lachan_readers, lachan_may_carry, lachan_may_text TO lachan_worker;
GRANT EXECUTE ON FUNCTION lachan_session_hash, lachan_subscribe, lachan_warned_since, lachan_visitors_of_report,
  lachan_readers, lachan_kept_by TO lachan_app;

GRANT SELECT, INSERT ON disease_rule, rule_trial, warning_pause TO lachan_app;
GRANT UPDATE (published_by, published_at) ON disease_rule TO lachan_app;
GRANT UPDATE (resumed_by, resumed_at) ON warning_pause TO lachan_app;
GRANT SELECT ON rule_trial_case TO lachan_app;
GRANT SELECT, INSERT ON outbreak_place TO lachan_app;
GRANT UPDATE (withdrawn_at) ON outbreak_place TO lachan_app;
GRANT SELECT, DELETE ON push_subscription TO lachan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON leave_reminder TO lachan_app;
GRANT UPDATE (kinds, rule_id, rule_version, stopped_at, resumed_at, resumed_by, resumed_reason) ON warning TO lachan_app;
GRANT UPDATE (seen_via, tested_at, call_asked_at, well_at, replied_via, called_at, called_by, decision, corrected_minutes)
  ON warning_message TO lachan_app;
GRANT SELECT ON disease_rule, warning_pause, session TO lachan_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON rule_trial, rule_trial_case, outbreak_place, push_subscription, push_delivery, leave_reminder
  TO lachan_worker;

ALTER TABLE disease_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE rule_trial ENABLE ROW LEVEL SECURITY;
ALTER TABLE rule_trial_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE warning_pause ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbreak_place ENABLE ROW LEVEL SECURITY;
ALTER TABLE push_subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE push_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE leave_reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON disease_rule TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON rule_trial TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON rule_trial_case TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON warning_pause TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON outbreak_place TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON push_subscription TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON push_delivery TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON leave_reminder TO lachan_worker USING (true) WITH CHECK (true);

-- What the rules are is no secret to those who work by them; who may make them is.
CREATE POLICY officers_read ON disease_rule FOR SELECT TO lachan_app USING ((SELECT lachan_officer()) IS NOT NULL);
CREATE POLICY admin_writes ON disease_rule FOR INSERT TO lachan_app
  WITH CHECK (lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY admin_publishes ON disease_rule FOR UPDATE TO lachan_app
  USING (lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY admin ON rule_trial TO lachan_app USING (lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY through_trial ON rule_trial_case FOR SELECT TO lachan_app USING (
  EXISTS (SELECT 1 FROM rule_trial t WHERE t.id = rule_trial_case.trial_id));
CREATE POLICY officers_read ON warning_pause FOR SELECT TO lachan_app USING ((SELECT lachan_officer()) IS NOT NULL);
CREATE POLICY admin_pauses ON warning_pause FOR INSERT TO lachan_app
  WITH CHECK (lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY admin_resumes ON warning_pause FOR UPDATE TO lachan_app
  USING (lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY anyone_reads ON outbreak_place FOR SELECT TO lachan_app USING (
  withdrawn_at IS NULL AND shown_until > now());
CREATE POLICY through_warning ON outbreak_place TO lachan_app USING (
  EXISTS (SELECT 1 FROM warning w WHERE w.id = outbreak_place.warning_id));
ALTER POLICY own_read ON warning_message USING (
  person_id = ANY ((SELECT lachan_own_people())::bigint[]) AND sent_at IS NOT NULL);
ALTER POLICY own_answer ON warning_message USING (
  person_id = ANY ((SELECT lachan_own_people())::bigint[]) AND sent_at IS NOT NULL);
CREATE POLICY own ON push_subscription TO lachan_app USING (person_id = (SELECT lachan_person()));
CREATE POLICY own ON leave_reminder TO lachan_app USING (person_id = (SELECT lachan_person()))
  WITH CHECK (person_id = (SELECT lachan_person()));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
