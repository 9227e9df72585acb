/** The style of the map: our own tiles, our own letters, nothing from anywhere else. */
import type {
  ExpressionSpecification as Expression,
  LayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import { COLOURS, type Colour } from "./colours";
import { FIRST_POINTS, type Shown } from "./face";
import { token } from "./paint";

const KEYS = { green: "g", yellow: "y", red: "r", grey: "n", repair: "p" } as const;
const FONT = ["Be Vietnam Pro"];

export function tilesOf(layer: "points" | "bins", shown: Shown): string {
  const query = new URLSearchParams();
  if (shown.day) query.set("day", shown.day);
  if (layer === "bins") for (const kind of shown.kinds) query.append("kind", kind);
  const said = query.toString();
  return `${location.origin}/api/v1/map/tiles/${layer}/{z}/{x}/{y}${said ? `?${said}` : ""}`;
}

/** How many places of a colour a bin holds: what was told last, else what the tile says. */
function count(colour: Colour): Expression {
  const key = KEYS[colour];
  return ["coalesce", ["feature-state", key], ["get", key], 0];
}

function sum(colours: readonly Colour[]): Expression {
  return ["+", 0, ...colours.map(count)];
}

/** Share of the chosen colours; of the safe ones when all are shown. */
function share(shown: Shown): Expression {
  const wanted = shown.colours.length ? shown.colours : (["green"] as const);
  return ["/", sum(wanted), ["max", 1, sum(COLOURS)]];
}

function binColour(shown: Shown): Expression {
  const [one, two, three, four, five] = [1, 2, 3, 4, 5].map((step) => token(`share-${step}`));
  return ["step", share(shown), one, 0.2, two, 0.4, three, 0.6, four, 0.8, five] as Expression;
}

const atLeast = (part: Expression, of: Expression): Expression => ["case", [">=", part, of], 1, 0];

function pointLayers(shown: Shown): LayerSpecification[] {
  const colour: Expression = ["coalesce", ["feature-state", "c"], ["get", "c"]];
  const only = shown.kinds.length
    ? { filter: ["in", ["get", "k"], ["literal", [...shown.kinds]]] as Expression }
    : {};
  // One layer a colour: a picture cannot follow what is told of a place, how clear it is can.
  return COLOURS.map((name, code) => ({
    id: `points-${name}`,
    type: "symbol",
    source: "points",
    "source-layer": "points",
    minzoom: FIRST_POINTS,
    ...only,
    layout: {
      "icon-image": `mark-${name}`,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.55, 14, 0.8, 16, 1.1],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      visibility: shown.colours.length && !shown.colours.includes(name) ? "none" : "visible",
    },
    paint: { "icon-opacity": ["case", ["==", colour, code], 1, 0] },
  }));
}

function nameLayer(
  id: string, level: number, minzoom: number, maxzoom: number, english: boolean,
): LayerSpecification {
  return {
    id,
    type: "symbol",
    source: "areas",
    "source-layer": "names",
    minzoom,
    maxzoom,
    filter: ["==", ["get", "level"], level],
    layout: {
      "text-field": ["get", english ? "en" : "vi"],
      "text-font": FONT,
      "text-size": level === 1 ? ["interpolate", ["linear"], ["zoom"], 4, 11, 8, 15] : 13,
      "text-max-width": 7,
      "text-padding": 4,
      "text-allow-overlap": level === 0,
    },
    paint: {
      "text-color": token("ink"),
      "text-halo-color": token("map-land"),
      "text-halo-width": 1.6,
    },
  };
}

export function styleOf(shown: Shown, version: string, english: boolean): StyleSpecification {
  const land = token("map-land");
  const border = token("map-border");
  const unreported = atLeast(count("grey"), ["*", 0.8, ["max", 1, sum(COLOURS)]]);
  const alarming = atLeast(
    sum(["red", "repair"]), ["max", 1, ["*", 0.1, sum(COLOURS)]],
  );
  const wantsRed = !shown.colours.length || shown.colours.includes("red");
  return {
    version: 8,
    sources: {
      areas: {
        type: "vector",
        tiles: [`${location.origin}/api/v1/map/tiles/areas/{z}/{x}/{y}?v=${version}`],
        minzoom: 3,
        maxzoom: 11,
      },
      bins: { type: "vector", tiles: [tilesOf("bins", shown)], minzoom: 3, maxzoom: 11 },
      points: { type: "vector", tiles: [tilesOf("points", shown)], minzoom: 12, maxzoom: 12 },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("map-sea") } },
      {
        id: "land", type: "fill", source: "areas", "source-layer": "provinces",
        paint: { "fill-color": land, "fill-antialias": false },
      },
      {
        id: "bins", type: "fill", source: "bins", "source-layer": "bins", maxzoom: FIRST_POINTS,
        paint: {
          "fill-color": binColour(shown),
          "fill-opacity": ["case", [">", sum(COLOURS), 0], 0.85, 0],
          "fill-outline-color": land,
        },
      },
      {
        id: "bins-unreported", type: "fill", source: "bins", "source-layer": "bins",
        maxzoom: FIRST_POINTS,
        paint: { "fill-pattern": "hatch", "fill-opacity": unreported },
      },
      {
        id: "wards", type: "line", source: "areas", "source-layer": "wards", minzoom: 9,
        paint: { "line-color": border, "line-width": 0.7, "line-opacity": 0.7 },
      },
      {
        id: "provinces", type: "line", source: "areas", "source-layer": "provinces",
        paint: {
          "line-color": border,
          "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.8, 10, 2],
        },
      },
      {
        id: "bins-alarm", type: "symbol", source: "bins", "source-layer": "bins", minzoom: 6,
        maxzoom: FIRST_POINTS,
        layout: {
          "icon-image": "mark-red",
          "icon-size": 0.5,
          "icon-allow-overlap": true,
          visibility: wantsRed ? "visible" : "none",
        },
        paint: { "icon-opacity": alarming },
      },
      ...pointLayers(shown),
      nameLayer("names-wards", 2, 10.5, 24, english),
      nameLayer("names-provinces", 1, 4.5, 10.5, english),
      nameLayer("names-islands", 0, 3, 24, english),
    ],
  };
}

export const POINT_LAYERS = COLOURS.map((name) => `points-${name}`);
