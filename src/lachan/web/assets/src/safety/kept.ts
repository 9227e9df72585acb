/**
 * What the facility's app keeps on the phone: lists to fill in without a network, drafts, and
 * commits on their way. Each carries the id of the person it belongs to.
 */
import type { DBSchema } from "idb";
import { browserStore } from "../browser-store";

/** A list as the server drew it, to be filled in when there is no network. */
export interface KeptList {
  key: string;
  person: number;
  place: number;
  name: string;
  moment: string;
  lang: string;
  /** By which version of which set, and on which day it was drawn. */
  set: string;
  day: string;
  html: string;
  at: number;
}

/** What stands in a list before it is committed: fields by name, photos by item. */
export interface Draft {
  key: string;
  person: number;
  place: number;
  moment: string;
  day: string;
  fields: Record<string, string>;
  photos: Record<string, Blob>;
  at: number;
}

export interface Taken {
  check_id: number;
  colour: string;
  late: boolean;
}

export interface Refusal {
  code: string;
  title: string;
  detail: string;
}

/** A commit: it leaves the phone only when the server has answered for good. */
export interface KeptCommit {
  commit_id: string;
  person: number;
  place: number;
  name: string;
  moment: string;
  day: string;
  made_at: string;
  answers: Record<string, number>;
  notes: Record<string, string>;
  /** By item: the picture itself, or its id once the server has it. */
  photos: Record<string, (Blob | string)[]>;
  as: string;
  state: "waiting" | "taken" | "refused";
  answer?: Taken;
  refusal?: Refusal;
  /** The phone's clock was wrong, and `made_at` has been set right once. */
  corrected?: boolean;
  /** Taken, and the page of the day has been drawn again since. */
  drawn?: boolean;
}

interface Schema extends DBSchema {
  lists: { key: string; value: KeptList };
  drafts: { key: string; value: Draft };
  commits: { key: string; value: KeptCommit };
  values: { key: string; value: unknown };
}

export const { database } = browserStore<Schema, Record<string, never>>("lachan-safety", (db) => {
  db.createObjectStore("lists", { keyPath: "key" });
  db.createObjectStore("drafts", { keyPath: "key" });
  db.createObjectStore("commits", { keyPath: "commit_id" });
  db.createObjectStore("values");
});

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("lachan-safety") : undefined;

/** Tell this page, the other ones and the service worker that something kept has changed. */
export function announce(): void {
  channel?.postMessage("changed");
  globalThis.dispatchEvent(new Event("lachan-safety:changed"));
}

/** Hear of changes made here and elsewhere. */
export function onChange(listener: () => void): void {
  channel?.addEventListener("message", listener);
  globalThis.addEventListener("lachan-safety:changed", listener);
}

/** The local day of a moment, YYYY-MM-DD, where the place is. */
export function dayOf(moment: number | string, zone: string | undefined): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(zone ? { timeZone: zone } : {}),
  });
  return format.format(new Date(moment));
}

export function draftKey(person: number, place: number, moment: string, day: string): string {
  return `${person} ${place} ${moment} ${day}`;
}

export function listKey(person: number, place: number, moment: string, lang: string): string {
  return `${person} ${place} ${moment} ${lang}`;
}

/** The lists that somebody may fill in here, by place and moment. */
export async function listsOf(person: number, lang: string): Promise<KeptList[]> {
  const lists = await (await database()).getAll("lists");
  return lists.filter((one) => one.person === person && one.lang === lang);
}

/** The drafts of a day at a place. */
export async function draftsOf(person: number, place: number, day: string): Promise<Draft[]> {
  const drafts = await (await database()).getAll("drafts");
  return drafts.filter((one) => one.person === person && one.place === place && one.day === day);
}

/** The commits of somebody that are still here, oldest first. */
export async function commitsOf(person: number): Promise<KeptCommit[]> {
  const commits = await (await database()).getAll("commits");
  return commits
    .filter((one) => one.person === person)
    .sort((a, b) => a.made_at.localeCompare(b.made_at));
}

/** Drafts of past days are of no use to anybody: a check is of today. */
export async function tidy(day: string): Promise<void> {
  const db = await database();
  for (const one of await db.getAll("drafts")) {
    if (one.day < day) await db.delete("drafts", one.key);
  }
}

/** Remove what is kept of a person; what waits to be sent only when `queue` says so. */
export async function forgetPerson(person: number, { queue }: { queue: boolean }): Promise<void> {
  const db = await database();
  for (const one of await db.getAll("lists")) {
    if (one.person === person) await db.delete("lists", one.key);
  }
  for (const one of await db.getAll("drafts")) {
    if (one.person === person) await db.delete("drafts", one.key);
  }
  for (const one of await db.getAll("commits")) {
    if (one.person === person && (queue || one.state !== "waiting")) {
      await db.delete("commits", one.commit_id);
    }
  }
}

/** What is kept of anybody but `person` goes, except what still has to be sent. */
export async function only(person: number): Promise<void> {
  const db = await database();
  const others = new Set<number>();
  for (const one of await db.getAll("lists")) others.add(one.person);
  for (const one of await db.getAll("drafts")) others.add(one.person);
  others.delete(person);
  for (const other of others) await forgetPerson(other, { queue: false });
}
