/**
 * The service worker: keeps the app's files and shells, sends the queue when a network comes back,
 * shows what is pushed.
 *
 * It never keeps an answer of the API or a page about anybody. What a shell shows of a person comes
 * from the phone's own memory, which signing out empties here, whatever page it was done on.
 */
import { clientsClaim } from "workbox-core";
import {
  cleanupOutdatedCaches,
  matchPrecache,
  type PrecacheEntry,
  precacheAndRoute,
} from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import { announce, forget, forgetPerson, recall, remember } from "../app/kept";
import { flush, SYNC_TAG } from "../app/queue";
import { leaveNow } from "../app/reminder";
import { forgetPerson as forgetSafety } from "../safety/kept";
import { flush as flushSafety, SYNC_TAG as SAFETY_TAG } from "../safety/queue";
import { showPush } from "./notices";

declare const self: ServiceWorkerGlobalScope & {
  /** Put before this script by the server that serves it. */
  LACHAN_PRECACHE?: PrecacheEntry[];
};

const LANGUAGES = ["vi", "en"];
const SHELLS: Record<string, string> = { "/me/scan": "scan", "/me/code": "code" };
const LEAVING = new Set(["/logout", "/me/sign-out-everywhere", "/me/delete"]);
const ENTERING = /^\/(login\/code|p\/[^/]+\/enter)$/i;
const LAST_WORDS_MS = 4000;

// Phones that read QR codes by themselves are spared the megabyte of a reader.
const reads = "BarcodeDetector" in self;
const kept = (self.LACHAN_PRECACHE ?? []).filter(
  (entry) => !(reads && entry.url.endsWith(".wasm")),
);

cleanupOutdatedCaches();
precacheAndRoute(kept, { cleanURLs: false, directoryIndex: "" });
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.endsWith(".wasm"),
  new CacheFirst({ cacheName: "lachan-readers" }),
);

async function language(): Promise<string> {
  const lang = (await recall("lang")) ?? "";
  return LANGUAGES.includes(lang) ? lang : "vi";
}

async function shellFor(url: URL): Promise<Response | undefined> {
  const shell = SHELLS[url.pathname];
  const wanted = url.searchParams.get("lang");
  if (wanted) await remember("lang", wanted);
  // Nobody is known on this phone: the server asks them to sign in.
  if (!shell || wanted || !(await recall("me"))) return undefined;
  return matchPrecache(`/app/${await language()}/${shell}`);
}

async function withoutNetwork(url: URL): Promise<Response> {
  // The facility's app goes on: its lists are in the phone's memory.
  const shell = /^\/safety(\/|$)/.test(url.pathname) ? "safety" : "offline";
  const page = await matchPrecache(`/app/${await language()}/${shell}`);
  return page ?? Response.error();
}

registerRoute(
  ({ request }) => request.mode === "navigate",
  async ({ request, url }) => {
    const shell = await shellFor(url).catch(() => undefined);
    if (shell) return shell;
    try {
      return await fetch(request);
    } catch {
      return withoutNetwork(url);
    }
  },
);

registerRoute(
  ({ request }) => request.mode === "navigate",
  async ({ request, url }) => {
    const person = (await recall("me").catch(() => undefined))?.person;
    const leaves = LEAVING.has(url.pathname);
    // What waits goes first, while there is still a session to send it in.
    if (leaves) await Promise.race([flush().catch(() => undefined), pause(LAST_WORDS_MS)]);
    let answer: Response;
    try {
      answer = await fetch(request);
    } catch {
      return withoutNetwork(url);
    }
    const done = answer.type === "opaqueredirect" || answer.ok;
    if (done && leaves && person !== undefined) {
      await forgetPerson(person, { queue: url.pathname === "/me/delete" });
      await forgetSafety(person, { queue: url.pathname === "/me/delete" });
      await clearBadge();
      announce();
    }
    // A key hangs on the session it was given in, and who signs in may be somebody else.
    if (answer.type === "opaqueredirect" && ENTERING.test(url.pathname)) await forget("key");
    return answer;
  },
  "POST",
);

async function sendSafety(): Promise<"done" | "later" | "signed-out"> {
  const me = await recall("me");
  // What day it is where the place is matters only to a wrong clock, which a page sets right.
  return me ? flushSafety(me.person, undefined) : "signed-out";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function clearBadge(): Promise<void> {
  for (const notice of await self.registration.getNotifications()) notice.close();
}

clientsClaim();

self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "skip-waiting") void self.skipWaiting();
});

self.addEventListener("sync", (event) => {
  const { tag } = event as ExtendableEvent & { tag: string };
  const send = { [SYNC_TAG]: flush, [SAFETY_TAG]: sendSafety }[tag];
  if (!send) return;
  (event as ExtendableEvent).waitUntil(
    send().then((ending) => {
      // The browser tries again only when told that this try failed.
      if (ending === "later") throw new Error("no network yet");
    }),
  );
});

self.addEventListener("push", (event) => {
  event.waitUntil(showPush(self.registration, event.data));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = (event.notification.data ?? {}) as { url?: string };
  if (event.action === "left") event.waitUntil(leaveNow(self.registration));
  else if (event.action !== "stay") event.waitUntil(open(url ?? "/me"));
});

/** Bring a window of ours to this address; only ever one of this site. */
async function open(address: string): Promise<void> {
  const url = new URL(address, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => new URL(one.url).pathname === url.pathname);
  if (there) {
    await there.focus();
    return;
  }
  await self.clients.openWindow(url.href);
}
