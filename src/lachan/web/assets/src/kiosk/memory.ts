/**
 * What the tablet keeps: its settings, the scans on their way, those that were refused.
 *
 * What people showed lies there sealed with a key that cannot be read out of the browser, and goes
 * as soon as the server has answered.
 */
import type { DBSchema } from "idb";
import { browserStore } from "../browser-store";
import type { Stamp } from "./clock";
import type { Kind } from "./shown";

export type Direction = "auto" | "in" | "out";
export type Reader = "front" | "back" | "usb";

/** More than this many scans are not kept: a day at a busy door. */
export const MOST_KEPT = 5000;
const MOST_REFUSED = 200;
const REFUSED_MS = 7 * 86_400_000;

/** A scan that the server has not answered yet. */
export interface KeptScan {
  scan_id: string;
  place: number;
  kind: Kind;
  direction: Direction;
  stamp: Stamp;
  /** How often the server stumbled over it; those come last. */
  stumbled?: number;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

/** A scan that was not taken; what was shown is gone. */
export interface RefusedScan {
  scan_id: string;
  at: number;
  kind: Kind;
  code: string;
  detail: string;
}

export interface Standing {
  id: number;
  label: string;
  room: string | null;
  place: { id: number; name: string };
}

export interface Choices {
  device: number;
  direction: Direction;
  reader: Reader;
  pin: { salt: Uint8Array<ArrayBuffer>; hash: Uint8Array<ArrayBuffer> };
}

interface Values {
  standing: Standing;
  choices: Choices;
  lang: string;
  ahead: { ms: number; measured: number };
  today: { day: string; count: number };
  key: CryptoKey;
}

interface Schema extends DBSchema {
  scans: { key: string; value: KeptScan };
  refused: { key: string; value: RefusedScan };
  values: { key: string; value: Values[keyof Values] };
}

const { database, recall, remember, forget } = browserStore<Schema, Values>(
  "lachan-kiosk",
  (db) => {
    db.createObjectStore("scans", { keyPath: "scan_id" });
    db.createObjectStore("refused", { keyPath: "scan_id" });
    db.createObjectStore("values");
  },
);
export { forget, recall, remember };

async function sealingKey(): Promise<CryptoKey> {
  const known = await recall("key");
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const transaction = (await database()).transaction("values", "readwrite");
  // Another window may have made one meanwhile; the first stays.
  const first = (await transaction.store.get("key")) as CryptoKey | undefined;
  if (!first) await transaction.store.put(made, "key");
  await transaction.done;
  return first ?? made;
}

/** Keep a scan, sealed. It is on its way from here on, whatever happens to the page. */
export async function keep(
  scan: Omit<KeptScan, "iv" | "sealed">,
  shown: string,
): Promise<KeptScan> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const about = new TextEncoder().encode(scan.scan_id);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: about },
    await sealingKey(),
    new TextEncoder().encode(shown),
  );
  const kept: KeptScan = { ...scan, iv, sealed };
  await (await database()).add("scans", kept);
  return kept;
}

/** What was shown; undefined when the browser has lost the key. */
export async function unseal(scan: KeptScan): Promise<string | undefined> {
  const about = new TextEncoder().encode(scan.scan_id);
  try {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: scan.iv, additionalData: about },
      await sealingKey(),
      scan.sealed,
    );
    return new TextDecoder().decode(plain);
  } catch {
    return undefined;
  }
}

/** The oldest scans of a place that wait. */
export async function waiting(place: number, most: number): Promise<KeptScan[]> {
  const scans = await (await database()).getAll("scans");
  return scans
    .filter((scan) => scan.place === place)
    .sort(
      (a, b) =>
        (a.stumbled ?? 0) - (b.stumbled ?? 0) ||
        a.stamp.at - b.stamp.at ||
        a.stamp.tick - b.stamp.tick,
    )
    .slice(0, most);
}

/** Try the others first from here on. */
export async function putLast(scan: KeptScan): Promise<void> {
  await (await database()).put("scans", { ...scan, stumbled: (scan.stumbled ?? 0) + 1 });
}

/** How many scans wait: of this place, and of another where the tablet stood before. */
export async function countWaiting(place: number): Promise<{ here: number; elsewhere: number }> {
  const all = await (await database()).getAll("scans");
  const here = all.filter((scan) => scan.place === place).length;
  return { here, elsewhere: all.length - here };
}

/** The scans of a place where the tablet stands no more can never be sent from here. */
export async function dropElsewhere(place: number): Promise<void> {
  const db = await database();
  for (const scan of await db.getAll("scans")) {
    if (scan.place !== place) await db.delete("scans", scan.scan_id);
  }
}

/** The server has answered: what was shown goes; of a refusal, the time and the reason stay. */
export async function settle(scan_id: string, refused?: RefusedScan): Promise<void> {
  const transaction = (await database()).transaction(["scans", "refused"], "readwrite");
  await transaction.objectStore("scans").delete(scan_id);
  if (refused) await transaction.objectStore("refused").put(refused);
  await transaction.done;
}

/** Refused scans, newest first; old ones are let go. */
export async function refusals(): Promise<RefusedScan[]> {
  const db = await database();
  const all = (await db.getAll("refused")).sort((a, b) => b.at - a.at);
  const oldest = Date.now() - REFUSED_MS;
  const kept = all.filter((one, index) => index < MOST_REFUSED && one.at > oldest);
  for (const one of all) if (!kept.includes(one)) await db.delete("refused", one.scan_id);
  return kept;
}

export async function clearRefusals(): Promise<void> {
  await (await database()).clear("refused");
}

/** One more today, on this tablet; counted nowhere else. */
export async function countToday(day: string, more: number): Promise<number> {
  const transaction = (await database()).transaction("values", "readwrite");
  const known = (await transaction.store.get("today")) as Values["today"] | undefined;
  const count = (known?.day === day ? known.count : 0) + more;
  if (more > 0 || known?.day !== day) await transaction.store.put({ day, count }, "today");
  await transaction.done;
  return count;
}
