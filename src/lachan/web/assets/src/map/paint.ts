/** Colours of the page as the map needs them, and the marks that stand for the five colours. */
import type { Map as SafetyMap } from "maplibre-gl";
import { COLOURS, type Colour } from "./colours";

const MARK_PX = 26;

/** What a colour of the style sheet is by the theme that holds now. */
export function token(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

type Draw = (context: CanvasRenderingContext2D, size: number) => void;

function picture(size: number, draw: Draw): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return new ImageData(size, size);
  draw(context, size);
  return context.getImageData(0, 0, size, size);
}

/** Each colour has a shape and a sign of its own, so that none is told by its colour alone. */
const SHAPES: Record<Colour, (context: CanvasRenderingContext2D, s: number) => void> = {
  green: (c, s) => c.arc(s / 2, s / 2, s * 0.4, 0, 2 * Math.PI),
  yellow: (c, s) => corners(c, [[0.5, 0.07], [0.95, 0.87], [0.05, 0.87]], s),
  red: (c, s) =>
    corners(c, [[0.3, 0.08], [0.7, 0.08], [0.92, 0.3], [0.92, 0.7], [0.7, 0.92], [0.3, 0.92], [0.08, 0.7], [0.08, 0.3]], s),
  grey: (c, s) => c.arc(s / 2, s / 2, s * 0.32, 0, 2 * Math.PI),
  repair: (c, s) => corners(c, [[0.5, 0.04], [0.96, 0.5], [0.5, 0.96], [0.04, 0.5]], s),
};

const SIGNS: Record<Colour, (context: CanvasRenderingContext2D, s: number) => void> = {
  green: (c, s) => line(c, [[0.33, 0.52], [0.45, 0.64], [0.68, 0.38]], s),
  yellow: (c, s) => {
    line(c, [[0.5, 0.38], [0.5, 0.62]], s);
    line(c, [[0.5, 0.75], [0.5, 0.76]], s);
  },
  red: (c, s) => {
    line(c, [[0.36, 0.36], [0.64, 0.64]], s);
    line(c, [[0.64, 0.36], [0.36, 0.64]], s);
  },
  grey: (c, s) => line(c, [[0.42, 0.5], [0.58, 0.5]], s),
  repair: (c, s) => {
    line(c, [[0.34, 0.58], [0.58, 0.34]], s);
    line(c, [[0.42, 0.66], [0.66, 0.42]], s);
  },
};

function corners(c: CanvasRenderingContext2D, at: [number, number][], s: number): void {
  at.forEach(([x, y], index) => (index ? c.lineTo(x * s, y * s) : c.moveTo(x * s, y * s)));
  c.closePath();
}

function line(c: CanvasRenderingContext2D, at: [number, number][], s: number): void {
  c.beginPath();
  at.forEach(([x, y], index) => (index ? c.lineTo(x * s, y * s) : c.moveTo(x * s, y * s)));
  c.stroke();
}

const TOKENS: Record<Colour, string> = {
  green: "safe",
  yellow: "some-risk",
  red: "unsafe",
  grey: "unknown",
  repair: "repair",
};

function mark(colour: Colour, size: number): ImageData {
  const fill = token(`${TOKENS[colour]}-mark`);
  return picture(size, (c) => {
    c.lineJoin = c.lineCap = "round";
    c.beginPath();
    SHAPES[colour](c, size);
    c.fillStyle = colour === "grey" ? token("surface") : fill;
    c.fill();
    c.lineWidth = size * 0.06;
    c.strokeStyle = colour === "grey" ? fill : token("surface");
    if (colour === "grey") c.setLineDash([size * 0.12, size * 0.08]);
    c.stroke();
    c.setLineDash([]);
    c.lineWidth = size * 0.09;
    c.strokeStyle = colour === "grey" ? fill : token("on-mark");
    SIGNS[colour](c, size);
  });
}

/** Stripes over bins where hardly anybody has reported. */
function hatch(size: number): ImageData {
  return picture(size, (c) => {
    c.strokeStyle = token("unknown-mark");
    c.lineWidth = size / 10;
    for (const shift of [-size, 0, size]) {
      c.beginPath();
      c.moveTo(shift, size);
      c.lineTo(shift + size, 0);
      c.stroke();
    }
  });
}

/** Give the map its pictures, or draw them anew after a change of theme. */
export function pictures(map: SafetyMap): void {
  const ratio = 2;
  for (const colour of COLOURS) put(map, `mark-${colour}`, mark(colour, MARK_PX * ratio), ratio);
  put(map, "hatch", hatch(8 * ratio), ratio);
}

function put(map: SafetyMap, name: string, image: ImageData, pixelRatio: number): void {
  if (map.hasImage(name)) map.updateImage(name, image);
  else map.addImage(name, image, { pixelRatio });
}
