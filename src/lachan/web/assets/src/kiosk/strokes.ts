/**
 * What a USB reader typed. It is a keyboard to the tablet: a layout other than the one it was set
 * for, or a Vietnamese input method, turns its keys into other letters (Telex makes ư of w, â of aa,
 * đ of dd). Each stroke also tells which key it was, so most of what was garbled is still readable.
 */
import { isReadable, judge, type Readable, type Unusable } from "./shown";

export interface Stroke {
  /** What the browser made of the key. */
  key: string;
  /** Which key it was on the board. */
  code: string;
  shift: boolean;
}

export interface Heard {
  /** `layout`: somebody has to set the reader or the tablet's keyboard. */
  problem: Unusable["problem"] | "layout";
}

const FEWEST = 6;
// A dead key, or one that an input method kept for itself.
const LOST = "\ufffd";
const OUR_LENGTHS = new Set([16, 48]);
const SHORTEST_DOCUMENT = 30;
const DIGITS_SHIFTED = ")!@#$%^&*(";
const PLAIN: Record<string, [string, string]> = {
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  Backslash: ["\\", "|"],
  Semicolon: [";", ":"],
  Quote: ["'", '"'],
  Backquote: ["`", "~"],
  Comma: [",", "<"],
  Period: [".", ">"],
  Slash: ["/", "?"],
  Space: [" ", " "],
};

/** What the key writes on a US keyboard, which is how readers leave the factory. */
export function onUsKeyboard({ key, code, shift }: Stroke): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shift ? letter : letter.toLowerCase();
  const digit = /^(Digit|Numpad)([0-9])$/.exec(code);
  if (digit) {
    const value = digit[2] ?? "";
    return shift && digit[1] === "Digit" ? (DIGITS_SHIFTED[Number(value)] ?? "") : value;
  }
  const pair = PLAIN[code];
  if (pair) return pair[shift ? 1 : 0];
  return [...key].length === 1 ? key : LOST;
}

/** The text that the strokes made, an input method's corrections included. */
export function asTyped(strokes: Stroke[]): string {
  const letters: string[] = [];
  for (const { key } of strokes) {
    if (key === "Backspace") letters.pop();
    else if ([...key].length === 1) letters.push(key);
    else letters.push(LOST);
  }
  return letters.join("");
}

/** What was scanned, or why it is nothing; undefined for a few keys that somebody touched. */
export function interpret(
  strokes: Stroke[],
  now: number | undefined,
): Readable | Heard | undefined {
  if (strokes.length < FEWEST) return undefined;
  const typed = asTyped(strokes);
  const keys = strokes.filter(({ key }) => key !== "Backspace").map(onUsKeyboard).join("");
  // A capitals lock changes no letter into another.
  const meant = keys.toLowerCase() === typed.toLowerCase() ? typed : keys;
  const [asRead, asMeant] = [judge(typed, now), judge(meant, now)];
  // Where the keys say it in US letters, the letters are an input method's: it may spoil a name and
  // leave the rest readable. Of a document nothing but words can be lost and the rest still hold.
  if (isReadable(asMeant) && isWhole(asMeant, meant)) return asMeant;
  if (isReadable(asRead) && isWhole(asRead, typed)) return asRead;
  const problems = [asRead, asMeant].flatMap((one) => ("problem" in one ? [one.problem] : []));
  const telling = problems.find((one) => one === "poster" || one === "phone-code-expired");
  if (telling) return { problem: telling };
  if (isGarbled(typed, meant)) return { problem: "layout" };
  return { problem: problems[0] ?? "shown-unreadable" };
}

function isWhole(found: Readable, text: string): boolean {
  return found.kind === "national_id" || !text.includes(LOST);
}

function isGarbled(typed: string, meant: string): boolean {
  // The tablet writes other letters than the reader has keys for.
  if (typed !== meant || typed.includes(LOST)) return true;
  const text = typed.trim();
  // Cards and phone codes are plain ASCII; so is the bar between the parts of a document.
  if (!text.includes("|") && /[^\x20-\x7e]/.test(text)) return true;
  // As long as one of ours and begun like one, but for the digit or the colon.
  if (/^l[c1]/i.test(text) && !/^lc[1c]:/i.test(text) && OUR_LENGTHS.has(text.length)) return true;
  if (text.length < SHORTEST_DOCUMENT) return false;
  // A document whose number is whole and whose bars or words are not, or the other way round.
  const [number = "", ...rest] = text.split("|");
  return /^[0-9]{12}[^0-9a-z-]/i.test(text) || (rest.length >= 4 && /[^0-9a-z .-]/i.test(number));
}
