/** The moving map: MapLibre, loaded when somebody wants to look closer. */
import {
  Map as SafetyMap,
  type MapGeoJSONFeature,
  Marker,
  setWorkerUrl,
  type VectorTileSource,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { COLOURS, type Counts } from "./colours";
import { COUNTRY, type Face, PADDING, type Shown, type View } from "./face";
import { pictures, token } from "./paint";
import { POINT_LAYERS, styleOf, tilesOf } from "./style";

const PRESS_PX = 12;
const CLOSER = 2;
const CLOSE = 12.5;

interface Wishes {
  root: HTMLElement;
  canvas: HTMLElement;
  shown: Shown;
  /** West, south, east, north; the country when it is not four numbers. */
  box: number[];
  onMove: () => void;
  onPlace: (id: number) => void;
  onLost: () => void;
}

export class Engine implements Face {
  /** When everything that was asked for has been drawn for the first time. */
  readonly drawn: Promise<void>;
  readonly map: SafetyMap;
  private here: Marker | undefined;
  private readonly english = document.documentElement.lang === "en";

  /** Throws where there is no WebGL. */
  constructor(private readonly wishes: Wishes) {
    const { root, canvas, box } = wishes;
    setWorkerUrl(new URL(workerUrl, location.href).href);
    const { west, south, east, north } = COUNTRY;
    const bounds = (box.length === 4 ? box : [west, south, east, north]) as [
      number, number, number, number,
    ];
    this.map = new SafetyMap({
      container: canvas,
      style: this.style(),
      bounds,
      fitBoundsOptions: { padding: PADDING },
      minZoom: 3,
      maxZoom: 18,
      hash: !("embedded" in root.dataset),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: { "Map.Title": root.dataset["label"] ?? "" },
    });
    const { map } = this;
    map.touchZoomRotate.disableRotation();
    map.once("style.load", () => pictures(map));
    this.drawn = new Promise((resolve) => void map.once("idle", () => resolve()));
    map.on("idle", () => (root.dataset["drawn"] = "yes"));
    map.on("webglcontextlost", wishes.onLost);
    map.on("moveend", wishes.onMove);
    map.on("click", (event) => this.press(event.point, event.lngLat.toArray()));
    for (const layer of ["bins", ...POINT_LAYERS]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
    const repaint = (): void => {
      pictures(map);
      map.setStyle(this.style(), { diff: true });
    };
    new MutationObserver(repaint).observe(document.documentElement, {
      attributeFilter: ["data-theme"],
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  }

  private style(): ReturnType<typeof styleOf> {
    return styleOf(this.wishes.shown, this.wishes.root.dataset["version"] ?? "", this.english);
  }

  view(): View {
    const seen = this.map.getBounds();
    return {
      west: seen.getWest(),
      south: seen.getSouth(),
      east: seen.getEast(),
      north: seen.getNorth(),
      zoom: this.map.getZoom(),
      whole: false,
    };
  }

  redraw(anew: boolean): void {
    this.map.setStyle(this.style(), { diff: true });
    if (anew) this.forget();
  }

  refetch(everything: boolean): void {
    if (everything) this.forget();
    for (const layer of ["points", "bins"] as const) {
      this.map.getSource<VectorTileSource>(layer)?.setTiles([tilesOf(layer, this.wishes.shown)]);
    }
  }

  private forget(): void {
    for (const source of ["points", "bins"]) {
      this.map.removeFeatureState({ source, sourceLayer: source });
    }
  }

  point(id: number, c: number): void {
    this.map.setFeatureState({ source: "points", sourceLayer: "points", id }, { c });
  }

  bin(id: number, [g, y, r, n, p]: Counts): void {
    this.map.setFeatureState({ source: "bins", sourceLayer: "bins", id }, { g, y, r, n, p });
  }

  // ---- moving

  wholeCountry(): void {
    const { west, south, east, north } = COUNTRY;
    this.map.fitBounds([west, south, east, north], { padding: PADDING });
  }

  closer(center: [number, number]): void {
    this.map.easeTo({ center, zoom: Math.min(this.map.getZoom() + CLOSER, CLOSE) });
  }

  goTo(center: [number, number], zoom: number): void {
    this.map.flyTo({ center, zoom });
  }

  standAt(at: [number, number]): void {
    this.here ??= new Marker({ color: token("leaf") });
    this.here.setLngLat(at).addTo(this.map);
  }

  focus(): void {
    this.map.getCanvas().focus();
  }

  // ---- what one presses

  private press(point: { x: number; y: number }, at: [number, number]): void {
    const { x, y } = point;
    const around: [[number, number], [number, number]] = [
      [x - PRESS_PX, y - PRESS_PX],
      [x + PRESS_PX, y + PRESS_PX],
    ];
    const place = this.map
      .queryRenderedFeatures(around, { layers: POINT_LAYERS })
      .find((feature) => this.isSeen(feature));
    if (place) return this.wishes.onPlace(Number(place.id));
    const [bin] = this.map.queryRenderedFeatures([x, y], { layers: ["bins"] });
    if (bin) this.closer(at);
  }

  /** Each layer holds all places and shows those of its own colour. */
  private isSeen(feature: MapGeoJSONFeature): boolean {
    const told = this.map.getFeatureState({
      source: "points", sourceLayer: "points", id: feature.id ?? 0,
    }) as { c?: number };
    const colour = COLOURS[told.c ?? (feature.properties["c"] as number)];
    return feature.layer.id === `points-${colour}`;
  }
}
