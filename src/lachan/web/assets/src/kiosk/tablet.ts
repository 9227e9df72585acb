/** What keeps a tablet at a door going: a screen that stays lit, a page that renews itself. */
const CHECK_MS = 3_600_000;
const IDLE_MS = 30_000;

let lock: WakeLockSentinel | undefined;

async function ask(): Promise<void> {
  const wakeLock = (navigator as { wakeLock?: WakeLock }).wakeLock;
  if (!wakeLock || document.visibilityState !== "visible" || (lock && !lock.released)) return;
  lock = await wakeLock.request("screen").catch(() => undefined);
}

/** Keep the screen lit; the browser lets go whenever the page is hidden. */
export async function keepAwake(): Promise<void> {
  document.addEventListener("visibilitychange", ask);
  await ask();
  await navigator.storage?.persist?.().catch(() => false);
}

/** Keep page and scripts for when there is no network, and take a new version while nobody is there. */
export function keepUpToDate(isIdle: () => boolean): void {
  if (!("serviceWorker" in navigator)) return;
  let touched = performance.now();
  for (const name of ["pointerdown", "keydown"]) {
    window.addEventListener(name, () => {
      touched = performance.now();
    });
  }
  const had = navigator.serviceWorker.controller?.scriptURL;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker of a new tablet changes nothing about the page.
    if (!had?.endsWith("/kiosk/sw.js")) return;
    const timer = window.setInterval(() => {
      if (!isIdle() || performance.now() - touched < IDLE_MS) return;
      window.clearInterval(timer);
      location.reload();
    }, IDLE_MS);
  });
  void navigator.serviceWorker
    .register("/kiosk/sw.js", { scope: "/kiosk" })
    .then((registration) => {
      window.setInterval(() => void registration.update().catch(() => undefined), CHECK_MS);
    })
    .catch(() => undefined);
}
