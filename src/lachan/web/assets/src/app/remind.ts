/**
 * "Remind me to scan out": by a push from the server, which comes also when no page is open. Where
 * the browser has no push, an open page still asks by itself.
 */
import { fromBase64Url } from "../base64url";

/** Ask for the reminder of a visit. Must follow a press; false when notifications are blocked. */
export async function remindMe(visitId: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  // The reminder is one for this visit; a push that cannot be had leaves the page's own.
  await askServer(visitId).catch(() => undefined);
  return true;
}

async function askServer(visitId: string): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const known = await registration.pushManager.getSubscription();
  const subscription = known ?? (await subscribe(registration));
  await send("/api/v1/me/push", subscription.toJSON());
  await send(`/api/v1/me/visits/${visitId}/reminder`);
}

async function subscribe(registration: ServiceWorkerRegistration): Promise<PushSubscription> {
  const reply = await fetch("/api/v1/push/key");
  const { key } = (await reply.json()) as { key: string };
  return registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: fromBase64Url(key),
  });
}

async function send(url: string, body?: unknown): Promise<void> {
  const reply = await fetch(url, {
    method: "POST",
    ...(body
      ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
      : {}),
  });
  if (!reply.ok) throw new Error(String(reply.status));
}
