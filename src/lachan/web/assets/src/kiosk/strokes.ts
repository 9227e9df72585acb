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
  return [...key].length === 1 ? key : "";
}

/** The text that the strokes made, an input method's corrections included. */
export function asTyped(strokes: Stroke[]): string {
  const letters: string[] = [];
  for (const { key } of strokes) {
    if (key === "Backspace") letters.pop();
    else if ([...key].length === 1) letters.push(key);
    else letters.push("\ufffd"); // A dead key, or one that an input method kept for itself.
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
  const meant = strokes
    .filter(({ key }) => key !== "Backspace")
    .map(onUsKeyboard)
    .join("");
  const first = judge(typed, now);
  if (isReadable(first)) return first;
  const second = meant === typed ? first : judge(meant, now);
  if (isReadable(second)) return second;
  const telling = [first, second].find(({ problem }) => problem !== "shown-unreadable");
  if (telling && telling.problem !== "card-mistyped") return telling;
  if (isGarbled(typed, meant)) return { problem: "layout" };
  return telling ?? first;
}

function isGarbled(typed: string, meant: string): boolean {
  // The tablet writes other letters than the reader has keys for.
  if (typed !== meant || typed.includes("\ufffd")) return true;
  // The start of our own codes, with a layout's idea of the digit or of the colon.
  if (/^\s*l[cç][1!&cçăđ+][^0-9a-z|]?/iu.test(typed) && typed.length >= 12) return true;
  const parts = typed.split("|");
  // A document whose number is whole and whose words are not: the reader cannot write Vietnamese.
  return parts.length >= 5 && /^[0-9]{12}$/.test((parts[0] ?? "").trim());
}
