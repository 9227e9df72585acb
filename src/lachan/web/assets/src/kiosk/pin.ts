/** The operator's number, which keeps passers-by out of the settings, also without a network. */
const ROUNDS = 200_000;
const TRIES = 5;
const PAUSE_MS = 60_000;

export interface Pin {
  salt: Uint8Array<ArrayBuffer>;
  hash: Uint8Array<ArrayBuffer>;
}

export const PIN_SHAPE = /^[0-9]{4,8}$/;

let failed = 0;
let pausedUntil = 0;

async function hashed(digits: string, salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(digits), "PBKDF2", false, [
    "deriveBits",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}

export async function newPin(digits: string): Promise<Pin> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt, hash: await hashed(digits, salt) };
}

/** Whether the digits are right; after five wrong ones nothing is, for a minute. */
export async function checkPin(digits: string, pin: Pin): Promise<"right" | "wrong" | "pause"> {
  if (performance.now() < pausedUntil) return "pause";
  const given = await hashed(digits, pin.salt);
  if (given.every((byte, index) => byte === pin.hash[index])) {
    failed = 0;
    return "right";
  }
  failed += 1;
  if (failed % TRIES === 0) pausedUntil = performance.now() + PAUSE_MS;
  return "wrong";
}
