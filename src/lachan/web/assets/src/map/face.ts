/** What a page needs of its map, whether that is the drawing of the country or the moving one. */
import type { Colour, Counts } from "./colours";

export interface Shown {
  /** Which colours; all of them when none is named. */
  colours: readonly Colour[];
  kinds: readonly string[];
  /** A past day as YYYY-MM-DD; empty for today. */
  day: string;
}

/** What is in view, in degrees. */
export interface View {
  west: number;
  south: number;
  east: number;
  north: number;
  zoom: number;
  /** All there is, however the frame lies around it. */
  whole: boolean;
}

export interface Face {
  view(): View;
  /** Draw by other filters; `anew` when other places are counted than before. */
  redraw(anew: boolean): void;
  /** Ask the server again: for all there is, or for what may have changed. */
  refetch(everything: boolean): void;
  /** A place has another colour. */
  point(id: number, colour: number): void;
  /** A bin holds so many places of each colour. */
  bin(id: number, counts: Counts): void;
}

/** The mainland and the archipelagos, as the server has them. */
export const COUNTRY: View = {
  west: 102,
  south: 6.8,
  east: 115.2,
  north: 23.5,
  zoom: 4,
  whole: true,
};
/** Space around the country at the first look, px. */
export const PADDING = 8;
export const FIRST_POINTS = 12;

/** H3 resolution of the bins at a zoom, as the server has it. */
const RESOLUTIONS = [3, 3, 3, 3, 4, 4, 5, 6, 6, 7, 8, 8];
export const binLayer = (zoom: number): number =>
  RESOLUTIONS[Math.max(3, Math.min(11, Math.floor(zoom)))] ?? 3;

/** The filters as the query of an address. */
export function queryOf(shown: Shown): URLSearchParams {
  const made = new URLSearchParams();
  for (const kind of shown.kinds) made.append("kind", kind);
  for (const colour of shown.colours) made.append("colour", colour);
  if (shown.day) made.set("day", shown.day);
  return made;
}
