import htmx from "htmx.org";

/**
 * Parts of a page that stay current.
 *
 *   <div data-live="/me/events" data-live-on="warning" hx-get="/me/warnings/list"
 *        hx-trigger="live" hx-swap="innerHTML">
 *
 * `data-live` is the address of a stream of server-sent events, `data-live-on` the names of the
 * events (separated by spaces) at which the element triggers `live`; htmx then fetches the part
 * again. A badge instead carries `data-live-count`: the event's data is the number it shows.
 * The browser reconnects by itself and says which event it saw last.
 */
export function liveMessages(): void {
  const streams = new Map<string, EventSource>();
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const address = element.dataset["live"] ?? "";
    const stream = streams.get(address) ?? new EventSource(address);
    streams.set(address, stream);
    for (const name of (element.dataset["liveOn"] ?? "message").split(/\s+/)) {
      stream.addEventListener(name, (event: MessageEvent<string>) => {
        if ("liveCount" in element.dataset) showCount(element, event.data);
        htmx.trigger(element, "live", { data: event.data });
      });
    }
  }
}

function showCount(badge: HTMLElement, data: string): void {
  const count = Number(data);
  badge.hidden = !(count > 0);
  badge.textContent = count > 0 ? String(count) : "";
}
