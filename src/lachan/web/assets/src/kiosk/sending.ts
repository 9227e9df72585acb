/**
 * Scans on their way to the server: kept first, sent after, forgotten when they are answered.
 *
 * The server counts each once by its id, however often it is sent; so whatever was cut off half way
 * is simply sent again.
 */
import { measuredAhead, type Stamp, trueMoment } from "./clock";
import {
  countWaiting,
  type Direction,
  keep,
  type KeptScan,
  MOST_KEPT,
  putLast,
  recall,
  type RefusedScan,
  remember,
  settle,
  type Standing,
  unseal,
  waiting,
} from "./memory";
import type { Readable } from "./shown";

/** What the server made of a scan. */
export interface Result {
  scan_id: string;
  status: "accepted" | "refused" | "waiting";
  outcome?: "arrived" | "moved" | "departed" | "repeated" | "not_inside";
  people?: number;
  code?: string;
  detail?: string;
}

/** How it stands between tablet and server. */
export type Line =
  | "on"
  | "off" // no network, or a server that cannot now
  | "revoked" // the tablet's key counts no more
  | "clock"; // the tablet's clock is off by more than a day

type Ending = Line | "smaller";

const BATCH = 100;
const PATIENCE_MS = 20_000;
const MEASURED_FOR_MS = 90_000;
const CLOCK_KNOWN_MS = 7 * 86_400_000;
const JUMP_MS = 5_000;
// Too fast for the server, not wrong: these are sent again.
const NOT_NOW = new Set(["too-many-requests", "overloaded"]);

const LOST = "kiosk-lost";

const boot = crypto.randomUUID();
const listeners: ((result: Result) => void)[] = [];
const lineListeners: ((line: Line) => void)[] = [];
let line: Line = "on";
let ahead = 0;
let measuredAt: number | undefined;
let driftAt = 0;
let size = BATCH;
let running: Promise<Line> | undefined;
let again = false;
let place: number | undefined;

export class QueueFull extends Error {}

export function onResult(listener: (result: Result) => void): void {
  listeners.push(listener);
}

export function onLine(listener: (line: Line) => void): void {
  lineListeners.push(listener);
}

function setLine(now: Line): void {
  line = now;
  for (const listener of lineListeners) listener(now);
}

export function lineNow(): Line {
  return line;
}

/** Scans go to this place from here on. */
export function stationedAt(id: number): void {
  place = id;
}

export async function recallClock(): Promise<void> {
  const known = await recall("ahead");
  if (!known || Math.abs(Date.now() - known.measured) > CLOCK_KNOWN_MS) return;
  ahead = known.ms;
  measuredAt = known.measured;
}

/** The server's time as far as the tablet knows it; undefined when it was never told. */
export function serverTime(): number | undefined {
  return measuredAt === undefined ? undefined : Date.now() + ahead;
}

function stamp(): Stamp {
  return { at: Date.now(), tick: performance.now(), boot, ahead };
}

/** Whether the tablet's clock was set since it was last compared. */
function hasJumped(): boolean {
  return Math.abs(Date.now() - performance.now() - driftAt) > JUMP_MS;
}

async function measure(server: number, sent: number, got: number): Promise<void> {
  ahead = measuredAhead(server, sent, got);
  measuredAt = Date.now();
  driftAt = Date.now() - performance.now();
  await remember("ahead", { ms: ahead, measured: measuredAt });
}

async function ask(path: string, body?: unknown): Promise<Response | undefined> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: patience.signal,
      // A network that asks for a password answers in our name; its page is no answer.
      redirect: "error",
      cache: "no-store",
    });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function json<T>(answer: Response): Promise<T | undefined> {
  return (await answer.json().catch(() => undefined)) as T | undefined;
}

/** Our server knows this tablet no more; a network that wants a password says 401 or 403 too. */
function isRevoked(answer: Response): boolean {
  const ours = answer.headers.get("content-type")?.includes("problem+json") ?? false;
  return ours && (answer.status === 401 || answer.status === 403);
}

function lineOf(answer: Response | undefined): Line {
  if (!answer) return "off";
  if (isRevoked(answer)) return "revoked";
  return answer.ok ? "on" : "off";
}

/** Ask where this tablet stands and what time it is; `nobody` when it is paired with nothing. */
export async function askStanding(): Promise<Standing | "nobody" | undefined> {
  const sent = Date.now();
  const answer = await ask("/api/v1/device");
  const state = lineOf(answer);
  setLine(state);
  if (state === "revoked") return "nobody";
  const body = answer?.ok ? await json<Standing & { kind: string; now: string }>(answer) : undefined;
  if (!body) {
    setLine("off");
    return undefined;
  }
  if (body.kind !== "kiosk") return "nobody";
  await measure(Date.parse(body.now), sent, Date.now());
  const { id, label, room } = body;
  return { id, label, room, place: { id: body.place.id, name: body.place.name } };
}

/** Text a one-time code to a phone; how that went. */
export async function textCode(phone: string): Promise<"sent" | "wrong" | "slower" | "off"> {
  const answer = await ask("/api/v1/device/codes", { phone });
  if (answer?.status === 202) return "sent";
  if (answer?.status === 422) return "wrong";
  return answer?.status === 429 ? "slower" : "off";
}

/** Keep what was shown and set it going. Raises `QueueFull`. */
export async function take(shown: Readable, direction: Direction): Promise<KeptScan> {
  if (place === undefined) throw new Error("no place");
  if ((await countWaiting(place)).here >= MOST_KEPT) throw new QueueFull();
  const kept = await keep(
    { scan_id: crypto.randomUUID(), place, kind: shown.kind, direction, stamp: stamp() },
    shown.text,
  );
  if (line === "on") void flush();
  return kept;
}

/** Send all that waits. One at a time, also where two windows are open. */
export function flush(): Promise<Line> {
  again = true;
  running ??= rounds().finally(() => {
    running = undefined;
  });
  return running;
}

async function rounds(): Promise<Line> {
  let ending = line;
  while (again) {
    again = false;
    // Old browsers have no locks; then two may send the same scan, which the server counts once.
    const locks = (navigator as { locks?: LockManager }).locks;
    ending = locks ? await locks.request("lachan-kiosk", sendAll) : await sendAll();
  }
  return ending;
}

async function sendAll(): Promise<Line> {
  if (place === undefined) return line;
  for (;;) {
    const scans = await waiting(place, size);
    if (scans.length === 0) return line;
    const old = measuredAt === undefined || Date.now() - measuredAt > MEASURED_FOR_MS;
    if (old || hasJumped() || line !== "on") {
      const standing = await askStanding();
      if (standing === undefined || standing === "nobody") return line;
      // Paired anew meanwhile: what was scanned at one door must not be sent from another.
      if (standing.place.id !== place) return line;
    }
    const ending = await sendSome(scans);
    if (ending === "smaller") {
      size = Math.max(1, Math.floor(scans.length / 2));
      continue;
    }
    setLine(ending);
    if (ending !== "on") return ending;
    size = BATCH;
  }
}

async function sendSome(scans: KeptScan[]): Promise<Ending> {
  const here = stamp();
  const body: { scan_id: string; shown: string; direction: Direction; at: string }[] = [];
  for (const scan of scans) {
    const shown = await unseal(scan);
    const { scan_id, direction } = scan;
    // Unreadable for ever: say so rather than stand in the way of the others.
    if (shown === undefined) await settleAs(scan, { scan_id, status: "refused", code: LOST });
    else body.push({ scan_id, shown, direction, at: iso(trueMoment(scan.stamp, here)) });
  }
  if (body.length === 0) return "on";
  const sent_at = iso(here.at + here.ahead);
  const answer = await ask("/api/v1/device/scans", { sent_at, scans: body });
  if (!answer) return "off";
  if (answer.ok) {
    const results = (await json<{ results?: Result[] }>(answer))?.results;
    return results ? reconcile(scans, results) : "off";
  }
  if (isRevoked(answer)) return "revoked";
  const problem = await json<{ code?: string; detail?: string }>(answer);
  if (!problem?.code || [408, 429, 503].includes(answer.status)) return "off";
  if (problem.code === "device-clock-wrong") return "clock";
  if (body.length > 1) return "smaller";
  const [only] = scans.filter((scan) => scan.scan_id === body[0]?.scan_id);
  if (only && answer.status >= 500) {
    // The server stumbles over this one; it must not stand in the way of those behind it.
    await putLast(only);
    return "off";
  }
  if (only) await settleAs(only, { scan_id: only.scan_id, status: "refused", ...problem });
  return "on";
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

async function reconcile(scans: KeptScan[], results: Result[]): Promise<Ending> {
  const byId = new Map(results.map((result) => [result.scan_id, result]));
  let held = 0;
  for (const scan of scans) {
    const result = byId.get(scan.scan_id);
    const later = !result || (result.status === "refused" && NOT_NOW.has(result.code ?? ""));
    if (later) held += 1;
    else await settleAs(scan, result);
  }
  // The same again at once would be told the same.
  return held > 0 ? "off" : "on";
}

async function settleAs(scan: KeptScan, result: Result): Promise<void> {
  const refused: RefusedScan | undefined =
    result.status === "refused"
      ? {
          scan_id: scan.scan_id,
          at: trueMoment(scan.stamp, stamp()),
          kind: scan.kind,
          code: result.code ?? "",
          detail: result.detail ?? "",
        }
      : undefined;
  await settle(scan.scan_id, refused);
  for (const listener of listeners) listener(result);
}
