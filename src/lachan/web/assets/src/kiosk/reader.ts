/** Listens for a USB reader: keys anywhere on the page, ended by Enter, Tab, or silence. */
import { interpret, type Heard, type Stroke } from "./strokes";
import type { Readable } from "./shown";

// A person may type a card's number on a keyboard as well; longer pauses begin anew.
const FORGET_MS = 2_000;
// A reader that is set to send no Enter: a burst this long and fast, then silence.
const BURST = 12;
const BURST_STROKE_MS = 50;
const SILENCE_MS = 400;
const LONGEST = 1_200;
const SILENT_KEYS = new Set(["Shift", "CapsLock", "Alt", "AltGraph", "Control", "Meta", "NumLock"]);

export interface ReaderOptions {
  /** Whether keys are for the reader now, and not for a field of the page. */
  listens: () => boolean;
  now: () => number | undefined;
  heard: (what: Readable | Heard) => void;
}

export function listenToReader({ listens, now, heard }: ReaderOptions): void {
  let strokes: Stroke[] = [];
  let first = 0;
  let last = 0;
  let silence = 0;

  const finish = (): void => {
    const said = strokes;
    strokes = [];
    window.clearTimeout(silence);
    const what = interpret(said, now());
    if (what) heard(what);
  };

  window.addEventListener(
    "keydown",
    (event) => {
      if (!listens()) {
        strokes = [];
        return;
      }
      const altGr = event.getModifierState("AltGraph");
      if ((event.ctrlKey || event.altKey || event.metaKey) && !altGr) return;
      const { key, code } = event;
      if (SILENT_KEYS.has(key)) return;
      const moment = performance.now();
      if (moment - last > FORGET_MS) strokes = [];
      const ends = key === "Enter" || key === "Tab";
      const writes =
        [...key].length === 1 || key === "Backspace" || /^(Dead|Process|Unidentified)$/.test(key);
      // Whoever moves through the page with a keyboard must find Enter, Tab and space as ever.
      if (strokes.length === 0 && (!writes || key === " " || key === "Backspace")) return;
      if (!ends && !writes) return;
      event.preventDefault();
      event.stopPropagation();
      window.clearTimeout(silence);
      if (ends) {
        finish();
        return;
      }
      if (strokes.length === 0) first = moment;
      last = moment;
      strokes.push({ key, code, shift: event.shiftKey });
      if (strokes.length > LONGEST) strokes = [];
      const fast = (moment - first) / strokes.length < BURST_STROKE_MS;
      if (strokes.length >= BURST && fast) silence = window.setTimeout(finish, SILENCE_MS);
    },
    { capture: true },
  );
}
