/**
 * The queue of scans: kept first, sent after, forgotten only when the server has answered for good.
 *
 * Each scan has an id of its own, by which the server counts it once however often it comes. It is
 * sent in the name of the person who made it; should somebody else be signed in by now, the server
 * says so and the scan stays here.
 */
import {
  type Answer,
  announce,
  database,
  forget,
  type KeptScan,
  recall,
  type Refusal,
  remember,
} from "./kept";
import { noteAnswer } from "./places";

export const SYNC_TAG = "lachan-scans";

/** How a try to send ended. */
export type Sending =
  | "done" // nothing of this person waits any more
  | "later" // no network, or a server that cannot now
  | "signed-out"; // nobody, or somebody else, is signed in

const PATIENCE_MS = 20_000;
const TAKEN_KEPT_MS = 3_600_000;
// Less than this a clock may be off without any harm: the server looks past it.
const CLOCK_ERROR_MS = 60_000;
const CLOCK_CODES = new Set(["scan-in-future", "scan-too-old"]);
// Who is signed in is wrong, not the scan: it waits for its person.
const NOT_NOW_CODES = new Set(["sign-in-needed", "not-allowed", "scan-of-another"]);
// A slow network or a phone too fast, not a wrong one: it is sent again.
const AGAIN = new Set([408, 429]);

export function newScanId(): string {
  return crypto.randomUUID();
}

/** All scans of `person` that wait or were refused, oldest first. */
export async function waiting(person: number): Promise<KeptScan[]> {
  const scans = await (await database()).getAll("scans");
  return scans
    .filter((scan) => scan.person === person && scan.state !== "taken")
    .sort((a, b) => a.at.localeCompare(b.at));
}

/** How many scans of other people this phone still holds. */
export async function ofOthers(person: number | undefined): Promise<number> {
  const scans = await (await database()).getAll("scans");
  return scans.filter((scan) => scan.person !== person && scan.state === "waiting").length;
}

export async function scanById(id: string): Promise<KeptScan | undefined> {
  return (await database()).get("scans", id);
}

/** Put a scan into the queue, or back into it after the person has changed it. */
export async function keepScan(scan: KeptScan): Promise<void> {
  await (await database()).put("scans", scan);
  announce();
}

/** The person has read why a scan was refused and lets it go. */
export async function dropScan(id: string): Promise<void> {
  await (await database()).delete("scans", id);
  announce();
}

/** Send what waits. Pages and the service worker take turns. */
export async function flush(): Promise<Sending> {
  // Old browsers have no locks; then two may send the same scan, which the server counts once.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? locks.request("lachan-queue", sendAll) : sendAll();
}

async function sendAll(): Promise<Sending> {
  const me = await recall("me");
  if (!me) return "signed-out";
  const queue = (await waiting(me.person)).filter((scan) => scan.state === "waiting");
  let ending: Sending = "done";
  for (const scan of queue) {
    ending = await sendOne(scan);
    if (ending !== "done") break;
  }
  if (queue.length > 0) {
    await tidy();
    announce();
  }
  return ending;
}

async function sendOne(scan: KeptScan): Promise<Sending> {
  const reply = await post(scan);
  if (!reply) return "later";
  const body = await json(reply);
  if (reply.status === 201 && isAnswer(body)) {
    await settle({ ...scan, state: "taken", answer: body });
    await noteAnswer(scan, body);
    await forget("signedOut");
    return "done";
  }
  if (!isRefusal(body) || reply.status >= 500 || AGAIN.has(reply.status)) return "later";
  if (NOT_NOW_CODES.has(body.code)) {
    // The session that the code's key hung on is over as well.
    await forget("key");
    if (body.code === "scan-of-another") await forget("me");
    else await remember("signedOut", true);
    return "signed-out";
  }
  if (CLOCK_CODES.has(body.code) && !scan.corrected) {
    const error = clockError(reply);
    if (Math.abs(error) > CLOCK_ERROR_MS) {
      const right = shifted({ ...scan, corrected: true }, -error);
      await settle(right);
      return sendOne(right);
    }
  }
  const { code, title, detail } = body;
  await settle({ ...scan, state: "refused", refusal: { code, title, detail } });
  return "done";
}

async function post(scan: KeptScan): Promise<Response | undefined> {
  const { scan_id, code, direction, at, people, until, proof } = scan;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch("/api/v1/visits", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-lachan-person": String(scan.person),
      },
      body: JSON.stringify({ scan_id, code, direction, at, people, until, proof }),
      signal: patience.signal,
      // A network that asks for a password answers in our name; its page is no answer.
      redirect: "error",
    });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function json(reply: Response): Promise<unknown> {
  return reply.json().catch(() => undefined);
}

function isAnswer(body: unknown): body is Answer {
  return typeof body === "object" && body !== null && "outcome" in body && "visit" in body;
}

function isRefusal(body: unknown): body is Refusal {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** How far the phone's clock is ahead of the server's, in milliseconds. */
function clockError(reply: Response): number {
  const theirs = Date.parse(reply.headers.get("date") ?? "");
  return Number.isNaN(theirs) ? 0 : Date.now() - theirs;
}

function shifted(scan: KeptScan, by: number): KeptScan {
  const move = (moment: string): string => new Date(Date.parse(moment) + by).toISOString();
  return { ...scan, at: move(scan.at), ...(scan.until ? { until: move(scan.until) } : {}) };
}

async function settle(scan: KeptScan): Promise<void> {
  await (await database()).put("scans", scan);
}

/** Answers are kept for a while, so that the page which waits for one finds it whoever sent it. */
async function tidy(): Promise<void> {
  const db = await database();
  const oldest = new Date(Date.now() - TAKEN_KEPT_MS).toISOString();
  const done = (await db.getAll("scans")).filter((scan) => scan.state === "taken");
  const newest = done.sort((a, b) => b.at.localeCompare(a.at)).slice(0, 5);
  for (const scan of done) {
    if (scan.at < oldest && !newest.includes(scan)) await db.delete("scans", scan.scan_id);
  }
}

/** Ask the browser to wake the service worker when there is a network; not all can. */
export async function askForSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)
    ?.sync;
  await sync?.register(SYNC_TAG).catch(() => undefined);
}
