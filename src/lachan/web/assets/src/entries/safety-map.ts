/**
 * The safety map. The page works without it: the form leads to the list, which says the same, and
 * the country is drawn in the page. The moving map is loaded when somebody wants to look closer;
 * where there is no WebGL the list is offered in its place.
 */
import { COLOURS, type Colour } from "../map/colours";
import { Country } from "../map/country";
import type { Engine } from "../map/engine";
import { type Face, queryOf, type Shown } from "../map/face";
import { Live } from "../map/live";
import { search } from "../map/search";

declare global {
  interface HTMLElement {
    safetyMap?: Engine["map"];
  }
}

const AT = /^#\d/;

const root = document.querySelector<HTMLElement>("[data-safety-map]");
if (root) start(root);

function start(root: HTMLElement): void {
  const part = <T extends HTMLElement = HTMLElement>(name: string): T | null =>
    document.querySelector<T>(`[data-map-${name}]`);
  const said = (name: string): string => root.dataset[name] ?? "";
  const form = part<HTMLFormElement>("form");
  const status = part("status");
  const card = part("card");
  const days = part<HTMLInputElement>("days");
  const drawing = part("country");
  const shown: Shown = { colours: [], kinds: [], day: "" };

  read();
  const country = drawing
    ? new Country(drawing, shown, () => say(said("textFailed")))
    : undefined;
  let face: Face | undefined;
  let engine: Promise<Engine | undefined> | undefined;
  const live = new Live(root, said("seq"), counts, () => shown.kinds.length > 0, refetch);
  const follow = (): void => live.follow(!shown.day);

  if (country && !AT.test(location.hash)) {
    show(country);
    drawnAs("country", "yes");
    country.onTouch((at) => void closer(at));
  } else {
    if (drawing) drawing.hidden = true;
    void wake();
  }
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => live.follow(false));
  window.addEventListener("pageshow", follow);

  function show(other: Face): void {
    face = other;
    live.show(other);
    follow();
  }

  function drawnAs(what: string, state: string): void {
    root.dataset["face"] = what;
    root.dataset["drawn"] = state;
    if (state === "yes" && !performance.getEntriesByName("map-drawn").length) {
      performance.mark("map-drawn");
    }
  }

  /** The moving map, once it is there; nothing where it cannot be. */
  function wake(): Promise<Engine | undefined> {
    engine ??= begin().catch(() => {
      say(said("textFailed"));
      engine = undefined;
      return undefined;
    });
    return engine;
  }

  async function begin(): Promise<Engine | undefined> {
    if (face) say(said("textOpening"));
    const parts = await import("../map/engine");
    let made: Engine;
    drawnAs("engine", "starting");
    try {
      made = new parts.Engine({
        root,
        canvas: part("canvas") ?? root,
        shown,
        box: said("box").split(",").map(Number),
        onMove: () => {
          follow();
          listHere();
        },
        onPlace: (id) => void open(id),
        onLost: instead,
      });
    } catch {
      instead();
      return undefined;
    }
    root.safetyMap = made.map;
    // Until everything is there the drawing lies over it, at the same place, and is told.
    if (!face) made.map.once("load", () => show(made));
    await made.drawn;
    if (face !== made) {
      show(made);
      made.redraw(false);
    }
    drawnAs("engine", "yes");
    if (drawing) drawing.hidden = true;
    say("");
    return made;
  }

  async function closer(at?: [number, number]): Promise<void> {
    const hadFocus = drawing?.contains(document.activeElement) ?? false;
    const made = await wake();
    if (at) made?.closer(at);
    if (hadFocus) made?.focus();
  }

  function instead(): void {
    say("");
    root.dataset["drawn"] = "no";
    part("instead")?.removeAttribute("hidden");
    drawing?.querySelector("button")?.remove();
  }

  function say(text: string): void {
    if (status) status.textContent = text;
  }

  // ---- filters
  function boxes(name: string): HTMLInputElement[] {
    const fields = [...(form?.elements ?? [])];
    return fields.filter(
      (one): one is HTMLInputElement => one instanceof HTMLInputElement && one.name === name,
    );
  }

  function read(): void {
    const ticked = (name: string): string[] =>
      boxes(name).filter((box) => box.checked).map((box) => box.value);
    const all = (name: string): number => boxes(name).length;
    const kinds = form ? ticked("kind") : list("kinds");
    const colours = form ? ticked("colour") : list("colours");
    shown.kinds = kinds.length === all("kind") ? [] : kinds;
    shown.colours = colours.length === COLOURS.length ? [] : (colours as Colour[]);
    const choice = days ? Number(days.max) - Number(days.value) : 0;
    shown.day = choice && days ? (said("days").split(",")[Number(days.value)] ?? "") : "";
  }

  function list(name: string): string[] {
    return said(name) ? said(name).split(",") : [];
  }

  function redraw(): void {
    const before = JSON.stringify([shown.kinds, shown.day]);
    read();
    face?.redraw(before !== JSON.stringify([shown.kinds, shown.day]));
    follow();
    address();
    void recount();
  }

  function refetch(everything: boolean): void {
    face?.refetch(everything);
    if (everything) void recount();
  }

  function address(): void {
    if ("embedded" in root.dataset) return;
    const asked = queryOf(shown).toString();
    history.replaceState(null, "", `${location.pathname}${asked ? `?${asked}` : ""}${location.hash}`);
    listHere();
  }

  /** The list of what is in view; the corners are rounded to about a kilometre. */
  function listHere(): void {
    const link = part<HTMLAnchorElement>("here");
    if (!link || !face) return;
    const { west, south, east, north, whole } = face.view();
    const asked = queryOf(shown);
    const down = (degrees: number) => (Math.floor(degrees * 100) / 100).toFixed(2);
    const up = (degrees: number) => (Math.ceil(degrees * 100) / 100).toFixed(2);
    if (!whole) asked.set("box", [down(west), down(south), up(east), up(north)].join());
    link.href = `/map/list?${asked}`;
  }

  async function recount(): Promise<void> {
    const asked = queryOf(shown);
    asked.delete("colour");
    const answer = await fetch(`/api/v1/map/counts?${asked}`).catch(() => undefined);
    if (!answer?.ok) return;
    const found = (await answer.json()) as Record<Colour, number>;
    write(COLOURS.map((colour) => found[colour]));
  }

  /** What the stream tells counts all kinds. */
  function counts(totals: number[]): void {
    if (!shown.kinds.length && !shown.day) write(totals);
  }

  function write(totals: number[]): void {
    const format = new Intl.NumberFormat(document.documentElement.lang);
    COLOURS.forEach((colour, code) => {
      const figure = document.querySelector(`[data-count="${colour}"]`);
      if (figure) figure.textContent = format.format(totals[code] ?? 0);
    });
  }

  for (const box of [...boxes("colour"), ...boxes("kind")]) box.addEventListener("change", redraw);

  // ---- days
  if (days) {
    const written = part("day");
    const names = said("dayNames").split("|");
    const tell = (): void => {
      const name = names[Number(days.value)] ?? "";
      if (written) written.textContent = name;
      days.setAttribute("aria-valuetext", name);
    };
    let waiting: number | undefined;
    days.addEventListener("input", () => {
      tell();
      window.clearTimeout(waiting);
      waiting = window.setTimeout(redraw, 150);
    });
    tell();
  }

  // ---- what one presses
  async function open(id: number): Promise<void> {
    if (!card) return void window.open(`/map/places/${id}`, "_blank", "noopener");
    const answer = await fetch(`/map/places/${id}/card`).catch(() => undefined);
    if (!answer?.ok) return say(said("textFailed"));
    const text = await answer.text();
    const found = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
    if (!(found instanceof HTMLElement)) return;
    card.querySelector("[data-map-card-body]")?.replaceChildren(found);
    card.hidden = false;
    found.querySelector("a")?.focus();
  }

  async function shut(): Promise<void> {
    if (!card || card.hidden) return;
    card.hidden = true;
    (await wake())?.focus();
  }
  part("shut")?.addEventListener("click", () => void shut());
  card?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") void shut();
  });

  const press = (name: string, act: (moving: Engine) => void): void =>
    part(name)?.addEventListener("click", () => {
      void (async () => {
        const moving = await wake();
        if (moving) act(moving);
      })();
    });
  press("in", ({ map }) => map.zoomIn());
  press("out", ({ map }) => map.zoomOut());
  press("whole", (moving) => moving.wholeCountry());

  const near = part<HTMLButtonElement>("near");
  if (near && navigator.geolocation) {
    near.hidden = false;
    // Where the reader is never leaves the browser: the map only moves there.
    near.addEventListener("click", () => {
      const coming = wake();
      say(said("textLooking"));
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          void (async () => {
            const at: [number, number] = [coords.longitude, coords.latitude];
            const moving = await coming;
            moving?.standAt(at);
            moving?.goTo(at, 14);
            if (moving) say("");
          })();
        },
        () => say(said("textDenied")),
        { timeout: 10_000, maximumAge: 60_000 },
      );
    });
  }

  const input = part<HTMLInputElement>("search");
  const found = part("found");
  if (input && found) {
    search(input, found, said("textNone"), (hit) => {
      void (async () => {
        if (hit.what === "place") void open(Number(hit.id));
        const moving = await wake();
        moving?.goTo([hit.lon, hit.lat], hit.zoom);
        if (hit.what !== "place") moving?.focus();
      })();
    });
  }
}
