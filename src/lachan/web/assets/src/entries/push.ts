/**
 * "Tell me at once": subscribes this browser to push messages, and unsubscribes it.
 *
 * The page works without: warnings wait in the inbox, and come as a text message to those who do not
 * look. A browser that cannot be told (no service worker, no push) is not offered what it cannot do.
 */
import { fromBase64Url } from "../base64url";

const box = document.querySelector<HTMLElement>("[data-push]");

function part(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-push-${name}]`);
}

function show(state: "ask" | "told" | "asking" | "denied" | "failed"): void {
  for (const name of ["ask", "told", "asking", "denied", "failed"]) part(name)?.toggleAttribute("hidden", name !== state);
  // What went wrong stands beside the button that tries again.
  if (state === "denied" || state === "failed") part("ask")?.removeAttribute("hidden");
  box?.removeAttribute("hidden");
}

async function worker(): Promise<ServiceWorkerRegistration> {
  const known = await navigator.serviceWorker.getRegistration();
  if (!known) await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  return navigator.serviceWorker.ready;
}

async function send(method: "POST" | "DELETE", body: unknown): Promise<void> {
  const answer = await fetch("/api/v1/me/push", {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

async function turnOn(): Promise<void> {
  show("asking");
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      show("denied");
      return;
    }
    const registration = await worker();
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: fromBase64Url(box?.dataset["key"] ?? ""),
    });
    await send("POST", subscription.toJSON());
    show("told");
  } catch {
    show("failed");
  }
}

async function turnOff(): Promise<void> {
  show("asking");
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = await registration?.pushManager.getSubscription();
    if (subscription) {
      await send("DELETE", { endpoint: subscription.endpoint });
      await subscription.unsubscribe();
    }
    show("ask");
  } catch {
    show("failed");
  }
}

/** Whether this browser is subscribed; said to the server again, for it may have forgotten. */
async function begin(): Promise<void> {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    // Safari on an iPhone has push only for pages on the home screen.
    if (/iPhone|iPad/.test(navigator.userAgent)) part("install")?.removeAttribute("hidden");
    return;
  }
  document.querySelector("[data-push-on]")?.addEventListener("click", () => void turnOn());
  document.querySelector("[data-push-off]")?.addEventListener("click", () => void turnOff());
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  if (!subscription || Notification.permission !== "granted") {
    show("ask");
    return;
  }
  // Another person may have signed in on this phone: the subscription follows the session.
  await send("POST", subscription.toJSON()).then(
    () => show("told"),
    () => show("ask"),
  );
}

if (box) void begin();
