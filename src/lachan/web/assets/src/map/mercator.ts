/** The Mercator square that every web map is drawn on: 0 to 1 from the west, 0 to 1 from the north. */

export const across = (lon: number): number => (lon + 180) / 360;

export const down = (lat: number): number => {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
};

export const longitude = (x: number): number => x * 360 - 180;

export const latitude = (y: number): number =>
  (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
