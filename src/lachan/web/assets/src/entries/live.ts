/**
 * Warnings reach an open page as they are sent, on every page of a signed-in resident.
 *
 * The stream only says that something is new; what to show is asked from the server, so that the
 * sentence is the same with and without this script. A hidden page lets go of its stream: a browser
 * keeps only six connections to a site, and a person may have ten pages open.
 */
const KINDS = ["warning", "warning_withdrawn", "warning_answered", "unread"];
const POLL_MS = 60_000;

const region = document.querySelector<HTMLElement>("[data-warnings-live]");
const address = region?.dataset["stream"] ?? "";
const fragment = region?.dataset["fragment"] ?? "";
let stream: EventSource | undefined;
let lastId = "";
let shown = "";
let polling: number | undefined;

async function show(): Promise<void> {
  const answer = await fetch(fragment, { headers: { accept: "text/html" } }).catch(() => undefined);
  if (!region || !answer?.ok || answer.redirected) return;
  const text = await answer.text();
  if (text === shown) return;
  shown = text;
  const part = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
  if (!(part instanceof HTMLElement)) return;
  const link = part.querySelector("a")?.getAttribute("href");
  region.replaceChildren(...(!link || onPage(link) ? [] : [part]));
  badge(Number(part.dataset["unread"]), part.dataset["unreadText"] ?? "");
}

/** Whether the page shows or lists this warning already; then it need not be announced on it. */
function onPage(href: string): boolean {
  if (location.pathname === href) return true;
  return [...document.querySelectorAll(`a[href="${CSS.escape(href)}"]`)].some(
    (link) => !region?.contains(link),
  );
}

function badge(count: number, text: string): void {
  const link = document.querySelector<HTMLElement>('.tabs a[href="/me/warnings"]');
  if (!link) return;
  link.querySelector(".nav-badge")?.remove();
  if (!(count > 0)) return;
  const mark = document.createElement("span");
  mark.className = "nav-badge";
  mark.textContent = String(count);
  mark.title = text;
  link.append(mark);
}

function listen(): void {
  if (stream || !region) return;
  stream = new EventSource(lastId ? `${address}?last_event_id=${lastId}` : address);
  for (const kind of KINDS) {
    stream.addEventListener(kind, (event: MessageEvent<string>) => {
      lastId = event.lastEventId || lastId;
      void show();
    });
  }
  stream.addEventListener("error", () => {
    // Refused (too many streams, an old proxy): the browser will not try again, so ask now and then.
    if (stream?.readyState === EventSource.CLOSED) polling ??= window.setInterval(show, POLL_MS);
  });
}

function hangUp(): void {
  stream?.close();
  stream = undefined;
  window.clearInterval(polling);
  polling = undefined;
}

function follow(): void {
  if (document.visibilityState === "hidden") hangUp();
  else listen();
}

document.addEventListener("visibilitychange", follow);
window.addEventListener("pagehide", hangUp);
window.addEventListener("pageshow", follow);
follow();

export {};
