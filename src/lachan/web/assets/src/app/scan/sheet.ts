/** What is asked between reading a code and scanning in: who comes along, until when. */
import { type Posted, spokenCode } from "../codes";
import { type KeptScan, type Me, onChange, recall, remember } from "../kept";
import { one, part, show, zone } from "../page";
import { favouritesOf } from "../places";
import { newScanId } from "../queue";

const NAME_PATIENCE_MS = 4000;

export interface Sheet {
  open(posted: Posted): Promise<void>;
  /** Ask for the digits beside the display at the door, and then send this scan again. */
  askForDigits(scan: KeptScan): void;
}

interface Facts {
  name: string;
  room: string | null;
}

async function factsOf(code: string): Promise<Facts | undefined> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), NAME_PATIENCE_MS);
  try {
    const reply = await fetch(`/api/v1/places/${code}`, { signal: patience.signal });
    return reply.ok ? ((await reply.json()) as Facts) : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

const DAY_MINUTES = 24 * 60;

/** The moment that a typed time of day means, on the clocks of `zone`: the next one to come. */
export function nextMoment(time: string, now: Date, zone?: string): string | undefined {
  const wanted = minutesOf(time);
  if (wanted === undefined) return undefined;
  const wall = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(zone ? { timeZone: zone } : {}),
  });
  const ahead = (wanted - (minutesOf(wall.format(now)) ?? 0) + DAY_MINUTES) % DAY_MINUTES;
  const minute = Math.floor(now.getTime() / 60_000);
  return new Date((minute + (ahead || DAY_MINUTES)) * 60_000).toISOString();
}

function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})/.exec(time) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/** Wire the sheet; `onScan` gets a scan that is ready to be kept, `onClose` when there is none. */
export function wireSheet(
  root: HTMLElement,
  onScan: (scan: KeptScan) => void,
  onClose: () => void,
): Sheet {
  const form = one<HTMLFormElement>("form", root);
  const name = one("[data-sheet-name]", root);
  const room = one("[data-sheet-room]", root);
  const code = one("[data-sheet-code]", root);
  const people = one("[data-sheet-people]", root);
  const choices = one(".choices", people);
  const until = one<HTMLInputElement>("input[name=until]", root);
  const proof = one("[data-sheet-proof]", root);
  const digits = one<HTMLInputElement>("input", proof);
  const arrive = one<HTMLButtonElement>("button[value=in]", root);
  const depart = one<HTMLButtonElement>("button[value=out]", root);
  let posted: Posted | undefined;
  // When the code was read, not when the questions were answered: that is when one was at the door.
  let readAt = "";
  let known: Facts | undefined;
  let listed = "";
  let before: KeptScan | undefined;

  const close = (): void => {
    show(root, false);
    posted = before = known = undefined;
  };

  const fill = (facts: Facts): void => {
    known = facts;
    name.textContent = facts.name;
    room.textContent = facts.room ?? "";
    show(room, Boolean(facts.room));
  };

  const listPeople = async (me: Me): Promise<void> => {
    const chosen = await recall("choices");
    const ticked = new Set(chosen?.person === me.person ? chosen.people : []);
    listed = me.household.map((member) => member.person_id).join();
    choices.replaceChildren(
      ...me.household.map((member) => {
        const choice = part("person");
        const box = one<HTMLInputElement>("input", choice);
        box.id = `person-${member.person_id}`;
        box.value = String(member.person_id);
        box.checked = ticked.has(member.person_id);
        const label = one<HTMLLabelElement>("label", choice);
        label.htmlFor = box.id;
        label.textContent = member.name;
        return choice;
      }),
    );
    show(people, me.household.length > 0);
  };

  const present = async (inside: boolean): Promise<void> => {
    // What is most likely wanted stands first and strongest.
    arrive.className = `button button-${inside ? "secondary" : "primary"}`;
    depart.className = `button button-${inside ? "primary" : "secondary"}`;
    (inside ? depart : arrive).parentElement?.prepend(inside ? depart : arrive);
    show(root, true);
    root.focus();
    root.scrollIntoView({ block: "start" });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void (async () => {
      const me = await recall("me");
      if (!posted || !me) return;
      const said = new FormData(form);
      const direction = event.submitter === depart ? "out" : "in";
      const along = said.getAll("people").map(Number);
      await remember("choices", { person: me.person, people: along });
      const time = direction === "in" ? nextMoment(until.value, new Date(), zone()) : undefined;
      const shown = digits.value.trim() || posted.proof;
      const { refusal: _, ...again } = before ?? {};
      const scan: KeptScan = {
        ...again,
        scan_id: before?.scan_id ?? newScanId(),
        person: me.person,
        code: posted.code,
        direction,
        at: readAt,
        people: along,
        state: "waiting",
        ...(time ? { until: time } : {}),
        ...(shown ? { proof: shown } : {}),
        ...(known ? { name: known.name } : {}),
      };
      close();
      onScan(scan);
    })();
  });
  one("[data-sheet-cancel]", root).addEventListener("click", () => {
    close();
    onClose();
  });

  // On a phone's first visit the household may become known while the sheet is open already.
  onChange(() => {
    void (async () => {
      const me = await recall("me");
      const household = me?.household.map((member) => member.person_id).join();
      if (me && posted && household !== listed) await listPeople(me);
    })();
  });

  const open = async (next: Posted): Promise<void> => {
    const me = await recall("me");
    if (!me) return;
    posted = next;
    readAt = new Date().toISOString();
    before = known = undefined;
    form.reset();
    show(proof, false);
    show(room, false);
    code.textContent = name.textContent = spokenCode(next.code);
    await listPeople(me);
    const here = await recall("here");
    const often = (await favouritesOf(me.person, Infinity)).find((one) => one.code === next.code);
    if (here?.code === next.code) fill({ name: here.name, room: here.room });
    else if (often) fill({ name: often.name, room: null });
    await present(here?.code === next.code);
    const facts = await factsOf(next.code);
    if (facts && posted === next) fill(facts);
  };

  return {
    open,
    askForDigits(scan) {
      posted = { code: scan.code };
      readAt = new Date().toISOString();
      before = scan;
      show(proof, true);
      code.textContent = spokenCode(scan.code);
      name.textContent = scan.name ?? spokenCode(scan.code);
      known = scan.name ? { name: scan.name, room: null } : undefined;
      void present(scan.direction === "out").then(() => digits.focus());
    },
  };
}
