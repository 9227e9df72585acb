"""The safety map: criteria, daily checks, inspections, answers from the public, colours."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQL = r"""
-- A set of criteria in one version. Officials edit a draft; what is published never changes again, as each check
-- says by which version it was judged. `rules` holds the outcome classes as the engine reads them.
CREATE TABLE criteria_set (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9-]{1,60}$'),
  version text NOT NULL CHECK (length(version) BETWEEN 1 AND 40),
  title jsonb NOT NULL,                       -- {"vi": ..., "en": ...}
  kinds text[] NOT NULL,                      -- kinds of places it is for
  area text NOT NULL REFERENCES area,         -- in force in this unit and below; the nearest one counts
  rules jsonb NOT NULL,
  repair_hours integer CHECK (repair_hours > 0),
  source text NOT NULL,
  verified boolean NOT NULL DEFAULT false,
  valid_from date NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
  created_by bigint REFERENCES officer,       -- null: came with the program
  created_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  UNIQUE (code, version)
);
CREATE TABLE criteria_item (
  set_id bigint NOT NULL REFERENCES criteria_set ON DELETE CASCADE,
  code text NOT NULL CHECK (length(code) BETWEEN 1 AND 20),
  position smallint NOT NULL,
  chapter jsonb NOT NULL,                     -- {"vi": ..., "en": ...}
  moment text NOT NULL CHECK (moment IN ('before', 'during', 'after')),
  wording jsonb NOT NULL,                     -- {"vi": ..., "en": ...}
  points smallint NOT NULL DEFAULT 1 CHECK (points BETWEEN 1 AND 100),
  graded boolean NOT NULL DEFAULT false,      -- answered by points; else met or not
  compulsory boolean NOT NULL DEFAULT false,
  evidence text NOT NULL DEFAULT 'none' CHECK (evidence IN ('none', 'photo_optional', 'photo')),
  PRIMARY KEY (set_id, code)
);

-- A place that takes part, and how it stands. One row a place: the map reads nothing else.
-- `colour` is that of `day`: on any later day the place has not reported, whatever is written here, unless it is
-- held (an open inspection's order, closed to the public); `lachan_colour` says it as of a day.
CREATE TABLE place_safety (
  place_id bigint PRIMARY KEY REFERENCES place ON DELETE CASCADE,
  set_id bigint REFERENCES criteria_set,
  joined_at timestamptz NOT NULL DEFAULT now(),
  day date,
  colour text NOT NULL DEFAULT 'grey' CHECK (colour IN ('green', 'yellow', 'red', 'grey', 'repair')),
  held text CHECK (held IN ('yellow', 'red', 'repair')),   -- beyond the day: by inspection, order or confirmed answers
  reasons jsonb NOT NULL DEFAULT '[]',        -- [{"code": ..., "params": {...}}], the first decides the colour
  outcome text,                               -- code of the class that the day's answers fell into
  score smallint, maximum smallint,
  below_since timestamptz,                    -- in a class that has to be left within the set's repair_hours, since
  streak integer NOT NULL DEFAULT 0,          -- days on end that were reported
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_place_safety_changed ON place_safety (changed_at);
CREATE FUNCTION lachan_colour(s place_safety, today date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN s.held = 'red' THEN 'red' WHEN s.held = 'repair' THEN 'repair'
    WHEN s.day IS DISTINCT FROM today THEN CASE WHEN s.held = 'yellow' THEN 'yellow' ELSE 'grey' END
    WHEN s.held = 'yellow' AND s.colour = 'green' THEN 'yellow' ELSE s.colour END
$$;
-- How each day ended: history of a place, the slider of the map, the streak.
CREATE TABLE safety_day (
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  day date NOT NULL,
  colour text NOT NULL,
  score smallint, maximum smallint,
  late boolean NOT NULL DEFAULT false,
  PRIMARY KEY (place_id, day)
);
CREATE INDEX ix_safety_day_day ON safety_day (day);

-- A commit: one moment of one day, or the whole day. Every one is kept; the last of a moment counts.
CREATE TABLE daily_check (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  commit_id uuid NOT NULL UNIQUE,             -- made by the phone: sending it twice changes nothing
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  set_id bigint NOT NULL REFERENCES criteria_set,
  day date NOT NULL,
  moment text NOT NULL CHECK (moment IN ('before', 'during', 'after', 'day')),
  person_id bigint REFERENCES person ON DELETE SET NULL,
  name_sealed bytea,                          -- the name as it was given, sealed: "daily_check:<commit id>"
  made_at timestamptz NOT NULL,               -- by the phone's clock
  received_at timestamptz NOT NULL DEFAULT now(),
  late boolean NOT NULL DEFAULT false,        -- the moment was over, or the commit came long after it was made
  answers jsonb NOT NULL,                     -- {item code: points}
  notes jsonb NOT NULL DEFAULT '{}',          -- {item code: text}
  score smallint NOT NULL, maximum smallint NOT NULL,
  outcome text NOT NULL,
  replaced_by bigint REFERENCES daily_check
);
CREATE INDEX ix_daily_check_place ON daily_check (place_id, day);
CREATE INDEX ix_daily_check_person ON daily_check (person_id);
-- Deleting an old check asks whether another one points at it.
CREATE INDEX ix_daily_check_replaced_by ON daily_check (replaced_by) WHERE replaced_by IS NOT NULL;
-- Whom was reminded of what: by the program when a moment is late, or by an officer's one press.
CREATE TABLE safety_reminder (
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  day date NOT NULL,
  moment text NOT NULL CHECK (moment IN ('before', 'during', 'after', 'day')),
  officer_id bigint REFERENCES officer,       -- null: the program
  sent_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (place_id, day, moment)
);
CREATE TABLE safety_photo (
  id uuid PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  check_id bigint REFERENCES daily_check ON DELETE CASCADE,
  inspection_id bigint,
  feedback_id bigint,
  item_code text,
  picture bytea NOT NULL,                     -- drawn anew as JPEG: no EXIF, no more than 1,600 pixels
  width smallint NOT NULL, height smallint NOT NULL,
  taken_by bigint REFERENCES person ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_safety_photo_check ON safety_photo (check_id);
CREATE INDEX ix_safety_photo_place ON safety_photo (place_id);
CREATE INDEX ix_safety_photo_taken_by ON safety_photo (taken_by) WHERE taken_by IS NOT NULL;
CREATE INDEX ix_safety_photo_created_at ON safety_photo (created_at);
CREATE INDEX ix_safety_photo_feedback ON safety_photo (feedback_id) WHERE feedback_id IS NOT NULL;

-- An inspector's own check, what it ordered, and how that ended.
CREATE TABLE inspection (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  officer_id bigint NOT NULL REFERENCES officer,
  set_id bigint NOT NULL REFERENCES criteria_set,
  recheck_of bigint REFERENCES inspection,
  day date NOT NULL,
  answers jsonb NOT NULL,
  notes jsonb NOT NULL DEFAULT '{}',
  score smallint NOT NULL, maximum smallint NOT NULL,
  outcome text NOT NULL,
  deviation jsonb NOT NULL DEFAULT '{}',      -- {item code: [self, inspector]} where they differ
  remark text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'closed' CHECK (state IN ('open', 'closed')),
  due_at timestamptz,                         -- of the order to repair
  repaired_at timestamptz,                    -- the place says so
  closed_at timestamptz,
  overdue_at timestamptz,                     -- when it was told that the deadline passed unrepaired
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_inspection_place ON inspection (place_id, created_at);
CREATE INDEX ix_inspection_open ON inspection (due_at) WHERE state = 'open';
CREATE TABLE repair_order (
  inspection_id bigint NOT NULL REFERENCES inspection ON DELETE CASCADE,
  item_code text NOT NULL,
  wording text NOT NULL CHECK (length(wording) <= 1000),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'repaired', 'accepted')),
  PRIMARY KEY (inspection_id, item_code)
);

-- "This is not right here." Who said so is for nobody who may be pressed to tell: neither the place nor the public.
CREATE TABLE feedback (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handle_hash bytea NOT NULL UNIQUE,          -- the reporter follows it by this, without an account
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  item_code text,
  body text NOT NULL CHECK (length(body) <= 2000),
  proof text NOT NULL CHECK (proof IN ('none', 'phone', 'visit')),
  weight smallint NOT NULL,                   -- 1, 2, 3 by proof
  person_id bigint REFERENCES person ON DELETE SET NULL,
  source_hash bytea,                          -- keyed, of the day: counts a flood, names nobody
  state text NOT NULL DEFAULT 'open'
    CHECK (state IN ('held', 'open', 'answered', 'reopened', 'confirmed', 'dismissed', 'closed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL,
  answer text CHECK (length(answer) <= 2000),
  answered_at timestamptz,
  reopened_at timestamptz,
  reopened_because text CHECK (length(reopened_because) <= 1000),
  decided_by bigint REFERENCES officer,
  decided_at timestamptz,
  remark text CHECK (length(remark) <= 1000),  -- of the inspector, for the place and the reporter
  overdue_at timestamptz                      -- when it was told that the deadline passed unanswered
);
CREATE INDEX ix_feedback_place ON feedback (place_id, created_at);
CREATE INDEX ix_feedback_waiting ON feedback (due_at) WHERE state IN ('open', 'reopened', 'held');

-- How the day ended in each ward, by kind: small, so that totals and reports need not count places.
CREATE TABLE safety_area_day (
  area text NOT NULL REFERENCES area,
  day date NOT NULL,
  kind text NOT NULL,
  colour text NOT NULL,
  places integer NOT NULL,
  PRIMARY KEY (area, day, kind, colour)
);

-- Where a place stands is for everybody; what it answered, who committed it and what an inspector found is for
-- those who run it and the officers of its area. What is not granted below, nobody may do.
GRANT SELECT ON criteria_set, criteria_item, place_safety, safety_day, daily_check, safety_reminder, safety_photo,
  inspection, repair_order, safety_area_day TO lachan_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON criteria_set, criteria_item, place_safety, safety_day, daily_check, safety_reminder,
  safety_photo, inspection, repair_order, feedback, safety_area_day TO lachan_worker;
GRANT INSERT, DELETE ON criteria_set TO lachan_app;
GRANT INSERT ON criteria_item, place_safety, safety_day, daily_check, safety_reminder, safety_photo, inspection, repair_order,
  feedback TO lachan_app;
GRANT UPDATE (state, published_at) ON criteria_set TO lachan_app;
GRANT UPDATE (set_id, day, colour, held, reasons, outcome, score, maximum, below_since, streak, changed_at) ON place_safety
  TO lachan_app;
GRANT UPDATE (colour, score, maximum, late) ON safety_day TO lachan_app;
GRANT UPDATE (replaced_by) ON daily_check TO lachan_app;
GRANT UPDATE (check_id, item_code, inspection_id, feedback_id) ON safety_photo TO lachan_app;
GRANT UPDATE (officer_id, sent_at) ON safety_reminder TO lachan_app;
GRANT UPDATE (state, due_at, repaired_at, closed_at, remark) ON inspection TO lachan_app;
GRANT UPDATE (state) ON repair_order TO lachan_app;
-- Never `person_id` and `source_hash`: not by any statement does the serving role learn who reported.
GRANT SELECT (id, place_id, item_code, body, proof, weight, state, created_at, due_at, answer, answered_at, reopened_at,
  reopened_because, decided_by, decided_at, remark, overdue_at) ON feedback TO lachan_app;
GRANT UPDATE (state, answer, answered_at, reopened_at, decided_by, decided_at, remark) ON feedback TO lachan_app;

-- Whether the asking officer inspects, or administers, the area in which a place lies.
CREATE FUNCTION lachan_inspects_place(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM place p WHERE p.id = wanted
    AND lachan_covers(lachan_roots('{safety_inspector,admin}'), p.area))
$$;
-- Which moments of a day a place has reported: public, while the answers themselves are not.
CREATE FUNCTION lachan_moments_done(wanted bigint, of_day date) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT moment), '{}') FROM daily_check WHERE place_id = wanted AND day = of_day
$$;
-- What the last inspection of a place found: the outcome and the day, not the answers.
CREATE FUNCTION lachan_last_inspection(wanted bigint, OUT day date, OUT outcome text, OUT set_id bigint, OUT state text,
  OUT due_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.day, i.outcome, i.set_id, i.state, i.due_at FROM inspection i WHERE i.place_id = wanted ORDER BY i.id DESC LIMIT 1
$$;
-- Why a place is held, for settling it by whoever may not read inspections: the next deadline of what is open.
CREATE FUNCTION lachan_open_orders(wanted bigint, OUT inspections integer, OUT due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer, min(i.due_at) FROM inspection i WHERE i.place_id = wanted AND i.state = 'open'
$$;
-- Whether the asking resident was at a place in the last 14 days: the proof that gives a report its weight.
-- (plpgsql, as in 0004.)
CREATE FUNCTION lachan_was_here_lately(wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM visit v WHERE v.person_id = lachan_person() AND v.place_id = wanted
    AND v.day >= current_date - 15 AND v.started_at > now() - interval '14 days');
END $$;
-- Those who run a place say that what was ordered is repaired; closing is the inspector's.
CREATE FUNCTION lachan_say_repaired(wanted bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE inspection i SET repaired_at = now()
  WHERE i.id = wanted AND i.state = 'open' AND i.repaired_at IS NULL AND lachan_runs_place(i.place_id);
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE repair_order o SET state = 'repaired' WHERE o.inspection_id = wanted AND o.state = 'open';
  RETURN true;
END $$;
-- The reporter follows the report by its handle, signed in or not.
CREATE FUNCTION lachan_feedback_by_handle(hash bytea, OUT id bigint, OUT place_id bigint, OUT item_code text, OUT body text,
  OUT state text, OUT created_at timestamptz, OUT due_at timestamptz, OUT answer text, OUT answered_at timestamptz,
  OUT reopened_at timestamptz, OUT reopened_because text, OUT decided_at timestamptz, OUT remark text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT f.id, f.place_id, f.item_code, f.body, f.state, f.created_at, f.due_at, f.answer, f.answered_at, f.reopened_at,
    f.reopened_because, f.decided_at, f.remark FROM feedback f WHERE f.handle_hash = hash
$$;
CREATE FUNCTION lachan_reopen_feedback(hash bytea, until timestamptz, why text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE feedback f SET state = 'reopened', reopened_at = now(), due_at = until, reopened_because = why, overdue_at = NULL
  WHERE f.handle_hash = hash AND f.state = 'answered' AND f.reopened_at IS NULL;
  RETURN FOUND;
END $$;
-- Weight of the confirmed reports of a place that nobody closed, by how many different reporters; the same phone or the
-- same address of a day counts once, with its heaviest.
CREATE FUNCTION lachan_confirmed_weight(wanted bigint, OUT reporters integer, OUT weight integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*)::integer, coalesce(sum(heaviest), 0)::integer FROM (
    SELECT max(f.weight) AS heaviest FROM feedback f WHERE f.place_id = wanted AND f.state = 'confirmed'
    GROUP BY coalesce('p' || f.person_id, 's' || encode(f.source_hash, 'hex'), 'f' || f.id)) AS by_reporter
$$;
-- How many reports came about a place, and from one source, since `since`: abuse control.
CREATE FUNCTION lachan_feedback_flood(wanted bigint, source bytea, since timestamptz, OUT of_place integer, OUT of_source integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FILTER (WHERE f.place_id = wanted)::integer,
    count(*) FILTER (WHERE f.source_hash = source OR f.person_id = lachan_person())::integer
  FROM feedback f WHERE f.created_at >= since
    AND (f.place_id = wanted OR f.source_hash = source OR f.person_id = lachan_person())
$$;
-- Whether a photo may still be joined to a report: just made, of this place, with fewer than three.
CREATE FUNCTION lachan_takes_photo(report bigint, wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM feedback f WHERE f.id = report AND f.place_id = wanted
    AND f.created_at > now() - interval '1 hour'
    AND (SELECT count(*) < 3 FROM safety_photo p WHERE p.feedback_id = f.id))
$$;
CREATE INDEX ix_feedback_source ON feedback (source_hash, created_at);
CREATE INDEX ix_feedback_person ON feedback (person_id);
REVOKE EXECUTE ON FUNCTION lachan_inspects_place, lachan_moments_done, lachan_last_inspection, lachan_open_orders,
  lachan_was_here_lately, lachan_say_repaired, lachan_feedback_by_handle, lachan_reopen_feedback, lachan_confirmed_weight,
  lachan_feedback_flood, lachan_takes_photo FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_inspects_place, lachan_moments_done, lachan_last_inspection, lachan_open_orders,
  lachan_was_here_lately, lachan_say_repaired, lachan_feedback_by_handle, lachan_reopen_feedback, lachan_confirmed_weight,
  lachan_feedback_flood, lachan_takes_photo TO lachan_app, lachan_worker;

-- What a place is held at is the authority's word: those who run the place settle their own day, never this.
CREATE FUNCTION lachan_guard_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'lachan_app' AND NOT lachan_inspects_place(NEW.place_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'held is written by officers of the area';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_held BEFORE UPDATE ON place_safety FOR EACH ROW WHEN (NEW.held IS DISTINCT FROM OLD.held)
  EXECUTE FUNCTION lachan_guard_held();
-- Whoever is erased takes their name from what they committed.
CREATE FUNCTION lachan_forget_committers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE daily_check c SET name_sealed = NULL, person_id = NULL FROM gone g WHERE c.person_id = g.person_id;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_forget_committers FROM PUBLIC;
CREATE TRIGGER forget_committers AFTER DELETE ON identity_sealed REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION lachan_forget_committers();

ALTER TABLE criteria_set ENABLE ROW LEVEL SECURITY;
ALTER TABLE criteria_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE place_safety ENABLE ROW LEVEL SECURITY;
ALTER TABLE safety_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE daily_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE safety_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE safety_photo ENABLE ROW LEVEL SECURITY;
ALTER TABLE inspection ENABLE ROW LEVEL SECURITY;
ALTER TABLE repair_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE safety_area_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON safety_area_day FOR SELECT TO lachan_app USING (true);
CREATE POLICY everything ON safety_area_day TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON criteria_set TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON criteria_item TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON place_safety TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON safety_day TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON daily_check TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON safety_reminder TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON safety_photo TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON inspection TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON repair_order TO lachan_worker USING (true) WITH CHECK (true);
CREATE POLICY everything ON feedback TO lachan_worker USING (true) WITH CHECK (true);

-- Criteria: what is published is for all; drafts are for admins of the area, who publish and withdraw.
CREATE POLICY published ON criteria_set FOR SELECT TO lachan_app USING (state <> 'draft');
CREATE POLICY drafts ON criteria_set FOR SELECT TO lachan_app USING (lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY drafts_add ON criteria_set FOR INSERT TO lachan_app WITH CHECK (
  state = 'draft' AND created_by = (SELECT lachan_officer()) AND lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY drafts_drop ON criteria_set FOR DELETE TO lachan_app USING (
  state = 'draft' AND lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY publish ON criteria_set FOR UPDATE TO lachan_app
  USING (state IN ('draft', 'published') AND lachan_covers((SELECT lachan_roots('{admin}')), area))
  WITH CHECK (state IN ('published', 'withdrawn') AND lachan_covers((SELECT lachan_roots('{admin}')), area));
CREATE POLICY through_set ON criteria_item FOR SELECT TO lachan_app USING (EXISTS (SELECT FROM criteria_set s WHERE s.id = set_id));
CREATE POLICY drafts_add ON criteria_item FOR INSERT TO lachan_app WITH CHECK (EXISTS (
  SELECT FROM criteria_set s WHERE s.id = set_id AND s.state = 'draft' AND lachan_covers((SELECT lachan_roots('{admin}')), s.area)));

CREATE POLICY anyone_reads ON place_safety FOR SELECT TO lachan_app USING (true);
CREATE POLICY joins ON place_safety FOR INSERT TO lachan_app WITH CHECK (
  colour = 'grey' AND held IS NULL AND (lachan_runs_place(place_id) OR lachan_inspects_place(place_id)));
CREATE POLICY settles ON place_safety FOR UPDATE TO lachan_app USING (lachan_runs_place(place_id) OR lachan_inspects_place(place_id));
CREATE POLICY anyone_reads ON safety_day FOR SELECT TO lachan_app USING (true);
-- The day under way (and the one before, around midnight); what is past stays.
CREATE POLICY settles ON safety_day FOR INSERT TO lachan_app WITH CHECK (
  day >= current_date - 1 AND (lachan_runs_place(place_id) OR lachan_inspects_place(place_id)));
CREATE POLICY settles_again ON safety_day FOR UPDATE TO lachan_app USING (
  day >= current_date - 1 AND (lachan_runs_place(place_id) OR lachan_inspects_place(place_id)));

CREATE POLICY of_place ON daily_check FOR SELECT TO lachan_app USING (
  lachan_runs_place(place_id) OR person_id = (SELECT lachan_person()) OR lachan_inspects_place(place_id));
CREATE POLICY staff_commit ON daily_check FOR INSERT TO lachan_app WITH CHECK (
  lachan_runs_place(place_id) AND person_id = (SELECT lachan_person()) AND replaced_by IS NULL);
CREATE POLICY staff_replace ON daily_check FOR UPDATE TO lachan_app USING (lachan_runs_place(place_id) AND replaced_by IS NULL)
  WITH CHECK (lachan_runs_place(place_id));
CREATE POLICY of_place ON safety_reminder FOR SELECT TO lachan_app USING (
  lachan_runs_place(place_id) OR lachan_inspects_place(place_id));
CREATE POLICY officers_remind ON safety_reminder FOR INSERT TO lachan_app WITH CHECK (
  officer_id = (SELECT lachan_officer()) AND lachan_inspects_place(place_id));
CREATE POLICY officers_remind_again ON safety_reminder FOR UPDATE TO lachan_app USING (lachan_inspects_place(place_id))
  WITH CHECK (officer_id = (SELECT lachan_officer()));
-- Those who run a place see a report's photo when they may see the report.
CREATE POLICY of_place ON safety_photo FOR SELECT TO lachan_app USING (
  (lachan_runs_place(place_id) OR lachan_inspects_place(place_id))
  AND (feedback_id IS NULL OR EXISTS (SELECT FROM feedback f WHERE f.id = feedback_id)));
-- Who took a report's photo is who reported: it is not written.
CREATE POLICY anyone_gives ON safety_photo FOR INSERT TO lachan_app WITH CHECK (
  check_id IS NULL AND CASE WHEN feedback_id IS NOT NULL
    THEN taken_by IS NULL AND inspection_id IS NULL AND lachan_takes_photo(feedback_id, place_id)
    ELSE taken_by IS NOT DISTINCT FROM (SELECT lachan_person())
      AND (lachan_runs_place(place_id) OR lachan_inspects_place(place_id)) END);
CREATE POLICY attach ON safety_photo FOR UPDATE TO lachan_app USING (
  check_id IS NULL AND inspection_id IS NULL AND feedback_id IS NULL
  AND (lachan_runs_place(place_id) OR lachan_inspects_place(place_id)))
  WITH CHECK (lachan_runs_place(place_id) OR lachan_inspects_place(place_id));

CREATE POLICY of_place ON inspection FOR SELECT TO lachan_app USING (
  lachan_runs_place(place_id) OR lachan_inspects_place(place_id));
CREATE POLICY inspectors_add ON inspection FOR INSERT TO lachan_app WITH CHECK (
  officer_id = (SELECT lachan_officer()) AND EXISTS (SELECT FROM place p WHERE p.id = place_id
    AND lachan_covers((SELECT lachan_roots('{safety_inspector}')), p.area)));
CREATE POLICY inspectors_close ON inspection FOR UPDATE TO lachan_app USING (EXISTS (
  SELECT FROM place p WHERE p.id = place_id AND lachan_covers((SELECT lachan_roots('{safety_inspector}')), p.area)));
CREATE POLICY through_inspection ON repair_order FOR SELECT TO lachan_app USING (
  EXISTS (SELECT FROM inspection i WHERE i.id = inspection_id));
CREATE POLICY inspectors_order ON repair_order FOR INSERT TO lachan_app WITH CHECK (EXISTS (
  SELECT FROM inspection i WHERE i.id = inspection_id AND lachan_inspects_place(i.place_id)));
CREATE POLICY inspectors_accept ON repair_order FOR UPDATE TO lachan_app USING (EXISTS (
  SELECT FROM inspection i WHERE i.id = inspection_id AND lachan_inspects_place(i.place_id)));

-- Reports: the place reads what is not held back, inspectors of the area read all; nobody reads who.
CREATE POLICY of_place ON feedback FOR SELECT TO lachan_app USING (
  (state <> 'held' AND lachan_runs_place(place_id)) OR lachan_inspects_place(place_id));
CREATE POLICY anyone_reports ON feedback FOR INSERT TO lachan_app WITH CHECK (
  person_id IS NOT DISTINCT FROM (SELECT lachan_person()) AND state IN ('held', 'open') AND answer IS NULL
  AND decided_by IS NULL AND reopened_at IS NULL
  AND weight = CASE proof WHEN 'visit' THEN 3 WHEN 'phone' THEN 2 ELSE 1 END
  AND (proof <> 'phone' OR person_id IS NOT NULL) AND (proof <> 'visit' OR lachan_was_here_lately(place_id)));
CREATE POLICY staff_answer ON feedback FOR UPDATE TO lachan_app
  USING (state IN ('open', 'reopened') AND lachan_runs_place(place_id))
  WITH CHECK (state = 'answered' AND answer IS NOT NULL AND decided_by IS NULL AND lachan_runs_place(place_id));
CREATE POLICY inspectors_decide ON feedback FOR UPDATE TO lachan_app USING (lachan_inspects_place(place_id))
  WITH CHECK (lachan_inspects_place(place_id) AND decided_by = (SELECT lachan_officer()));

-- ---- What the parts beside need is added below this line, small and commented. ----
-- Who runs a place and wants no reminders of it.
CREATE TABLE safety_quiet (
  place_id bigint NOT NULL REFERENCES place ON DELETE CASCADE,
  person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
  PRIMARY KEY (place_id, person_id)
);
GRANT SELECT, INSERT, DELETE ON safety_quiet TO lachan_app;
GRANT SELECT ON safety_quiet TO lachan_worker;
ALTER TABLE safety_quiet ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON safety_quiet TO lachan_app USING (person_id = (SELECT lachan_person()))
  WITH CHECK (person_id = (SELECT lachan_person()) AND lachan_runs_place(place_id));
CREATE POLICY everything ON safety_quiet FOR SELECT TO lachan_worker USING (true);

-- What a flood held back is let through by an inspector, many at a time; the place has its full time to answer. Not by an
-- UPDATE of theirs: what they decided is theirs for good, and what is let through is decided by nobody yet.
CREATE FUNCTION lachan_release_feedback(wanted bigint[], until timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  released integer;
BEGIN
  UPDATE feedback f SET state = 'open', due_at = until
  WHERE f.id = ANY (wanted) AND f.state = 'held' AND lachan_inspects_place(f.place_id);
  GET DIAGNOSTICS released = ROW_COUNT;
  RETURN released;
END $$;
REVOKE EXECUTE ON FUNCTION lachan_release_feedback FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lachan_release_feedback TO lachan_app;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # One round trip of many statements: the simple protocol, which only the driver itself speaks.
    op.get_bind().connection.run_async(lambda driver: driver.execute(SQL))
