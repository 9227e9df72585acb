/** What the service worker shows when a message is pushed. */
import { recall } from "../app/kept";
import { askWhetherLeft, BADGE, ICON } from "../app/reminder";

interface Pushed {
  title?: string;
  body?: string;
  url?: string;
  /** `leave` asks whether the person is still where they scanned in; the phone knows where. */
  kind?: string;
}

/** What a push event carries. */
interface Readable {
  json(): unknown;
}

/** Show a pushed message; one that cannot be read still shows, as browsers demand. */
export async function showPush(
  registration: ServiceWorkerRegistration,
  data: Readable | null,
): Promise<void> {
  let pushed: Pushed = {};
  try {
    pushed = (data?.json() ?? {}) as Pushed;
  } catch {
    // Not from our server: nothing of it is shown.
  }
  if (pushed.kind === "leave") {
    const here = await recall("here");
    if (here) {
      await askWhetherLeft(registration, here);
      return;
    }
  }
  const sentences = (await recall("sentences")) ?? {};
  const url = typeof pushed.url === "string" && pushed.url.startsWith("/") ? pushed.url : "/me";
  await registration.showNotification(pushed.title ?? sentences["name"] ?? "Lá Chắn", {
    body: pushed.body ?? "",
    icon: ICON,
    badge: BADGE,
    tag: url,
    data: { url },
  });
}
