/**
 * The screen at a door: fetches the next code when the minute is over, keeps the screen awake, and
 * hides a code that is no longer good. Without this script the page loads itself anew.
 */
const RETRY_MS = 3_000;
const fragment = document.body.dataset["fragment"] ?? "";
const away = document.querySelector<HTMLElement>("[data-away]");

function part(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#display");
}

function wait(): void {
  // A moment into the next minute, so that the server's clock has turned as well.
  const seconds = Number(part()?.dataset["seconds"] ?? "5");
  window.setTimeout(() => void renew(), seconds * 1000 + 400);
}

async function renew(): Promise<void> {
  const answer = await fetch(fragment, { headers: { accept: "text/html" } }).catch(() => undefined);
  if (answer?.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#display");
    if (fresh) {
      part()?.replaceWith(fresh);
      away?.setAttribute("hidden", "");
      wait();
      return;
    }
  }
  // What stands there has run out; a stale code only turns people away.
  part()?.setAttribute("hidden", "");
  away?.removeAttribute("hidden");
  window.setTimeout(() => void renew(), RETRY_MS);
}

async function stayAwake(): Promise<void> {
  if (document.visibilityState !== "visible") return;
  await navigator.wakeLock?.request("screen").catch(() => undefined);
}

document.addEventListener("visibilitychange", () => void stayAwake());
void stayAwake();
wait();

export {};
