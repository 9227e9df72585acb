/**
 * What lives on the phone alone: the scans that wait, who is signed in, the places often visited.
 *
 * Pages and the service worker share it. Whatever belongs to a person carries the person's id, for
 * a phone is lent, and sold.
 */
import type { DBSchema } from "idb";
import { browserStore } from "../browser-store";

export type Direction = "auto" | "in" | "out";
export type Outcome = "arrived" | "moved" | "departed" | "repeated" | "not_inside";

export interface Visit {
  id: string;
  place: { code: string | null; name: string; kind: string };
  room: string | null;
  started_at: string;
  ends_at: string;
  open: boolean;
}

export interface Answer {
  outcome: Outcome;
  visit: Visit | null;
}

export interface Refusal {
  code: string;
  title: string;
  detail: string;
}

/** A scan on its way: it leaves the phone only when the server has said that it is safe. */
export interface KeptScan {
  scan_id: string;
  person: number;
  code: string;
  direction: Direction;
  at: string;
  people: number[];
  until?: string;
  proof?: string;
  /** What the place is called, where the phone knows it. */
  name?: string;
  state: "waiting" | "taken" | "refused";
  answer?: Answer;
  refusal?: Refusal;
  /** The phone's clock was wrong, and `at` has been set right once. */
  corrected?: boolean;
}

export interface Member {
  person_id: number;
  name: string;
}

export interface Me {
  person: number;
  household: Member[];
}

/** Where the person is, as far as the phone knows. */
export interface Here {
  person: number;
  code: string;
  name: string;
  room: string | null;
  visit_id: string;
  /** Who came along, and so leaves along. */
  people: number[];
  since: string;
  ends_at: string;
  reminded?: boolean;
}

/** The key of the own code; it cannot be read out of the browser, only used. */
export interface PhoneKey {
  person: number;
  handle: Uint8Array<ArrayBuffer>;
  key: CryptoKey;
  step: number;
  /** How far the phone's clock ran ahead of the server's when the key was given, in ms. */
  ahead: number;
  members: (Member & { bit: number })[];
  made: number;
}

export interface Favourite {
  person: number;
  code: string;
  name: string;
  kind: string;
  count: number;
  last: number;
}

interface Choices {
  person: number;
  people: number[];
}

interface Values {
  me: Me;
  here: Here;
  key: PhoneKey;
  choices: Choices;
  lang: string;
  /** Sentences that the service worker says without a page. */
  sentences: Record<string, string>;
  /** The session has ended; what waits is kept until its person signs in again. */
  signedOut: boolean;
}

interface Schema extends DBSchema {
  scans: { key: string; value: KeptScan };
  favourites: { key: [number, string]; value: Favourite };
  values: { key: string; value: Values[keyof Values] };
}

export const { database, recall, remember, forget } = browserStore<Schema, Values>(
  "lachan",
  (db) => {
    db.createObjectStore("scans", { keyPath: "scan_id" });
    db.createObjectStore("favourites", { keyPath: ["person", "code"] });
    db.createObjectStore("values");
  },
);

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("lachan") : undefined;

/** Tell this page, the other ones and the service worker that something kept has changed. */
export function announce(): void {
  channel?.postMessage("changed");
  globalThis.dispatchEvent(new Event("lachan:changed"));
}

/** Hear of changes made here and elsewhere. */
export function onChange(listener: () => void): void {
  channel?.addEventListener("message", listener);
  globalThis.addEventListener("lachan:changed", listener);
}

/** Note who is signed in; what belonged to anybody else, but for their waiting scans, goes. */
export async function signedIn(me: Me): Promise<void> {
  const before = await recall("me");
  if (before && before.person !== me.person) await forgetPerson(before.person, { queue: false });
  await remember("me", me);
  await forget("signedOut");
}

/** The page says who is signed in, and no more; what is known of them already stays. */
export async function pageOf(person: number): Promise<void> {
  const before = await recall("me");
  if (before?.person === person) return;
  if (before) await forgetPerson(before.person, { queue: false });
  const transaction = (await database()).transaction("values", "readwrite");
  // Another script may have learnt more in the meantime, and that must not be lost.
  if (!(await transaction.store.get("me"))) {
    await transaction.store.put({ person, household: [] }, "me");
  }
  await transaction.done;
  await forget("signedOut");
}

/** Remove what the phone knows of a person; the waiting scans only when `queue` says so. */
export async function forgetPerson(person: number, { queue }: { queue: boolean }): Promise<void> {
  await forget("me", "here", "key", "choices");
  const db = await database();
  for (const one of await db.getAll("favourites")) {
    if (one.person === person) await db.delete("favourites", [person, one.code]);
  }
  for (const scan of await db.getAll("scans")) {
    const done = scan.state === "taken" || queue;
    if (scan.person === person && done) await db.delete("scans", scan.scan_id);
  }
}
