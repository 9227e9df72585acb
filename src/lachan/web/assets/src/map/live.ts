/** Follows the live stream: what changes is drawn at once, without asking for a tile. */
import type { Counts } from "./colours";
import { binLayer, type Face, FIRST_POINTS, type View } from "./face";
import { across, down } from "./mercator";

const REGION_ZOOM = 8;
const MOST_REGIONS = 24;

interface Told {
  p?: [number, number][];
  b?: [id: number, ...counts: Counts][];
  t?: number[];
}

/** The squares of zoom 8 that are in view; none when they are too many to name. */
function regions(view: View): string {
  const side = 2 ** REGION_ZOOM;
  const square = (part: number) => Math.floor(part * side);
  const found: string[] = [];
  for (let x = square(across(view.west)); x <= square(across(view.east)); x++) {
    for (let y = square(down(view.north)); y <= square(down(view.south)); y++) {
      if (found.length === MOST_REGIONS) return "";
      if (x >= 0 && y >= 0 && x < side && y < side) found.push(`${x}-${y}`);
    }
  }
  return found.join(",");
}

export class Live {
  #stream: EventSource | undefined;
  #address = "";
  #reloading: number | undefined;
  #face: Face | undefined;

  constructor(
    /** Where it is written what is listened to. */
    private readonly root: HTMLElement,
    private since: string,
    private readonly counts: (totals: number[]) => void,
    /** Kinds are chosen: what is told of bins counts all kinds, so the tiles are asked for again. */
    private readonly narrowed: () => boolean,
    private readonly refetch: (everything: boolean) => void,
  ) {}

  /** From now on this is what shows the changes. */
  show(face: Face): void {
    this.#face = face;
    // What it has drawn may be older than what another one was told.
    this.#address = "";
  }

  /** Listen for what is in view, or to nothing while a past day is shown or the page is hidden. */
  follow(wanted: boolean): void {
    if (!wanted || !this.#face || document.visibilityState === "hidden") {
      this.#stream?.close();
      this.#stream = undefined;
      this.#address = "";
      return;
    }
    const view = this.#face.view();
    const layer = view.zoom >= FIRST_POINTS ? 0 : binLayer(view.zoom);
    const address = `/api/v1/map/live?layer=${layer}&cells=${regions(view)}`;
    if (address === this.#address && this.#stream?.readyState !== EventSource.CLOSED) return;
    this.#stream?.close();
    this.#address = address;
    // Since the page was made: whatever changed meanwhile is told again, wherever it now looks.
    const stream = new EventSource(`${address}&since=${this.since}`);
    stream.addEventListener("hello", (event: MessageEvent<string>) => {
      this.since ||= event.lastEventId;
      this.root.dataset["live"] = address;
    });
    stream.addEventListener("colours", (event: MessageEvent<string>) => {
      this.#draw(JSON.parse(event.data) as Told);
    });
    stream.addEventListener("reload", (event: MessageEvent<string>) => {
      this.since = event.lastEventId || this.since;
      // Everybody is told at once; they need not all ask at once.
      window.setTimeout(() => this.refetch(true), Math.random() * 3000);
    });
    this.#stream = stream;
  }

  #draw(told: Told): void {
    for (const [id, colour] of told.p ?? []) this.#face?.point(id, colour);
    if (told.b && this.narrowed()) {
      this.#reloading ??= window.setTimeout(() => {
        this.#reloading = undefined;
        this.refetch(false);
      }, 500);
    } else {
      for (const [id, ...counts] of told.b ?? []) this.#face?.bin(id, counts);
    }
    if (told.t) this.counts(told.t);
  }
}
