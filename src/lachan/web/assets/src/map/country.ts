/**
 * The country as the server drew it into the page: it lives as the moving map does, and costs a
 * phone a twentieth of what that one does. It leads to the moving map wherever it is touched.
 */
import { COLOURS, type Counts } from "./colours";
import { COUNTRY, type Face, queryOf, type Shown, type View } from "./face";
import { across, down, latitude, longitude } from "./mercator";

const STEPS = 5;
const GREY = COLOURS.indexOf("grey");
const UNREPORTED = 0.8;

type At = [lon: number, lat: number];

export class Country implements Face {
  private asked = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly shown: Shown,
    private readonly failed: () => void,
  ) {}

  view(): View {
    return COUNTRY;
  }

  redraw(anew: boolean): void {
    if (anew) void this.load();
    else for (const cell of this.cells()) this.paint(cell);
  }

  refetch(): void {
    void this.load();
  }

  point(): void {
    // Single places are not drawn here.
  }

  bin(id: number, counts: Counts): void {
    const cell = this.root.querySelector<SVGPathElement>(`[data-bin="${id}"]`);
    if (!cell) return;
    cell.dataset["n"] = counts.join(" ");
    this.paint(cell);
  }

  /** What calls for the moving map; `at` where it was pressed. */
  onTouch(listener: (at?: At) => void): void {
    this.root.addEventListener("pointerenter", (event) => {
      // Who has a mouse will move the map with it: it is there by the time they press.
      if (event.pointerType === "mouse") listener();
    });
    this.root.addEventListener("touchstart", (event) => event.touches.length > 1 && listener(), {
      passive: true,
    });
    this.root.addEventListener("click", (event) => {
      if (!(event.target as Element).closest("button")) listener(this.where(event));
    });
    const button = this.root.querySelector("button");
    button?.removeAttribute("hidden");
    button?.addEventListener("click", () => listener());
  }

  /** Where on the earth a press on the drawing is. */
  private where(event: MouseEvent): At | undefined {
    const drawing = this.root.querySelector<SVGSVGElement>("svg");
    const turned = drawing?.getScreenCTM()?.inverse();
    if (!drawing || !turned) return undefined;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(turned);
    const west = across(COUNTRY.west);
    const unit = (across(COUNTRY.east) - west) / drawing.viewBox.baseVal.width;
    return [longitude(west + x * unit), latitude(down(COUNTRY.north) + y * unit)];
  }

  private cells(): NodeListOf<SVGPathElement> {
    return this.root.querySelectorAll<SVGPathElement>("[data-bin]");
  }

  /** As the server paints a cell: by the share of the chosen colours, with stripes over silence. */
  private paint(cell: SVGPathElement): void {
    const counts = (cell.dataset["n"] ?? "").split(" ").map(Number);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const wanted = this.shown.colours.length ? this.shown.colours : (["green"] as const);
    const chosen = wanted.reduce((sum, name) => sum + (counts[COLOURS.indexOf(name)] ?? 0), 0);
    const step = total ? Math.min(STEPS, Math.floor((chosen / total) * STEPS) + 1) : 0;
    cell.setAttribute("class", `smap-cell smap-share-${step}`);
    const over = cell.nextElementSibling;
    const striped = over?.classList.contains("smap-hatch") ?? false;
    const silent = (counts[GREY] ?? 0) >= UNREPORTED * Math.max(1, total);
    if (silent && !striped) {
      const stripes = cell.cloneNode() as SVGPathElement;
      stripes.setAttribute("class", "smap-hatch");
      delete stripes.dataset["bin"];
      delete stripes.dataset["n"];
      cell.after(stripes);
    } else if (!silent && striped) over?.remove();
  }

  private async load(): Promise<void> {
    const turn = ++this.asked;
    const answer = await fetch(`/map/country?${queryOf(this.shown)}`).catch(() => undefined);
    if (!answer?.ok) return this.failed();
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawing = drawn.querySelector("svg");
    // What was asked for last holds, not what comes last.
    if (turn !== this.asked || !drawing) return;
    this.root.querySelector("svg")?.replaceWith(drawing);
  }
}
