/**
 * Moving to a new phone: what only this one knows, as a QR picture that the new one scans.
 *
 * Locked with a key that the server lends to phones on which the same person is signed in, for some
 * minutes. A scan that waits may then leave from either phone: its id makes it count once.
 */
import { announce, database, type KeptScan, type Me, recall, remember } from "./kept";
import { base32, unbase32 } from "./phone-code";
import { favouritesOf } from "./places";
import { waiting } from "./queue";

const PREFIX = "LCM1:";
const NONCE_BYTES = 12;
// More than this and the squares grow too small for a cheap camera.
const MOST_PLACES = 10;
const MOST_SCANS = 5;

interface Moved {
  places: [code: string, count: number][];
  people: number[];
  scans: Pick<KeptScan, "scan_id" | "code" | "direction" | "at" | "people" | "until" | "proof">[];
}

export function isMove(text: string): boolean {
  return text.startsWith(PREFIX);
}

async function keys(): Promise<CryptoKey[]> {
  const reply = await fetch("/api/v1/me/move-keys");
  if (!reply.ok) throw new Error(String(reply.status));
  const given = (await reply.json()) as { keys: string[] };
  return Promise.all(
    given.keys.map((key) =>
      crypto.subtle.importKey(
        "raw",
        Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0)),
        "AES-GCM",
        false,
        ["encrypt", "decrypt"],
      ),
    ),
  );
}

/** The text of the picture for what the phone knows of `me`. Throws without a network. */
export async function pack(me: Me): Promise<string> {
  const [key] = await keys();
  if (!key) throw new Error("no key");
  const places = await favouritesOf(me.person, MOST_PLACES);
  const choices = await recall("choices");
  const scans = (await waiting(me.person)).filter((scan) => scan.state === "waiting");
  const moved: Moved = {
    places: places.map((place) => [place.code, place.count]),
    people: choices?.person === me.person ? choices.people : [],
    scans: scans
      .slice(0, MOST_SCANS)
      .map(({ scan_id, code, direction, at, people, until, proof }) => ({
        scan_id,
        code,
        direction,
        at,
        people,
        ...(until ? { until } : {}),
        ...(proof ? { proof } : {}),
      })),
  };
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const plain = new TextEncoder().encode(JSON.stringify(moved));
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, plain);
  const whole = new Uint8Array(NONCE_BYTES + locked.byteLength);
  whole.set(nonce, 0);
  whole.set(new Uint8Array(locked), NONCE_BYTES);
  return PREFIX + base32(whole);
}

async function unlock(text: string): Promise<Moved | undefined> {
  const whole = unbase32(text.slice(PREFIX.length));
  if (!whole || whole.length <= NONCE_BYTES) return undefined;
  for (const key of await keys()) {
    const iv = whole.subarray(0, NONCE_BYTES);
    const plain = await crypto.subtle
      .decrypt({ name: "AES-GCM", iv }, key, whole.subarray(NONCE_BYTES))
      .catch(() => undefined);
    if (plain) return JSON.parse(new TextDecoder().decode(plain)) as Moved;
  }
  return undefined;
}

/** Take over what another phone shows; false when it is somebody else's or too old. */
export async function unpack(text: string, me: Me): Promise<boolean> {
  const moved = await unlock(text);
  if (!moved) return false;
  const db = await database();
  for (const [code, count] of moved.places) {
    const known = await db.get("favourites", [me.person, code]);
    const facts = known ?? (await factsOf(code));
    // A place that is no more need not come along.
    if (!facts) continue;
    const { name, kind } = facts;
    await db.put("favourites", {
      person: me.person,
      code,
      name,
      kind,
      count: Math.max(count, known?.count ?? 0),
      last: known?.last ?? Date.now(),
    });
  }
  if (moved.people.length > 0) {
    await remember("choices", { person: me.person, people: moved.people });
  }
  for (const scan of moved.scans) {
    if (await db.get("scans", scan.scan_id)) continue;
    await db.put("scans", { ...scan, person: me.person, state: "waiting" });
  }
  announce();
  window.dispatchEvent(new Event("lachan:send"));
  return true;
}

async function factsOf(code: string): Promise<{ name: string; kind: string } | undefined> {
  const reply = await fetch(`/api/v1/places/${code}`).catch(() => undefined);
  return reply?.ok ? ((await reply.json()) as { name: string; kind: string }) : undefined;
}
