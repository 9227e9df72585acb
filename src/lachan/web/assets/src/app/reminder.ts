/** The question whether one has left, and the answer that a notification's button gives. */
import { type Here, recall, remember } from "./kept";
import { flush, keepScan, newScanId, scanById } from "./queue";

export const ICON = "/static/icon-192.png";
export const BADGE = "/static/favicon-32.png";
const LEAVE_TAG = "lachan-leave";

type Options = NotificationOptions & { actions?: { action: string; title: string }[] };

/** "Are you still at …?", with "I have left" as a button of the notification. */
export async function askWhetherLeft(
  registration: ServiceWorkerRegistration,
  here: Here,
): Promise<void> {
  const sentences = (await recall("sentences")) ?? {};
  await remember("here", { ...here, reminded: true });
  const options: Options = {
    body: sentences["leave-body"] ?? "",
    icon: ICON,
    badge: BADGE,
    tag: LEAVE_TAG,
    data: { url: "/me/scan" },
    actions: [
      { action: "left", title: sentences["left"] ?? "" },
      { action: "stay", title: sentences["stay"] ?? "" },
    ],
  };
  await registration.showNotification(
    (sentences["leave-title"] ?? "").replace("{place}", here.name),
    options,
  );
}

/** Scan the person out of where they are, as the button of the notification says. */
export async function leaveNow(registration: ServiceWorkerRegistration): Promise<void> {
  const here = await recall("here");
  if (!here) return;
  const scan_id = newScanId();
  await keepScan({
    scan_id,
    person: here.person,
    code: here.code,
    name: here.name,
    direction: "out",
    at: new Date().toISOString(),
    people: here.people,
    state: "waiting",
  });
  await flush();
  const scan = await scanById(scan_id);
  const sentences = (await recall("sentences")) ?? {};
  const said = scan?.state === "waiting" ? sentences["left-waiting"] : sentences["left-done"];
  await registration.showNotification(
    scan?.refusal?.title ?? (said ?? "").replace("{place}", here.name),
    {
      body: scan?.refusal?.detail ?? "",
      icon: ICON,
      badge: BADGE,
      tag: LEAVE_TAG,
      data: { url: scan?.state === "refused" ? "/me/scan" : "/me/diary" },
    },
  );
}
