/** For somebody with nothing to show: a phone number on big keys, then the code that is texted. */
import { lineNow, textCode } from "./sending";
import { part, screenNow, show, tell } from "./screen";

type Step = "phone" | "code";

const CODE_DIGITS = 6;
const LONGEST_PHONE = 11;
const SHORTEST_PHONE = 9;
const LEFT_ALONE_MS = 45_000;

let step: Step = "phone";
let digits = "";
let phone = "";
let busy = false;
let alone = 0;
let entered: (text: string) => void = () => undefined;

/** What the keys led to is told as a text that a device may send. */
export function onEntered(listener: (text: string) => void): void {
  entered = listener;
}

export function openPad(): void {
  phone = "";
  begin("phone");
  show("pad");
  stay();
}

/** The code was wrong: the same phone, other digits. */
export function askCodeAgain(): void {
  begin("code");
  show("pad");
  stay();
}

function begin(at: Step): void {
  step = at;
  digits = "";
  busy = false;
  tell("pad-told", "");
  draw();
}

function close(): void {
  window.clearTimeout(alone);
  digits = "";
  if (screenNow() === "pad") show("ready");
}

/** A number must not stand on the screen for the next one to read. */
function stay(): void {
  window.clearTimeout(alone);
  alone = window.setTimeout(() => {
    phone = "";
    close();
  }, LEFT_ALONE_MS);
}

function spaced(): string {
  if (step === "code") return digits.padEnd(CODE_DIGITS, "·").split("").join(" ");
  return digits.replace(/^(\d{4})(\d{1,3})(\d*)$/, "$1 $2 $3").trim();
}

function draw(): void {
  tell("pad-title", step === "phone" ? "kiosk-pad-phone" : "kiosk-pad-code");
  part("pad-digits").textContent = spaced();
  const enough = step === "phone" ? digits.length >= SHORTEST_PHONE : digits.length === CODE_DIGITS;
  part<HTMLButtonElement>("pad-next").disabled = busy || !enough;
  tell("pad-next-text", step === "phone" ? "kiosk-pad-send" : "kiosk-pad-done");
  part("pad-no-code").hidden = step === "phone";
}

function press(key: string): void {
  if (busy) return;
  stay();
  tell("pad-told", "");
  const most = step === "phone" ? LONGEST_PHONE : CODE_DIGITS;
  if (key === "back") digits = digits.slice(0, -1);
  else if (digits.length < most) digits += key;
  draw();
}

function finish(text: string): void {
  close();
  entered(text);
}

async function next(): Promise<void> {
  if (step === "code") {
    finish(`PHONE:${phone}:${digits}`);
    return;
  }
  phone = digits;
  if (lineNow() !== "on") {
    finish(`PHONE:${phone}`);
    return;
  }
  busy = true;
  draw();
  tell("pad-told", "kiosk-pad-sending");
  const sent = await textCode(phone);
  if (screenNow() !== "pad") return;
  busy = false;
  if (sent === "off") {
    finish(`PHONE:${phone}`);
    return;
  }
  if (sent === "sent") {
    begin("code");
    tell("pad-told", "kiosk-pad-sent");
    return;
  }
  draw();
  tell("pad-told", sent === "wrong" ? "kiosk-pad-wrong" : "kiosk-pad-slower");
}

export function setUpPad(): void {
  part("pad-keys").addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-key]");
    if (button) press(button.dataset["key"] ?? "");
  });
  part("pad-next").addEventListener("click", () => void next());
  part("pad-close").addEventListener("click", close);
  part("pad-no-code").addEventListener("click", () => finish(`PHONE:${phone}`));
  window.addEventListener("keydown", (event) => {
    if (screenNow() !== "pad" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[0-9]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") press("back");
    else if (event.key === "Escape") close();
  });
}
