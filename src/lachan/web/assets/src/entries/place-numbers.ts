/**
 * Keeps the numbers of a place fresh while its page is open. The stream only says that something
 * changed; what to show is asked from the server, so that it reads the same with and without this.
 */
const region = document.querySelector<HTMLElement>("#numbers-live");
let stream: EventSource | undefined;

async function show(): Promise<void> {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } }).catch(
    () => undefined,
  );
  if (!region || !answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#numbers-live");
  if (!fresh || fresh.innerHTML === region.dataset["shown"]) return;
  const open = [...region.querySelectorAll("details")].map((one) => one.open);
  region.dataset["shown"] = fresh.innerHTML;
  region.replaceChildren(...fresh.childNodes);
  region.querySelectorAll("details").forEach((one, index) => (one.open = open[index] ?? false));
}

function listen(): void {
  if (stream || !region) return;
  stream = new EventSource(region.dataset["stream"] ?? "");
  // The first comes at once, and looks for what happened between the page and its stream.
  stream.addEventListener("attendance", () => void show());
  stream.addEventListener("day_close", () => void show());
}

function hangUp(): void {
  stream?.close();
  stream = undefined;
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
