/** What only the operator gets to: setting up, how it stands, what was refused, and leaving. */
import {
  type Choices,
  clearRefusals,
  countWaiting,
  type Direction,
  dropElsewhere,
  forget,
  type Reader,
  recall,
  refusals,
  type RefusedScan,
  remember,
  type Standing,
} from "./memory";
import { checkPin, newPin, PIN_SHAPE } from "./pin";
import { knows, part, say, screenNow, show, tell, timeOfDay, written } from "./screen";
import { flush } from "./sending";
import { sound, wake } from "./sound";

const LEFT_ALONE_MS = 180_000;

let standing: Standing | undefined;
let alone = 0;
let chosen: (choices: Choices) => void = () => undefined;

/** Told when the operator has set the tablet up, or differently. */
export function onChosen(listener: (choices: Choices) => void): void {
  chosen = listener;
}

export function deskOf(where: Standing): void {
  standing = where;
}

function stay(): void {
  window.clearTimeout(alone);
  alone = window.setTimeout(() => {
    if (["pin", "desk", "setup"].includes(screenNow()) && !part("setup-close").hidden) show("ready");
  }, LEFT_ALONE_MS);
}

function radio(name: string): string {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
}

function choose(name: string, value: string): void {
  const found = document.querySelector<HTMLInputElement>(`input[name="${name}"][value="${value}"]`);
  if (found) found.checked = true;
}

/** Ask how the tablet is to work; a new one also gets its number. */
export async function openSetup(): Promise<void> {
  const known = await recall("choices");
  const mine = known && known.device === standing?.id ? known : undefined;
  choose("direction", mine?.direction ?? "auto");
  choose("reader", mine?.reader ?? "front");
  part<HTMLInputElement>("setup-pin").value = "";
  tell("setup-pin-note", mine ? "kiosk-setup-pin-keep" : "kiosk-setup-pin-hint");
  tell("setup-wrong", "");
  part("setup-close").hidden = !mine;
  show("setup");
  stay();
}

async function finishSetup(): Promise<void> {
  if (!standing) return;
  const known = await recall("choices");
  const mine = known && known.device === standing.id ? known : undefined;
  const digits = part<HTMLInputElement>("setup-pin").value.trim();
  if (digits ? !PIN_SHAPE.test(digits) : !mine) {
    tell("setup-wrong", "kiosk-setup-pin-wrong");
    part("setup-pin").focus();
    return;
  }
  const choices: Choices = {
    device: standing.id,
    direction: radio("direction") as Direction,
    reader: radio("reader") as Reader,
    pin: digits || !mine ? await newPin(digits) : mine.pin,
  };
  await remember("choices", choices);
  chosen(choices);
}

export function openPin(): void {
  part<HTMLInputElement>("pin").value = "";
  tell("pin-wrong", "");
  show("pin");
  part("pin").focus();
  stay();
}

async function tryPin(): Promise<void> {
  const choices = await recall("choices");
  if (!choices) return;
  const field = part<HTMLInputElement>("pin");
  const found = await checkPin(field.value.trim(), choices.pin);
  field.value = "";
  if (found === "right") await openDesk();
  else tell("pin-wrong", found === "wrong" ? "kiosk-pin-wrong" : "kiosk-pin-pause");
}

export function reasonOf(code: string, detail: string): string {
  return knows(`error-${code}-title`) ? say(`error-${code}-title`) : detail || say("kiosk-refused");
}

function row({ at, kind, code, detail }: RefusedScan): HTMLElement {
  const line = document.createElement("li");
  const when = document.createElement("time");
  when.textContent = timeOfDay(at);
  const what = document.createElement("span");
  what.textContent = say(`kiosk-kind-${kind.replace("_", "-")}`);
  const why = document.createElement("b");
  why.textContent = code === "kiosk-lost" ? say("kiosk-lost") : reasonOf(code, detail);
  line.append(when, what, why);
  return line;
}

async function openDesk(): Promise<void> {
  show("desk");
  stay();
  await drawDesk();
}

async function drawDesk(): Promise<void> {
  if (!standing) return;
  const { here, elsewhere } = await countWaiting(standing.place.id);
  const where = [standing.place.name, standing.room, standing.label].filter(Boolean);
  part("desk-where").textContent = where.join(" · ");
  part("desk-waiting").textContent = say("kiosk-desk-waiting", { count: written(here) });
  const other = part("desk-elsewhere");
  other.hidden = elsewhere === 0;
  part("desk-elsewhere-text").textContent = say("kiosk-desk-elsewhere", { count: written(elsewhere) });
  const list = await refusals();
  part("desk-refused").replaceChildren(...list.map(row));
  part("desk-none").hidden = list.length > 0;
  part("desk-clear").hidden = list.length === 0;
  part("leave-kept").hidden = here === 0;
}

/** Forget the settings; what still waits is kept for when the tablet is paired again. */
async function leave(form: HTMLFormElement): Promise<void> {
  await flush().catch(() => undefined);
  await clearRefusals();
  await forget("standing", "choices", "ahead", "today");
  form.submit();
}

export function setUpDesk(): void {
  part<HTMLFormElement>("setup-form").addEventListener("submit", (event) => {
    event.preventDefault();
    wake();
    void finishSetup();
  });
  part<HTMLFormElement>("pin-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void tryPin();
  });
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-leave]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void leave(form);
    });
  }
  for (const button of document.querySelectorAll("[data-back]")) {
    button.addEventListener("click", () => show("ready"));
  }
  part("desk-setup").addEventListener("click", () => void openSetup());
  part("desk-send").addEventListener("click", () => void flush().then(drawDesk));
  part("desk-clear").addEventListener("click", () => void clearRefusals().then(drawDesk));
  part("desk-drop").addEventListener("click", () => {
    if (standing) void dropElsewhere(standing.place.id).then(drawDesk);
  });
  part("desk-sound").addEventListener("click", () => {
    wake();
    sound("in");
  });
  part("desk-full").addEventListener("click", () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen().catch(() => undefined);
  });
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, stay);
  globalThis.addEventListener("kiosk:spoke", () => {
    if (screenNow() === "desk") void drawDesk();
  });
}
