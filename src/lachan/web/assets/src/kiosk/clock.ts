/**
 * The server's time on a tablet whose clock may be wrong, or be set in the middle of an hour without
 * a network.
 */

/** When something happened, in all the ways that the tablet can tell. */
export interface Stamp {
  /** The tablet's clock, unix ms. */
  at: number;
  /** Milliseconds since the page was opened; nobody can set those. */
  tick: number;
  /** Which opening of the page `tick` counts from. */
  boot: string;
  /** How far the server's clock was ahead of the tablet's, as far as was known; ms. */
  ahead: number;
}

// Within this, two ways of telling the time agree.
const AGREE_MS = 5_000;

/** How far the server is ahead: it said `server` between the tablet's `sent` and `got`. */
export function measuredAhead(server: number, sent: number, got: number): number {
  return Math.round(server - (sent + got) / 2);
}

/**
 * The moment of `stamp` by the server's clock, seen from `here`, which was just measured.
 *
 * When the tablet's clock was set in between, the ticks know better; else the clock does, because
 * ticks stop while a tablet sleeps.
 */
export function trueMoment(stamp: Stamp, here: Stamp): number {
  const byClock = stamp.at + stamp.ahead;
  if (stamp.boot !== here.boot || Math.abs(stamp.ahead - here.ahead) <= AGREE_MS) return byClock;
  return here.at + here.ahead - (here.tick - stamp.tick);
}
