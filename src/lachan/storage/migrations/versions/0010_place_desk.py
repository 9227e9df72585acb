"""What those who run a place need: hours, display, door counts, reports of a case."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE place
  -- Whether a scan must show that its maker stands at the door: by the display's code of that minute.
  ADD COLUMN proof text NOT NULL DEFAULT 'off' CHECK (proof IN ('off', 'optional', 'required')),
  -- Opening hours: opens and closes for Monday to Sunday, in minutes after midnight; both null on a day off.
  -- Closing at or before opening means on the next day.
  ADD COLUMN hours smallint[] CHECK (cardinality(hours) = 14),
  -- The authority registered the place or gave it to somebody: it says who runs it, and may take it back.
  ADD COLUMN by_authority boolean NOT NULL DEFAULT false;
-- Those who run a place write what is known of it; whose it is, which drill's and how old is not theirs to say.
REVOKE UPDATE ON place FROM lachan_app;
GRANT UPDATE (name, kind, area, address, lat, lon, h3, ventilation, usual_stay_minutes, state, folded, updated_at, proof, hours)
  ON place TO lachan_app;

-- The owner decides what a place is; staff look after the day. Which columns that is, the grant says.
CREATE FUNCTION lachan_owns_place(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM place_staff WHERE place_id = wanted AND person_id = lachan_person() AND role = 'owner')
$$;
-- Whether anybody may still be made the first owner.
CREATE FUNCTION lachan_place_has_owner(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM place_staff WHERE place_id = wanted AND role = 'owner')
$$;
DROP POLICY staff_change ON place;
CREATE POLICY owners_change ON place FOR UPDATE TO lachan_app USING (lachan_owns_place(id));

-- Staff. `label` is what the owner calls them ("the morning shift"): no name is opened for it.
ALTER TABLE place_staff ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  ADD COLUMN label text NOT NULL DEFAULT '' CHECK (length(label) <= 80);
DROP POLICY own ON place_staff;
CREATE POLICY own ON place_staff FOR SELECT TO lachan_app USING (
  person_id = (SELECT lachan_person()) OR lachan_owns_place(place_id));
-- Founding happens in the transaction that registers the place; nobody takes over one that stands empty.
DROP POLICY found ON place_staff;
CREATE POLICY found ON place_staff FOR INSERT TO lachan_app WITH CHECK (
  person_id = (SELECT lachan_person()) AND NOT lachan_place_has_staff(place_id)
  AND EXISTS (SELECT FROM place p WHERE p.id = place_id AND p.created_at = now()));
CREATE POLICY remove ON place_staff FOR DELETE TO lachan_app USING (
  lachan_owns_place(place_id) AND person_id IS DISTINCT FROM (SELECT lachan_person()));

-- An invitation: a one-time code, of which the hash is kept, taken by the one who shows it, once; or the blind
-- index of a phone number, taken by whoever signs in with that number, and then no code is worth anything.
CREATE TABLE place_invite (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'staff')),
  label text NOT NULL DEFAULT '' CHECK (length(label) <= 80),
  code_hash bytea UNIQUE,
  phone_index bytea,
  created_by bigint REFERENCES person ON DELETE SET NULL,
  created_by_officer bigint REFERENCES officer,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  declined_at timestamptz,
  CHECK (num_nonnulls(code_hash, phone_index) = 1)
);
CREATE INDEX ix_place_invite_place ON place_invite (place_id);
CREATE INDEX ix_place_invite_phone ON place_invite (phone_index) WHERE phone_index IS NOT NULL;
GRANT SELECT, INSERT, DELETE ON place_invite TO lachan_app;
GRANT SELECT, INSERT, DELETE ON place_invite TO lachan_worker;
ALTER TABLE place_invite ENABLE ROW LEVEL SECURITY;
CREATE POLICY owners ON place_invite TO lachan_app USING (lachan_owns_place(place_id))
  WITH CHECK (lachan_owns_place(place_id) AND created_by = (SELECT lachan_person()) AND created_by_officer IS NULL);
-- Places that the authority registered have nobody who runs them yet: an officer of the area invites, and only
-- to such places: nobody is put beside, or in the stead of, an owner.
CREATE POLICY officers ON place_invite TO lachan_app
  USING (created_by_officer IS NOT NULL AND EXISTS (
    SELECT FROM place p WHERE p.id = place_id AND lachan_covers((SELECT lachan_roots('{admin}')), p.area)))
  WITH CHECK (created_by_officer = (SELECT lachan_officer()) AND created_by IS NULL AND role = 'owner' AND EXISTS (
    SELECT FROM place p WHERE p.id = place_id AND p.state = 'active' AND p.drill_id IS NULL
      AND lachan_covers((SELECT lachan_roots('{admin}')), p.area)) AND NOT lachan_place_has_owner(place_id));
CREATE POLICY everything ON place_invite TO lachan_worker USING (true) WITH CHECK (true);
-- The authority invites the first owner alone; of those who run a place an invitation is worth something for as long
-- as its maker owns the place, or whoever was sent away would come back by a code kept for that day.
CREATE FUNCTION lachan_invitation_stands(invited place_invite) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN invited.created_by_officer IS NOT NULL THEN NOT lachan_place_has_owner(invited.place_id)
    ELSE EXISTS (SELECT FROM place_staff s
                 WHERE s.place_id = invited.place_id AND s.person_id = invited.created_by AND s.role = 'owner') END
$$;
-- What an invitation is for, to somebody who holds its code; null when it is used up, expired or not ours.
CREATE FUNCTION lachan_invited_to(hash bytea, OUT place_id bigint, OUT role text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT i.place_id, i.role FROM place_invite i JOIN place p ON p.id = i.place_id
  WHERE i.code_hash = hash AND i.used_at IS NULL AND i.declined_at IS NULL AND i.expires_at > now() AND p.state = 'active'
    AND lachan_invitation_stands(i)
$$;
-- Invitations of the authority to the number with which the asker signs in.
CREATE FUNCTION lachan_my_invitations() RETURNS TABLE (id bigint, place_id bigint, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.id, i.place_id, i.expires_at FROM identity_sealed s
  JOIN place_invite i ON i.phone_index = s.phone_index
  JOIN place p ON p.id = i.place_id
  WHERE s.person_id = lachan_person() AND i.used_at IS NULL AND i.declined_at IS NULL AND i.expires_at > now()
    AND p.state = 'active' AND NOT lachan_place_has_owner(i.place_id)
  ORDER BY i.id
$$;
-- Take the invitation with this code, or (`hash` null) that one of one's own invitations: its place and role, null
-- when it cannot be taken. One after another at a place, as the authority's is for the first owner alone.
CREATE FUNCTION lachan_join_place(hash bytea, wanted bigint, OUT place_id bigint, OUT role text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  me bigint := lachan_person();
  invited place_invite;
BEGIN
  IF me IS NULL THEN RETURN; END IF;
  SELECT i.* INTO invited FROM place_invite i WHERE CASE WHEN hash IS NOT NULL THEN i.code_hash = hash
    ELSE i.id = wanted AND i.id IN (SELECT mine.id FROM lachan_my_invitations() AS mine) END;
  PERFORM FROM place p WHERE p.id = invited.place_id AND p.state = 'active' FOR NO KEY UPDATE;
  IF NOT FOUND OR NOT lachan_invitation_stands(invited) THEN RETURN; END IF;
  UPDATE place_invite i SET used_at = now()
  WHERE i.id = invited.id AND i.used_at IS NULL AND i.declined_at IS NULL AND i.expires_at > now();
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO place_staff AS s (place_id, person_id, role, label) VALUES (invited.place_id, me, invited.role,
    CASE WHEN invited.created_by_officer IS NULL THEN invited.label ELSE '' END)
  ON CONFLICT ON CONSTRAINT place_staff_pkey DO UPDATE SET role = CASE WHEN excluded.role = 'owner' THEN 'owner' ELSE s.role END;
  IF invited.created_by_officer IS NOT NULL THEN
    UPDATE place p SET by_authority = true WHERE p.id = invited.place_id;
    DELETE FROM place_invite i WHERE i.place_id = invited.place_id AND i.created_by_officer IS NOT NULL AND i.used_at IS NULL;
  END IF;
  place_id := invited.place_id;
  role := invited.role;
END $$;
CREATE FUNCTION lachan_decline_invitation(wanted bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  UPDATE place_invite SET declined_at = now()
  WHERE id = wanted AND id IN (SELECT mine.id FROM lachan_my_invitations() AS mine) RETURNING place_id
$$;
-- A code that fell into the wrong hands: everybody who runs the place goes, with their devices and invitations, and
-- an officer invites anew. Only where the authority gave the place; what residents registered is their own. Only by an
-- officer who showed the password lately. How many ran it, null where this cannot be done.
CREATE FUNCTION lachan_take_place_back(wanted bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  PERFORM FROM place p WHERE p.id = wanted AND p.by_authority AND lachan_covers(lachan_roots('{admin}'), p.area)
    AND lachan_is_fresh()
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  DELETE FROM place_staff WHERE place_id = wanted;
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM place_invite WHERE place_id = wanted AND used_at IS NULL;
  UPDATE device SET revoked_at = now() WHERE place_id = wanted AND revoked_at IS NULL;
  RETURN gone;
END $$;

-- A place whose name is near that of another in its ward, or written with letters that only look right: the
-- desk looks at it before its poster says that it is registered.
CREATE TABLE place_review (
  place_id bigint PRIMARY KEY REFERENCES place ON DELETE CASCADE,
  similar_to bigint REFERENCES place ON DELETE SET NULL,
  why text NOT NULL CHECK (why IN ('similar_name', 'odd_letters')),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'refused')),
  created_at timestamptz NOT NULL DEFAULT now(),
  decided_by bigint REFERENCES officer,
  decided_at timestamptz
);
CREATE INDEX ix_place_review_waiting ON place_review (created_at) WHERE state = 'waiting';
GRANT SELECT, INSERT ON place_review TO lachan_app;
GRANT UPDATE (similar_to, why, state, created_at, decided_by, decided_at) ON place_review TO lachan_app;
GRANT SELECT, INSERT, DELETE ON place_review TO lachan_worker;
ALTER TABLE place_review ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON place_review FOR SELECT TO lachan_app USING (true);
-- Whoever runs a place may only ask for a look, never settle it.
CREATE POLICY staff_ask ON place_review FOR INSERT TO lachan_app WITH CHECK (
  lachan_owns_place(place_id) AND state = 'waiting' AND decided_by IS NULL);
CREATE POLICY staff_ask_again ON place_review FOR UPDATE TO lachan_app USING (lachan_owns_place(place_id))
  WITH CHECK (lachan_owns_place(place_id) AND state = 'waiting' AND decided_by IS NULL);
CREATE POLICY officers_decide ON place_review FOR UPDATE TO lachan_app USING (EXISTS (
    SELECT FROM place p WHERE p.id = place_id AND lachan_covers((SELECT lachan_roots('{admin}')), p.area)))
  WITH CHECK (decided_by = (SELECT lachan_officer()));
CREATE POLICY everything ON place_review TO lachan_worker USING (true) WITH CHECK (true);

-- How many came through the door by the count of somebody who stood there; hour 24 is the whole day.
CREATE TABLE door_count (
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  day date NOT NULL,
  hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 24),
  counted integer NOT NULL CHECK (counted BETWEEN 0 AND 1000000),
  entered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (place_id, day, hour)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON door_count TO lachan_app;
GRANT SELECT, DELETE ON door_count TO lachan_worker;
ALTER TABLE door_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff ON door_count TO lachan_app USING (lachan_runs_place(place_id)) WITH CHECK (lachan_runs_place(place_id));
CREATE POLICY everything ON door_count TO lachan_worker USING (true) WITH CHECK (true);

-- Who came when, as numbers, for those who run the place: people that arrived in each hour of [first, last]
-- by local time, null where they are fewer than five, and hour 24 for the day: the sum of what is shown, and
-- of what is not only where that is five or more, so that no difference tells a smaller number. Somebody who
-- goes from room to room arrives once. (plpgsql: `visit` is made by a later migration than `place`.)
CREATE FUNCTION lachan_arrivals(wanted bigint, first date, last date, zone text)
RETURNS TABLE (day date, hour smallint, arrivals integer) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT lachan_runs_place(wanted) THEN RETURN; END IF;
  RETURN QUERY
  WITH came AS (
    SELECT v.day AS on_day, extract(hour FROM v.started_at AT TIME ZONE zone)::smallint AS in_hour,
           count(DISTINCT v.person_id)::integer AS people
    FROM visit v
    WHERE v.place_id = wanted AND v.day BETWEEN first AND last AND v.started_at <= now()
      AND (v.room_id IS NULL OR NOT EXISTS (
        SELECT FROM visit b WHERE b.person_id = v.person_id AND b.place_id = wanted AND b.ends_at = v.started_at
          AND b.started_at < v.started_at AND b.started_at > v.started_at - interval '24 hours'
          AND b.day BETWEEN v.day - 1 AND v.day))
    GROUP BY 1, 2)
  SELECT on_day, in_hour, CASE WHEN people >= 5 THEN people END FROM came
  UNION ALL
  SELECT on_day, 24::smallint, nullif(coalesce(sum(people) FILTER (WHERE people >= 5), 0)
    + CASE WHEN sum(people) FILTER (WHERE people < 5) >= 5 THEN sum(people) FILTER (WHERE people < 5) ELSE 0 END, 0)::integer
  FROM came GROUP BY on_day;
END $$;

-- Everybody out at one press. What it changed is kept for as long as it can be taken back.
CREATE TABLE day_close (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  closed_by bigint REFERENCES person ON DELETE SET NULL,
  closed_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'undoing', 'undone')),
  -- Null while fewer than five were inside.
  people integer CHECK (people >= 5),
  undone_at timestamptz
);
CREATE INDEX ix_day_close_place ON day_close (place_id, id DESC);
CREATE TABLE day_close_visit (
  close_id bigint NOT NULL REFERENCES day_close ON DELETE CASCADE,
  visit_id uuid NOT NULL,
  day date NOT NULL,
  person_id bigint NOT NULL,
  ended_before timestamptz NOT NULL,
  PRIMARY KEY (close_id, visit_id)
);
GRANT SELECT, INSERT ON day_close TO lachan_app;
GRANT UPDATE (state, undone_at) ON day_close TO lachan_app;
GRANT SELECT, UPDATE, DELETE ON day_close TO lachan_worker;
GRANT SELECT, INSERT, DELETE ON day_close_visit TO lachan_worker;
GRANT UPDATE (ends_at, end_source) ON visit, last_visit TO lachan_worker;
ALTER TABLE day_close ENABLE ROW LEVEL SECURITY;
ALTER TABLE day_close_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff ON day_close TO lachan_app USING (lachan_runs_place(place_id)) WITH CHECK (lachan_runs_place(place_id));
CREATE POLICY everything ON day_close TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON day_close_visit TO lachan_worker USING (true) WITH CHECK (true);

-- Many places at once: the lines that passed, the report of those that did not, and in the end the posters.
CREATE TABLE place_import (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint REFERENCES person ON DELETE CASCADE,
  officer_id bigint REFERENCES officer ON DELETE CASCADE,
  file_name text NOT NULL CHECK (length(file_name) <= 200),
  -- What will be registered, and what is said of each line: see places/bulk/schemas.py.
  rows jsonb NOT NULL,
  -- Phone numbers of those who will run the places, by line, bound to "place_import:<id>"; gone once they are asked.
  sealed bytea,
  report jsonb NOT NULL,
  size text NOT NULL DEFAULT 'a4' CHECK (size IN ('a4', 'a5')),
  state text NOT NULL DEFAULT 'checked' CHECK (state IN ('checked', 'queued', 'running', 'done', 'failed')),
  made integer NOT NULL DEFAULT 0,
  printed integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK (num_nonnulls(person_id, officer_id) = 1)
);
CREATE TABLE place_import_place (
  import_id bigint NOT NULL REFERENCES place_import ON DELETE CASCADE,
  line integer NOT NULL,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  PRIMARY KEY (import_id, line)
);
-- The one PDF in pieces, as a large value would have to be held whole in memory to be sent.
CREATE TABLE place_import_pdf (
  import_id bigint NOT NULL REFERENCES place_import ON DELETE CASCADE,
  part integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (import_id, part)
);
ALTER TABLE place_import_pdf ALTER COLUMN content SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON place_import TO lachan_app;
GRANT UPDATE (state, size, sealed) ON place_import TO lachan_app;
GRANT SELECT ON place_import_place, place_import_pdf TO lachan_app;
GRANT SELECT, UPDATE, DELETE ON place_import TO lachan_worker;
GRANT SELECT, INSERT, DELETE ON place_import_place, place_import_pdf TO lachan_worker;
GRANT INSERT ON place, room, place_code, place_staff TO lachan_worker;
ALTER TABLE place_import ENABLE ROW LEVEL SECURITY;
ALTER TABLE place_import_place ENABLE ROW LEVEL SECURITY;
ALTER TABLE place_import_pdf ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON place_import TO lachan_app
  USING (person_id = (SELECT lachan_person()) OR officer_id = (SELECT lachan_officer()))
  WITH CHECK (person_id = (SELECT lachan_person()) OR officer_id = (SELECT lachan_officer()));
CREATE POLICY through_import ON place_import_place TO lachan_app USING (EXISTS (SELECT FROM place_import i WHERE i.id = import_id));
CREATE POLICY through_import ON place_import_pdf TO lachan_app USING (EXISTS (SELECT FROM place_import i WHERE i.id = import_id));
CREATE POLICY everything ON place_import TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON place_import_place TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON place_import_pdf TO lachan_worker USING (true) WITH CHECK (true);

-- Those who run a place say that one of them was found positive; an officer makes a warning of it or not.
-- `sealed` holds how to reach the person and what was said, bound to "place_report:<id>".
CREATE TABLE place_report (
  id uuid PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  area text NOT NULL,
  room_ids bigint[] NOT NULL DEFAULT '{}',
  on_duty_from timestamptz NOT NULL,
  on_duty_to timestamptz NOT NULL CHECK (on_duty_to > on_duty_from),
  tested_on date NOT NULL,
  sealed bytea NOT NULL,
  reported_by bigint REFERENCES person ON DELETE SET NULL,
  reported_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'accepted', 'refused')),
  case_id bigint REFERENCES case_record ON DELETE SET NULL,
  decided_by bigint REFERENCES officer,
  decided_at timestamptz,
  reason text CHECK (length(reason) <= 500)
);
CREATE INDEX ix_place_report_area ON place_report (area text_pattern_ops, reported_at DESC);
CREATE INDEX ix_place_report_place ON place_report (place_id);
GRANT SELECT, INSERT ON place_report TO lachan_app;
GRANT UPDATE (state, case_id, decided_by, decided_at, reason) ON place_report TO lachan_app;
GRANT SELECT, DELETE ON place_report TO lachan_worker;
ALTER TABLE place_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_read ON place_report FOR SELECT TO lachan_app USING (lachan_runs_place(place_id));
CREATE POLICY staff_report ON place_report FOR INSERT TO lachan_app WITH CHECK (
  lachan_runs_place(place_id) AND reported_by = (SELECT lachan_person()) AND state = 'new'
  AND area = (SELECT p.area FROM place p WHERE p.id = place_id));
CREATE POLICY jurisdiction_read ON place_report FOR SELECT TO lachan_app USING (
  lachan_covers((SELECT lachan_roots('{tracer}')), area));
CREATE POLICY jurisdiction_decide ON place_report FOR UPDATE TO lachan_app USING (
  lachan_covers((SELECT lachan_roots('{tracer}')), area)) WITH CHECK (decided_by = (SELECT lachan_officer()));
CREATE POLICY everything ON place_report TO lachan_worker USING (true) WITH CHECK (true);

-- Where the duty to check in has ended: in an area and all below it, for one kind of place or for all.
CREATE TABLE duty_end (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  area text NOT NULL REFERENCES area (path),
  kind text,
  ends_on date NOT NULL,
  ended_by bigint NOT NULL REFERENCES officer,
  created_at timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz,
  withdrawn_by bigint REFERENCES officer
);
CREATE UNIQUE INDEX uq_duty_end ON duty_end (area, coalesce(kind, '')) WHERE withdrawn_at IS NULL;
GRANT SELECT, INSERT ON duty_end TO lachan_app;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON duty_end TO lachan_app;
GRANT SELECT ON duty_end TO lachan_worker;
ALTER TABLE duty_end ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON duty_end FOR SELECT TO lachan_app USING (true);
CREATE POLICY officers_end ON duty_end FOR INSERT TO lachan_app WITH CHECK (
  ended_by = (SELECT lachan_officer()) AND lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY officers_withdraw ON duty_end FOR UPDATE TO lachan_app USING (
  lachan_covers((SELECT lachan_roots('{admin}')), area)) WITH CHECK (withdrawn_by = (SELECT lachan_officer()));
CREATE POLICY everything ON duty_end TO lachan_worker USING (true) WITH CHECK (true);

-- How check-in goes in each ward on each day, counted by the worker once an hour: numbers only.
CREATE TABLE check_in_day (
  area text NOT NULL,
  day date NOT NULL,
  active_places integer NOT NULL,
  arrivals integer NOT NULL,
  -- At the places and hours where somebody counted at the door: how many that were, and how many scanned.
  counted integer NOT NULL,
  scanned integer NOT NULL,
  PRIMARY KEY (area, day)
);
GRANT SELECT ON check_in_day TO lachan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON check_in_day TO lachan_worker;
ALTER TABLE check_in_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY jurisdiction ON check_in_day FOR SELECT TO lachan_app USING (
  lachan_covers((SELECT lachan_roots('{admin,tracer,border_officer,safety_inspector,reporter,auditor}')), area));
CREATE POLICY everything ON check_in_day TO lachan_worker USING (true) WITH CHECK (true);
-- Minutes from opening a case to approving its first warning, by the ward of the case, for the areas in which
-- the asking officer works, whatever the role: a length of time and nothing else of the case.
CREATE FUNCTION lachan_minutes_to_warn(since timestamptz) RETURNS TABLE (area text, minutes double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.area, extract(epoch FROM min(w.approved_at) - c.opened_at)::double precision / 60
  FROM case_record c JOIN warning w ON w.case_id = c.id
  WHERE c.opened_at >= since AND w.approved_at IS NOT NULL AND c.drill_id IS NULL
    AND lachan_covers(lachan_roots('{admin,tracer,border_officer,safety_inspector,reporter,auditor}'), c.area)
  GROUP BY c.id, c.area
$$;

-- Who was at a place, for the tracer of a case that was there in its infectious days: by page, oldest first.
-- `lists` is false when the case gives no right to this place; then no row follows.
CREATE FUNCTION lachan_case_touched(wanted_case bigint, wanted_place bigint) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM case_record c JOIN visit v ON v.person_id = c.person_id
    WHERE c.id = wanted_case AND lachan_covers(lachan_roots('{tracer}'), c.area)
      AND lachan_is_worked_on(c.classification, c.closed_at)
      AND v.place_id = wanted_place AND v.started_at < c.infectious_until AND v.ends_at > c.infectious_from
      AND v.day BETWEEN c.infectious_from::date - 2 AND c.infectious_until::date + 1)
$$;
CREATE FUNCTION lachan_place_visitors(wanted_case bigint, wanted_place bigint, since timestamptz, until timestamptz,
  after_start timestamptz, after_id uuid, most integer)
RETURNS TABLE (visit_id uuid, person_id bigint, room_id bigint, started_at timestamptz, ends_at timestamptz,
  end_source text, source text, proof text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  begins timestamptz := coalesce(after_start, since);
  left_over integer := most;
  found integer;
  on_day date;
BEGIN
  IF NOT lachan_case_touched(wanted_case, wanted_place) THEN RETURN; END IF;
  -- Day after day until the page is full: a page puts in order the visits of its days, not of all that follow.
  FOR on_day IN SELECT generate_series(begins::date - 1, until::date + 1, interval '1 day')::date LOOP
    EXIT WHEN left_over <= 0;
    RETURN QUERY
    SELECT v.id, v.person_id, v.room_id, v.started_at, v.ends_at, v.end_source, v.source, v.proof FROM visit v
    WHERE v.place_id = wanted_place AND v.day = on_day AND v.started_at >= begins AND v.started_at < until
      AND (after_start IS NULL OR v.started_at > after_start OR v.id > after_id)
    ORDER BY v.started_at, v.id LIMIT left_over;
    GET DIAGNOSTICS found = ROW_COUNT;
    left_over := left_over - found;
  END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION lachan_owns_place, lachan_place_has_owner, lachan_invitation_stands, lachan_invited_to, lachan_my_invitations,
  lachan_join_place, lachan_decline_invitation, lachan_take_place_back, lachan_arrivals,
  lachan_minutes_to_warn, lachan_case_touched, lachan_place_visitors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_owns_place, lachan_place_has_owner, lachan_invited_to, lachan_my_invitations,
  lachan_join_place, lachan_decline_invitation, lachan_take_place_back, lachan_arrivals,
  lachan_minutes_to_warn, lachan_case_touched, lachan_place_visitors TO lachan_app;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
