/**
 * The own code: changes every half minute, signed on the phone, good for a minute at one device.
 *
 * `LC1:` and base 32 of: handle (10 bytes), step (4), household mask (3), mac (10); numbers are big
 * endian. The mac is the head of HMAC-SHA256 over what stands before it.
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MAC_BYTES = 10;

/** Crockford's base 32, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/** The bytes that `base32` wrote; undefined for a letter that is none. */
export function unbase32(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}

/** The bits of the household members who come along. */
export function maskOf(bits: number[]): number {
  return bits.reduce((mask, bit) => mask | (1 << bit), 0);
}

/** The code that is good at `unixSeconds`. */
export async function codeAt(
  key: { handle: Uint8Array<ArrayBuffer>; key: CryptoKey; step: number },
  unixSeconds: number,
  mask: number,
): Promise<string> {
  const said = new Uint8Array(17);
  said.set(key.handle, 0);
  const view = new DataView(said.buffer);
  view.setUint32(10, Math.floor(unixSeconds / key.step));
  view.setUint8(14, (mask >> 16) & 0xff);
  view.setUint16(15, mask & 0xffff);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key.key, said));
  const whole = new Uint8Array(said.length + MAC_BYTES);
  whole.set(said, 0);
  whole.set(mac.subarray(0, MAC_BYTES), said.length);
  return `LC1:${base32(whole)}`;
}

/** A key that signs and that nobody, not even our own script, can read out again. */
export function importKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
