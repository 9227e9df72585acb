/**
 * The kiosk's own service worker: keeps one page and its files, and nothing else.
 *
 * Apart from the residents' app, so that phones need not carry the kiosk, and a kiosk not the app.
 * The server puts the list of files before this script, so it changes whenever one of them does.
 */
interface Kept {
  name: string;
  page: string;
  files: string[];
}

const kept = (self as unknown as { LACHAN_KIOSK?: Kept }).LACHAN_KIOSK ?? {
  name: "kiosk-none",
  page: "/kiosk/page",
  files: [],
};
const PREFIX = "kiosk-";

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
const worker = self as unknown as Worker;

async function install(): Promise<void> {
  const cache = await caches.open(kept.name);
  await cache.addAll([kept.page, ...kept.files]);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== kept.name) await caches.delete(name);
  }
  await worker.clients.claim();
}

async function fromCache(key: string, request: Request): Promise<Response> {
  const found = await (await caches.open(kept.name)).match(key);
  return found ?? fetch(request);
}

self.addEventListener("install", (event) => (event as Lasting).waitUntil(install()));
self.addEventListener("activate", (event) => (event as Lasting).waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const path = url.pathname + url.search;
  if (request.mode === "navigate") {
    if (url.pathname === "/kiosk") (event as Fetching).respondWith(fromCache(kept.page, request));
  } else if (kept.files.includes(path)) {
    (event as Fetching).respondWith(fromCache(path, request));
  }
});

export {};
