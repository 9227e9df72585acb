/**
 * The safety map. The page works without it: the form leads to the list, which says the same.
 * Where there is no WebGL the list is offered in its place.
 */
import {
  Map as SafetyMap,
  Marker,
  setWorkerUrl,
  type MapGeoJSONFeature,
  type VectorTileSource,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { Live } from "../map/live";
import { COLOURS, pictures, token, type Colour } from "../map/paint";
import { search } from "../map/search";
import { POINT_LAYERS, styleOf, tilesOf, type Shown } from "../map/style";

declare global {
  interface HTMLElement {
    safetyMap?: SafetyMap;
  }
}

/** The mainland and the archipelagos. */
const COUNTRY: [number, number, number, number] = [102.0, 6.8, 115.2, 23.5];

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
  const english = document.documentElement.lang === "en";
  const shown: Shown = { colours: [], kinds: [], day: "" };

  setWorkerUrl(new URL(workerUrl, location.href).href);
  read();
  let map: SafetyMap;
  try {
    const box = said("box").split(",").map(Number);
    map = new SafetyMap({
      container: part("canvas") ?? root,
      style: styleOf(shown, said("version"), english),
      bounds: box.length === 4 ? (box as typeof COUNTRY) : COUNTRY,
      fitBoundsOptions: { padding: 8 },
      minZoom: 3,
      maxZoom: 18,
      hash: !("embedded" in root.dataset),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: { "Map.Title": said("label") },
    });
  } catch {
    instead();
    return;
  }
  map.touchZoomRotate.disableRotation();
  root.safetyMap = map;
  root.dataset["drawn"] = "starting";
  map.once("style.load", () => pictures(map));
  map.on("idle", () => {
    root.dataset["drawn"] = "yes";
    if (!performance.getEntriesByName("map-drawn").length) performance.mark("map-drawn");
  });
  map.on("webglcontextlost", instead);

  const live = new Live(map, said("seq"), counts, () => shown.kinds.length > 0, refetch);
  const follow = (): void => live.follow(!shown.day);
  map.on("moveend", () => {
    follow();
    listHere();
  });
  map.once("load", follow);
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => live.follow(false));
  window.addEventListener("pageshow", follow);

  function instead(): void {
    root.dataset["drawn"] = "no";
    part("instead")?.removeAttribute("hidden");
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
    map.setStyle(styleOf(shown, said("version"), english), { diff: true });
    if (before !== JSON.stringify([shown.kinds, shown.day])) forget();
    follow();
    address();
    void recount();
  }

  function forget(): void {
    for (const source of ["points", "bins"]) {
      map.removeFeatureState({ source, sourceLayer: source });
    }
  }

  function refetch(everything: boolean): void {
    if (everything) forget();
    for (const layer of ["points", "bins"] as const) {
      map.getSource<VectorTileSource>(layer)?.setTiles([tilesOf(layer, shown)]);
    }
    if (everything) void recount();
  }

  function query(): URLSearchParams {
    const made = new URLSearchParams();
    for (const kind of shown.kinds) made.append("kind", kind);
    for (const colour of shown.colours) made.append("colour", colour);
    if (shown.day) made.set("day", shown.day);
    return made;
  }

  function address(): void {
    if ("embedded" in root.dataset) return;
    const asked = query().toString();
    history.replaceState(null, "", `${location.pathname}${asked ? `?${asked}` : ""}${location.hash}`);
    listHere();
  }

  /** The list of what is in view; the corners are rounded to about a kilometre. */
  function listHere(): void {
    const link = part<HTMLAnchorElement>("here");
    if (!link) return;
    const view = map.getBounds();
    const asked = query();
    const down = (degrees: number) => (Math.floor(degrees * 100) / 100).toFixed(2);
    const up = (degrees: number) => (Math.ceil(degrees * 100) / 100).toFixed(2);
    asked.set(
      "box",
      [down(view.getWest()), down(view.getSouth()), up(view.getEast()), up(view.getNorth())].join(),
    );
    link.href = `/map/list?${asked}`;
  }

  async function recount(): Promise<void> {
    const asked = query();
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
  map.on("click", (event) => {
    const around: [[number, number], [number, number]] = [
      [event.point.x - 12, event.point.y - 12],
      [event.point.x + 12, event.point.y + 12],
    ];
    const place = map.queryRenderedFeatures(around, { layers: POINT_LAYERS }).find(isSeen);
    if (place) return void open(Number(place.id));
    const [bin] = map.queryRenderedFeatures(event.point, { layers: ["bins"] });
    if (bin) map.easeTo({ center: event.lngLat, zoom: Math.min(map.getZoom() + 2, 12.5) });
  });
  for (const layer of ["bins", ...POINT_LAYERS]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }

  /** Each layer holds all places and shows those of its own colour. */
  function isSeen(feature: MapGeoJSONFeature): boolean {
    const told = map.getFeatureState({
      source: "points", sourceLayer: "points", id: feature.id ?? 0,
    }) as { c?: number };
    const colour = COLOURS[told.c ?? (feature.properties["c"] as number)];
    return feature.layer.id === `points-${colour}`;
  }

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

  function shut(): void {
    if (!card || card.hidden) return;
    card.hidden = true;
    map.getCanvas().focus();
  }
  part("shut")?.addEventListener("click", shut);
  card?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
  });

  part("in")?.addEventListener("click", () => map.zoomIn());
  part("out")?.addEventListener("click", () => map.zoomOut());
  part("country")?.addEventListener("click", () => map.fitBounds(COUNTRY, { padding: 8 }));

  let here: Marker | undefined;
  const near = part<HTMLButtonElement>("near");
  if (near && navigator.geolocation) {
    near.hidden = false;
    // Where the reader is never leaves the browser: the map only moves there.
    near.addEventListener("click", () => {
      say(said("textLooking"));
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const at: [number, number] = [coords.longitude, coords.latitude];
          here ??= new Marker({ color: token("leaf") });
          here.setLngLat(at).addTo(map);
          map.flyTo({ center: at, zoom: 14 });
          say("");
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
      map.flyTo({ center: [hit.lon, hit.lat], zoom: hit.zoom });
      if (hit.what === "place") void open(Number(hit.id));
      else map.getCanvas().focus();
    });
  }

  // ---- day and night
  const repaint = (): void => {
    pictures(map);
    map.setStyle(styleOf(shown, said("version"), english), { diff: true });
  };
  new MutationObserver(repaint).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}
