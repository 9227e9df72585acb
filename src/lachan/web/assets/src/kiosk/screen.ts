/** The page: which screen is up, in which language, and the big answer over everything. */
import { remember } from "./memory";
import { type Signal, sound } from "./sound";

export type Screen =
  | "loading"
  | "unpaired"
  | "revoked"
  | "setup"
  | "ready"
  | "pad"
  | "pin"
  | "desk";
export type Colour = "green" | "amber" | "red";

export interface Answer {
  colour: Colour;
  icon: "in" | "out" | "check" | "clock" | "alert" | "cross";
  signal: Signal;
  title: string;
  text: string;
  /** Stays until it is read: a person has to do something that takes a while. */
  long?: boolean;
}

const ANSWER_MS = 2_500;
const LONG_ANSWER_MS = 12_000;

type Lang = "vi" | "en";
type Sentences = Record<string, string>;
const page = document.body;
const sentences: Record<Lang, Sentences> = {
  vi: JSON.parse(page.dataset["vi"] ?? "{}") as Sentences,
  en: JSON.parse(page.dataset["en"] ?? "{}") as Sentences,
};
const timeZone = page.dataset["zone"] ?? "Asia/Ho_Chi_Minh";
let lang: Lang = document.documentElement.lang === "en" ? "en" : "vi";
let current: Screen = "loading";
let closing = 0;

/** The part of the page with this name. */
export function part<T extends HTMLElement = HTMLElement>(name: string): T {
  const found = document.querySelector<T>(`[data-part="${name}"]`);
  if (!found) throw new Error(`the page has no part ${name}`);
  return found;
}

export function knows(key: string): boolean {
  return key in sentences[lang];
}

/** The sentence of this name in the language of the page. */
export function say(key: string, facts: Record<string, string | number> = {}): string {
  let text = sentences[lang][key] ?? sentences.vi[key] ?? "";
  for (const [name, value] of Object.entries(facts)) {
    text = text.replaceAll(`{${name}}`, String(value));
  }
  return text;
}

/** Put a sentence into a part; it follows the language from there on. */
export function tell(name: string, key: string): void {
  const element = part(name);
  element.dataset["say"] = key;
  element.textContent = key ? say(key) : "";
}

export function written(count: number): string {
  return new Intl.NumberFormat(lang === "vi" ? "vi-VN" : "en-GB").format(count);
}

export function timeOfDay(moment: number): string {
  const how = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat("en-GB", how).format(moment);
}

/** The calendar day of the place: 2026-11-23. */
export function dayOf(moment: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(moment);
}

export function speak(wanted: string): void {
  lang = wanted === "en" ? "en" : "vi";
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll<HTMLElement>("[data-say]")) {
    const key = element.dataset["say"];
    element.textContent = key ? say(key) : "";
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.ariaLabel = say(element.dataset["label"] ?? "");
  }
  const other = part("language");
  other.textContent = sentences[lang]["frame-other-language"] ?? "";
  other.lang = lang === "vi" ? "en" : "vi";
  document.title = say("kiosk-title");
  globalThis.dispatchEvent(new Event("kiosk:spoke"));
}

export async function speakOther(): Promise<void> {
  speak(lang === "vi" ? "en" : "vi");
  await remember("lang", lang);
}

export function screenNow(): Screen {
  return current;
}

/** Put a screen up and let a screen reader begin there. */
export function show(screen: Screen): void {
  current = screen;
  page.dataset["at"] = screen;
  for (const section of document.querySelectorAll<HTMLElement>("[data-screen]")) {
    section.hidden = section.dataset["screen"] !== screen;
  }
  if (screen !== "ready") {
    document.querySelector<HTMLElement>(`[data-screen="${screen}"] h2`)?.focus();
  }
  globalThis.dispatchEvent(new CustomEvent("kiosk:screen", { detail: screen }));
}

/** Fill the screen with an answer, sound and all; it goes by itself. */
export function answer({ colour, icon, signal, title, text, long }: Answer, quiet = false): void {
  const over = part("answer");
  over.dataset["colour"] = colour;
  for (const one of over.querySelectorAll<HTMLElement>("[data-icon]")) {
    one.hidden = one.dataset["icon"] !== icon;
  }
  part("answer-title").textContent = title;
  part("answer-text").textContent = text;
  over.hidden = false;
  if (!quiet) sound(signal);
  window.clearTimeout(closing);
  closing = window.setTimeout(closeAnswer, long ? LONG_ANSWER_MS : ANSWER_MS);
}

export function closeAnswer(): void {
  window.clearTimeout(closing);
  part("answer").hidden = true;
  globalThis.dispatchEvent(new Event("kiosk:answered"));
}
