/** The five colours, by the numbers that the server has for them. */
export const COLOURS = ["green", "yellow", "red", "grey", "repair"] as const;
export type Colour = (typeof COLOURS)[number];

/** How many places have each colour. */
export type Counts = [number, number, number, number, number];
