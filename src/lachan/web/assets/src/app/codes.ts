/**
 * Place codes as `lachan.kit.ids` makes them, so that a garbled one is known without a network. A
 * test holds the two to the same answers.
 *
 * Crockford's base 32; the last symbol makes the sum over GF(32) zero, each symbol weighted by
 * another power of the field's generator.
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PRIMITIVE = 0b100101;
const CODE_LENGTH = 10;
const LOOKALIKES: Record<string, string> = { O: "0", I: "1", L: "1" };

const powers: number[] = [];
const logarithms: number[] = [];
for (let value = 1, exponent = 0; exponent < 31; exponent += 1) {
  powers.push(value);
  logarithms[value] = exponent;
  value <<= 1;
  if (value & 32) value ^= PRIMITIVE;
}

function weighted(value: number, weight: number): number {
  return value === 0 ? 0 : (powers[((logarithms[value] ?? 0) + weight) % 31] ?? 0);
}

/** The symbol that makes `body` + symbol a valid code; undefined for a letter that is none. */
export function checkSymbol(body: string): string | undefined {
  let total = 0;
  for (const [position, letter] of [...body].entries()) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    total ^= weighted(value, position + 1);
  }
  return ALPHABET[total];
}

/** The canonical form of a typed or scanned code, or undefined when it is not one. */
export function normaliseCode(text: string, length = CODE_LENGTH): string | undefined {
  if (text.length > 4 * length) return undefined;
  const code = text
    .toUpperCase()
    .replace(/[- ]/g, "")
    .replace(/[OIL]/g, (letter) => LOOKALIKES[letter] ?? letter);
  if (code.length !== length) return undefined;
  return checkSymbol(code.slice(0, -1)) === code.slice(-1) ? code : undefined;
}

/** `code` in two groups, as it is printed below a QR picture. */
export function spokenCode(code: string): string {
  const middle = Math.floor(code.length / 2);
  return `${code.slice(0, middle)}-${code.slice(middle)}`;
}

/** What a QR picture at a door says: the place's code, and the proof that a display shows. */
export interface Posted {
  code: string;
  proof?: string;
}

/**
 * The place behind a scanned text, or undefined. Only the code is taken out of an address; it is
 * never opened, so whose address it is does not matter.
 */
export function postedIn(text: string): Posted | undefined {
  const bare = normaliseCode(text.trim());
  if (bare) return { code: bare };
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return undefined;
  }
  if (!/^https?:$/.test(url.protocol)) return undefined;
  const path = /^\/p\/([^/]+)\/?$/i.exec(url.pathname)?.[1];
  let typed = "";
  try {
    typed = decodeURIComponent(path ?? "");
  } catch {
    return undefined;
  }
  const code = normaliseCode(typed);
  if (!code) return undefined;
  // Posters carry their address in capitals, which makes a smaller picture.
  const proof = url.searchParams.get("d") ?? url.searchParams.get("D");
  return proof ? { code, proof } : { code };
}
