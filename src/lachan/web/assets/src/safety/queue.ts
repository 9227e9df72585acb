/**
 * The queue of commits: kept first, sent after, forgotten only when the server has answered.
 *
 * Each has an id of its own, by which the server counts it once however often it comes. Photos go
 * before the commit that names them, and none goes twice.
 */
import { announce, database, dayOf, type KeptCommit, type Refusal, type Taken } from "./kept";

export const SYNC_TAG = "lachan-safety";

/** How a try to send ended. */
export type Sending =
  | "done" // nothing of this person waits any more
  | "later" // no network, or a server that cannot now
  | "signed-out"; // nobody, or somebody else, is signed in

const PATIENCE_MS = 60_000;
const TAKEN_KEPT_MS = 12 * 3_600_000;
// Less than this a clock may be off without any harm: the server looks past it.
const CLOCK_ERROR_MS = 60_000;
const NOT_NOW_CODES = new Set(["sign-in-needed", "not-allowed"]);
// A slow network or a phone too fast, not a wrong one: it is sent again.
const AGAIN = new Set([408, 429]);

/** Send what `person` committed. Pages and the service worker take turns. */
export async function flush(person: number, zone: string | undefined): Promise<Sending> {
  const send = (): Promise<Sending> => sendAll(person, zone);
  // Old browsers have no locks; then two may send the same commit, which the server counts once.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? locks.request("lachan-safety-queue", send) : send();
}

async function sendAll(person: number, zone: string | undefined): Promise<Sending> {
  const db = await database();
  const commits = (await db.getAll("commits")).filter((one) => one.person === person);
  const queue = commits
    .filter((one) => one.state === "waiting")
    .sort((a, b) => a.made_at.localeCompare(b.made_at));
  if (queue.length === 0) return "done";
  const signed = await whoIs();
  if (signed !== person) return signed === undefined ? "later" : "signed-out";
  let ending: Sending = "done";
  for (const one of queue) {
    ending = await sendOne(one, zone);
    if (ending !== "done") break;
  }
  for (const one of commits) {
    const old = Date.now() - Date.parse(one.made_at) > TAKEN_KEPT_MS;
    if (one.state === "taken" && old) await db.delete("commits", one.commit_id);
  }
  announce();
  return ending;
}

/** Who is signed in: 0 for nobody, nothing without an answer. */
async function whoIs(): Promise<number | undefined> {
  const reply = await ask("/api/v1/me");
  if (reply?.status === 401 || reply?.status === 403) return 0;
  if (!reply?.ok) return undefined;
  const body = (await reply.json().catch(() => undefined)) as { person_id?: number } | undefined;
  return body?.person_id;
}

async function sendOne(commit: KeptCommit, zone: string | undefined): Promise<Sending> {
  const db = await database();
  for (const photos of Object.values(commit.photos)) {
    for (const [index, photo] of photos.entries()) {
      if (typeof photo === "string") continue;
      const reply = await ask(`/api/v1/places/${commit.place}/photos`, {
        method: "POST",
        headers: { "content-type": photo.type || "application/octet-stream" },
        body: photo,
      });
      const body = await json(reply);
      if (reply?.status !== 201 || !isGiven(body)) return refused(commit, reply, body, zone);
      photos[index] = body.id;
      await db.put("commits", commit);
    }
  }
  const { commit_id, moment, day, made_at, answers, notes, photos } = commit;
  const reply = await ask(`/api/v1/places/${commit.place}/checks`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      commit_id,
      moment,
      day,
      made_at,
      answers,
      notes,
      photos,
      ...(commit.as ? { name: commit.as } : {}),
    }),
  });
  const body = await json(reply);
  if (reply?.status !== 201 || !isTaken(body)) return refused(commit, reply, body, zone);
  const { check_id, colour, late } = body;
  await db.put("commits", { ...commit, state: "taken", answer: { check_id, colour, late } });
  return "done";
}

async function refused(
  commit: KeptCommit,
  reply: Response | undefined,
  body: unknown,
  zone: string | undefined,
): Promise<Sending> {
  if (!reply || !isRefusal(body) || reply.status >= 500 || AGAIN.has(reply.status)) return "later";
  if (NOT_NOW_CODES.has(body.code)) return "signed-out";
  if (body.code === "check-day-back-dated" && !commit.corrected) {
    const ahead = Date.now() - Date.parse(reply.headers.get("date") ?? "");
    if (Math.abs(ahead) > CLOCK_ERROR_MS) {
      const made_at = new Date(Date.parse(commit.made_at) - ahead).toISOString();
      const right = { ...commit, corrected: true, made_at, day: dayOf(made_at, zone) };
      await (await database()).put("commits", right);
      return sendOne(right, zone);
    }
  }
  const { code, title, detail } = body;
  await (await database()).put("commits", {
    ...commit,
    state: "refused",
    refusal: { code, title, detail },
  });
  return "done";
}

async function ask(url: string, init: RequestInit = {}): Promise<Response | undefined> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(url, {
      ...init,
      headers: { accept: "application/json", ...(init.headers as Record<string, string>) },
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

async function json(reply: Response | undefined): Promise<unknown> {
  return reply?.json().catch(() => undefined);
}

function isGiven(body: unknown): body is { id: string } {
  return typeof body === "object" && body !== null && "id" in body;
}

function isTaken(body: unknown): body is Taken {
  return typeof body === "object" && body !== null && "check_id" in body && "colour" in body;
}

function isRefusal(body: unknown): body is Refusal {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** Ask the browser to wake the service worker when there is a network; not all can. */
export async function askForSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)
    ?.sync;
  await sync?.register(SYNC_TAG).catch(() => undefined);
}
