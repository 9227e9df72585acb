/**
 * What somebody shows, judged as far as a door can without a network.
 *
 * The twin of `lachan.identity.credentials.domain`, to which a test holds it. Who somebody is, and
 * whether a phone really made its code, only the server can say.
 */
import { normaliseCode, postedIn } from "../app/codes";

export type Kind = "phone_code" | "card" | "national_id" | "decision_1405" | "phone";

export interface Readable {
  kind: Kind;
  text: string;
  /** The same whenever the same person shows the same thing again. */
  who: string;
}

/** Why nothing was taken: a code of the server's problems, or `poster`, which only a door knows. */
export interface Unusable {
  problem: "shown-unreadable" | "card-mistyped" | "phone-code-expired" | "poster";
}

export type Judged = Readable | Unusable;

const LONGEST_SHOWN = 1000;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CARD_LENGTH = 12;
const PHONE_CODE_SYMBOLS = 44;
// Forty-four symbols hold four bits more than the code.
const SPARE_BITS = 15;
const HANDLE_SYMBOLS = 16;
const STEP_MS = 30_000;
// Our reckoning of the server's clock may be off by so much.
const CLOCK_SLACK_MS = 3_000;
const NATIONAL_NUMBER = /^[0-9]{12}$/;
const DOCUMENT_NUMBER = /^[0-9A-Z]{6,20}$/;
const OLD_NUMBER = /^([0-9]{9}|[0-9]{12})?$/;
// Nam, nữ, khác, male, female. A reader set to another codepage loses the letters with marks: "N?".
const SEX = /^[NKMF][^0-9]{0,9}$/iu;

const unreadable: Unusable = { problem: "shown-unreadable" };

/** What `text` is. Without `now` (unix ms) nobody knows the time, and no code is called too old. */
export function judge(text: string, now: number | undefined): Judged {
  const trimmed = text.replace(/^[\ufeff \t\r\n]+|[\ufeff \t\r\n]+$/g, "");
  if ([...trimmed].length > LONGEST_SHOWN) return unreadable;
  const head = trimmed.slice(0, 6).toUpperCase();
  if (head.startsWith("LC1:")) return phoneCode(trimmed, now);
  if (head.startsWith("LCC:")) return card(trimmed, trimmed.slice(4));
  if (head.startsWith("PHONE:")) return typedPhone(trimmed);
  if (trimmed.includes("|")) return document(trimmed);
  if (postedIn(trimmed)) return { problem: "poster" };
  return card(trimmed, trimmed);
}

export function isReadable(judged: Judged): judged is Readable {
  return "kind" in judged;
}

function phoneCode(text: string, now: number | undefined): Judged {
  const symbols = text.slice(4).toUpperCase();
  const values = [...symbols].map((symbol) => ALPHABET.indexOf(symbol));
  if (values.length !== PHONE_CODE_SYMBOLS || values.includes(-1)) return unreadable;
  if ((values.at(-1) ?? 0) & SPARE_BITS) return unreadable;
  if (now !== undefined && !isCurrent(stepIn(values), now)) return { problem: "phone-code-expired" };
  return { kind: "phone_code", text, who: `LC1:${symbols.slice(0, HANDLE_SYMBOLS)}` };
}

/** The half minute that a phone code was made for: 32 bits after the handle. */
function stepIn(values: number[]): number {
  const high = values.slice(HANDLE_SYMBOLS, HANDLE_SYMBOLS + 6).reduce((sum, v) => sum * 32 + v, 0);
  return high * 4 + ((values[HANDLE_SYMBOLS + 6] ?? 0) >> 3);
}

function isCurrent(step: number, now: number): boolean {
  return [-CLOCK_SLACK_MS, 0, CLOCK_SLACK_MS].some(
    (slack) => Math.abs(step - Math.floor((now + slack) / STEP_MS)) <= 1,
  );
}

function card(text: string, number: string): Judged {
  const normal = normaliseCode(number, CARD_LENGTH);
  if (normal) return { kind: "card", text, who: `LCC:${normal}` };
  const letters = number.replace(/[-\s]/g, "");
  return /^[0-9A-Za-z]{12}$/.test(letters) ? { problem: "card-mistyped" } : unreadable;
}

function typedPhone(text: string): Judged {
  const found = /^PHONE:\s*(\+?[0-9][0-9 .-]{6,18}):?([0-9]{6})?$/i.exec(text);
  if (!found) return unreadable;
  return { kind: "phone", text, who: `PHONE:${(found[1] ?? "").replace(/\D/g, "")}` };
}

function document(text: string): Judged {
  const parts = text.split("|").map((part) => part.trim());
  while (parts.length > 0 && parts.at(-1) === "") parts.pop();
  return national(text, parts) ?? personal(text, parts) ?? unreadable;
}

function national(text: string, parts: string[]): Readable | undefined {
  if (parts.length < 5 || parts.length > 11) return undefined;
  const [first = "", ...rest] = parts;
  const number = first.replaceAll(" ", "");
  if (!NATIONAL_NUMBER.test(number)) return undefined;
  if (OLD_NUMBER.test(rest[0] ?? "")) rest.shift();
  const [name = "", birth = "", sex = ""] = rest;
  const born = readBirth(birth);
  if (rest.length < 3 || !SEX.test(sex) || !isSpoiltName(name)) return undefined;
  if (!born || !fitsNumber(number, born)) return undefined;
  return { kind: "national_id", text, who: number };
}

function personal(text: string, parts: string[]): Readable | undefined {
  if (parts.length < 3 || parts.length > 6) return undefined;
  const number = (parts[0] ?? "").replace(/[\s.-]/g, "").toUpperCase();
  const born = readBirth(parts[2] ?? "");
  const isNational = NATIONAL_NUMBER.test(number);
  if (!(isNational ? isSpoiltName : isName)(parts[1] ?? "")) return undefined;
  if (!DOCUMENT_NUMBER.test(number) || !born) return undefined;
  if (isNational && !fitsNumber(number, born)) return undefined;
  return { kind: "decision_1405", text, who: number };
}

function isName(text: string): boolean {
  return (text.match(/\p{L}/gu) ?? []).length > 1;
}

/** Where the numbers prove each other any words will do, but digits, which are no name at all. */
function isSpoiltName(text: string): boolean {
  return isName(text) || !/\p{Nd}/u.test(text);
}

/** A day of birth as ISO 8601, or the bare year, or undefined. */
export function readBirth(text: string): string | undefined {
  const groups = text.match(/[^/.\-\s]+/g) ?? [];
  // Typed by hand: 9/3/1950.
  const digits = groups.map((one) => (groups.length === 3 ? one.padStart(2, "0") : one)).join("");
  if (!/^([0-9]{4}|[0-9]{8})$/.test(digits)) return undefined;
  const known = (year: string): boolean => Number(year) >= 1880 && Number(year) <= 2100;
  if (digits.length === 4) return known(digits) ? digits : undefined;
  for (const [year, month, day] of [
    [digits.slice(4), digits.slice(2, 4), digits.slice(0, 2)],
    [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)],
  ] as const) {
    if (!known(year)) continue;
    if (month === "00" || day === "00") return year;
    const written = `${year}-${month}-${day}`;
    const moment = new Date(`${written}T00:00:00Z`);
    // A day beyond the month's end rolls over instead of failing.
    if (!Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(written)) return written;
  }
  return undefined;
}

/** Sex and century, then the year, stand in a national number (Circular 59/2021/TT-BCA). */
export function fitsNumber(number: string, born: string): boolean {
  const century = 1900 + 100 * Math.floor(Number(number[3]) / 2);
  return Number(born.slice(0, 4)) === century + Number(number.slice(4, 6));
}
