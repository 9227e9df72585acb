/** The own code: drawn and signed on the phone, a new one every half minute. */
import { forget, type Me, type PhoneKey, recall, remember } from "../app/kept";
import { refresh } from "../app/me";
import { one, part, say, show } from "../app/page";
import { codeAt, importKey, maskOf } from "../app/phone-code";
import { drawCode } from "../app/picture";

interface GivenKey {
  handle: string;
  key: string;
  members: { person_id: number; name: string; bit: number }[];
  step_seconds: number;
  now: string;
}

// A key is asked for anew this often, so that one which leaked without anybody's knowledge ends.
const KEY_LIFE_MS = 7 * 86_400_000;

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** A key for this phone: the kept one, else a new one from the server. */
async function keyOf(me: Me): Promise<PhoneKey | undefined> {
  const known = await recall("key");
  const mine = known?.person === me.person ? known : undefined;
  if (mine && Date.now() - mine.made < KEY_LIFE_MS && sameHousehold(mine, me)) return mine;
  const reply = await fetch("/api/v1/me/phone-codes", { method: "POST" }).catch(() => undefined);
  if (reply?.status === 401 || reply?.status === 403) {
    await forget("key");
    await remember("signedOut", true);
    return undefined;
  }
  // Without a network the old key still opens doors.
  if (!reply?.ok) return mine;
  const given = (await reply.json()) as GivenKey;
  const fresh: PhoneKey = {
    person: me.person,
    handle: bytes(given.handle),
    key: await importKey(bytes(given.key)),
    step: given.step_seconds,
    ahead: Date.now() - Date.parse(given.now),
    members: given.members,
    made: Date.now(),
  };
  await remember("key", fresh);
  return fresh;
}

function sameHousehold(key: PhoneKey, me: Me): boolean {
  const ids = (people: { person_id: number }[]): string =>
    people
      .map((one) => one.person_id)
      .sort((a, b) => a - b)
      .join();
  return ids(key.members) === ids(me.household);
}

function wire(root: HTMLElement): void {
  const card = one("[data-code]", root);
  const svg = root.querySelector<SVGSVGElement>("[data-code-picture]");
  const meter = one<HTMLProgressElement>("progress", card);
  const left = one("[data-code-left]", card);
  const people = one("[data-code-people]", root);
  let key: PhoneKey | undefined;
  let drawn = "";
  let timer = 0;

  async function ticked(): Promise<number> {
    const boxes = people.querySelectorAll<HTMLInputElement>("input:checked");
    return maskOf([...boxes].map((box) => Number(box.value)));
  }

  async function tick(): Promise<void> {
    window.clearTimeout(timer);
    if (!key || !svg) return;
    const now = (Date.now() - key.ahead) / 1000;
    const rest = key.step - (now % key.step);
    const mask = await ticked();
    const wanted = `${Math.floor(now / key.step)} ${mask}`;
    if (wanted !== drawn) {
      drawCode(svg, await codeAt(key, now, mask));
      drawn = wanted;
      card.dataset["mask"] = String(mask);
    }
    meter.max = key.step;
    meter.value = rest;
    left.textContent = say("code-left", { seconds: Math.ceil(rest) });
    timer = window.setTimeout(() => void tick(), 1000 - ((Date.now() - key.ahead) % 1000) + 5);
  }

  async function listPeople(me: Me, fresh: PhoneKey): Promise<void> {
    const chosen = await recall("choices");
    const along = new Set(chosen?.person === me.person ? chosen.people : []);
    one(".choices", people).replaceChildren(
      ...fresh.members.map((member) => {
        const choice = part("person");
        const box = one<HTMLInputElement>("input", choice);
        box.id = `person-${member.bit}`;
        box.value = String(member.bit);
        box.checked = along.has(member.person_id);
        const label = one<HTMLLabelElement>("label", choice);
        label.htmlFor = box.id;
        label.textContent = member.name;
        return choice;
      }),
    );
    show(people, fresh.members.length > 0);
  }

  people.addEventListener("change", () => {
    void (async () => {
      const mask = await ticked();
      if (!key) return;
      const along = key.members.filter((one) => mask & (1 << one.bit));
      await remember("choices", {
        person: key.person,
        people: along.map((one) => one.person_id),
      });
      await tick();
    })();
  });

  async function begin(): Promise<void> {
    const fresh = navigator.onLine ? refresh() : recall("me");
    // The kept key shows at once; a new one, should there be one, takes its place.
    const before = await recall("me");
    const kept = await recall("key");
    if (before && kept?.person === before.person) {
      key = kept;
      await listPeople(before, kept);
      await tick();
      show(card, true);
    }
    const me = await fresh;
    const next = me ? await keyOf(me) : undefined;
    if (me && next && next !== key) {
      key = next;
      drawn = "";
      await listPeople(me, next);
      await tick();
    }
    const ended = Boolean(await recall("signedOut")) || !(await recall("me"));
    if (ended) key = undefined;
    show(card, key !== undefined);
    show(one("[data-signed-out]", root), ended);
    show(one("[data-no-key]", root), !ended && key === undefined);
    show(people, key !== undefined && key.members.length > 0);
  }

  void begin();
  window.addEventListener("online", () => void begin());
  document.addEventListener("visibilitychange", () => void tick());
  keepAwake(root);
}

/** The screen must not go dark in the queue at the door. */
function keepAwake(root: HTMLElement): void {
  const hold = (): void => {
    if (document.visibilityState !== "visible") return;
    void navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  root.addEventListener("pointerdown", hold, { once: true });
  document.addEventListener("visibilitychange", hold);
  hold();
}

const root = document.querySelector<HTMLElement>("[data-code-app]");
if (root) wire(root);
