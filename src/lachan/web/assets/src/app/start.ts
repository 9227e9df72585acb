/**
 * What every page of a resident does besides its own: keeps the service worker, sends the queue
 * whenever there is hope, says what waits, and asks whether one has left.
 */
import { announce, onChange, pageOf, recall, remember } from "./kept";
import { allSentences, one, say, show } from "./page";
import { askForSync, flush, waiting } from "./queue";
import { askWhetherLeft } from "./reminder";

const TRY_AGAIN_MS = 30_000;
// A worker that takes over while the page is fresh may as well have been there from the start.
const FRESH_MS = 8000;
const LONGEST_TIMER_MS = 2_000_000_000;

let again: number | undefined;
let leave: number | undefined;

async function sendAndTell(): Promise<void> {
  window.clearTimeout(again);
  const ending = await flush();
  if (ending === "later") {
    again = window.setTimeout(() => void sendAndTell(), TRY_AGAIN_MS);
    await askForSync();
  }
}

async function tellWaiting(): Promise<void> {
  const sign = document.querySelector<HTMLElement>("[data-waiting]");
  const me = await recall("me");
  if (!sign) return;
  const queue = me ? await waiting(me.person) : [];
  const refused = queue.filter((scan) => scan.state === "refused").length;
  const count = queue.length - refused;
  show(sign, queue.length > 0);
  const text = count === 1 ? say("waiting-one") : count > 1 ? say("waiting-many", { count }) : "";
  const wrong = refused > 0 ? say("refused-some", { count: refused }) : "";
  one("span", sign).textContent = [wrong, text].filter(Boolean).join(" · ");
}

/** While the page is open it can ask by itself; a push does it when no page is. */
async function planReminder(): Promise<void> {
  window.clearTimeout(leave);
  const here = await recall("here");
  if (!here || here.reminded || !("Notification" in window)) return;
  if (Notification.permission !== "granted") return;
  const left = Date.parse(here.ends_at) - Date.now();
  // Hours late it is no reminder any more.
  if (left < -3_600_000 || left > LONGEST_TIMER_MS) return;
  leave = window.setTimeout(
    () => {
      void (async () => {
        const now = await recall("here");
        const registration = await navigator.serviceWorker.getRegistration();
        if (now && registration && !now.reminded) await askWhetherLeft(registration, now);
      })();
    },
    Math.max(0, left),
  );
}

async function keepWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const begun = performance.now();
  const had = navigator.serviceWorker.controller !== null;
  let reloaded = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker changes nothing on the page; a new one goes with new files.
    if (!had || reloaded) return;
    if (performance.now() - begun > FRESH_MS && document.visibilityState === "visible") return;
    reloaded = true;
    location.reload();
  });
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const offer = (worker: ServiceWorker): void => {
    // Right after loading nobody is in the middle of anything: take the new one at once.
    if (performance.now() - begun < FRESH_MS) worker.postMessage({ type: "skip-waiting" });
    else offerUpdate(worker);
  };
  if (registration.waiting) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
}

function offerUpdate(worker: ServiceWorker): void {
  const notice = document.querySelector<HTMLElement>("[data-update]");
  if (!notice) return;
  show(notice, true);
  one("button", notice).addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    worker.postMessage({ type: "skip-waiting" });
  });
}

async function start(app: HTMLElement): Promise<void> {
  await remember("lang", document.documentElement.lang);
  await remember("sentences", allSentences());
  const person = Number(app.dataset["person"]);
  if (person) await pageOf(person);
  onChange(() => {
    void tellWaiting();
    void planReminder();
  });
  const now = (): void => void sendAndTell();
  for (const moment of ["online", "lachan:send"]) window.addEventListener(moment, now);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
  });
  announce();
  await Promise.all([keepWorker(), sendAndTell()]);
}

const app = document.querySelector<HTMLElement>("[data-app]");
// Private windows of some browsers keep nothing; the pages then work as they do without a script.
if (app) start(app).catch(() => undefined);
