/**
 * A case's page follows its trace: the bar moves, and the contacts appear when they are found.
 *
 * The stream only says that something happened; what to show is asked from the server, so that the
 * page is the same with and without this script.
 */
interface Told {
  state: string;
  progress: number;
}

const region = document.querySelector<HTMLElement>("[data-case-live]");
const address = region?.dataset["caseLive"] ?? "";
const part = region?.dataset["casePart"] ?? "";
let stream: EventSource | undefined;
let lastId = "";

async function show(): Promise<void> {
  const answer = await fetch(part + location.search, { headers: { accept: "text/html" } }).catch(
    () => undefined,
  );
  if (!region || !answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-trace-part]");
  const shown = region.querySelector("[data-trace-part]");
  // Nobody's half-made choice is taken away from under the pointer.
  if (!fresh || !shown || shown.contains(document.activeElement?.closest("select") ?? null)) return;
  shown.replaceWith(fresh);
}

function onTrace(event: MessageEvent<string>): void {
  lastId = event.lastEventId || lastId;
  const told = JSON.parse(event.data) as Told;
  const bar = region?.querySelector<HTMLProgressElement>("#trace-progress progress");
  if (told.state === "running" && told.progress > 0 && bar) {
    bar.value = told.progress;
    const figure = region?.querySelector("#trace-progress .progress-figure");
    if (figure) figure.textContent = `${told.progress} %`;
    return;
  }
  void show();
}

function open(): void {
  if (stream || !region) return;
  stream = new EventSource(lastId ? `${address}?last_event_id=${lastId}` : address);
  stream.addEventListener("trace", onTrace);
  for (const kind of ["contact", "late_visits"]) {
    stream.addEventListener(kind, (event: MessageEvent<string>) => {
      lastId = event.lastEventId || lastId;
      void show();
    });
  }
  // What happened between the page's making and now is asked once.
  stream.addEventListener("open", () => void show(), { once: true });
}

function close(): void {
  stream?.close();
  stream = undefined;
}

// A hidden page lets go: a browser keeps only six connections to a site.
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
if (!document.hidden) open();
