/** Small things that the scripts of the app's pages share: elements, sentences, times. */

/** The element, which the template promises. */
export function one<T extends HTMLElement = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** A copy of the content of `<template data-part="…">`. */
export function part(name: string): DocumentFragment {
  return one<HTMLTemplateElement>(`template[data-part="${name}"]`).content.cloneNode(
    true,
  ) as DocumentFragment;
}

let sentences: Record<string, string> | undefined;

/** The sentences that the page carries for its scripts, by key. */
export function allSentences(): Record<string, string> {
  if (sentences) return sentences;
  sentences = {};
  for (const template of document.querySelectorAll<HTMLTemplateElement>(
    "template[data-sentences]",
  )) {
    for (const line of template.content.querySelectorAll("data")) {
      sentences[line.value] = line.textContent ?? "";
    }
  }
  return sentences;
}

/** A sentence in the page's language, its `{name}`s filled in. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const text = allSentences()[key];
  if (text === undefined) throw new Error(`no sentence for ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Whose clocks the page tells; a phone from abroad may run on others. */
export function zone(): string | undefined {
  return document.querySelector<HTMLElement>("[data-app]")?.dataset["zone"];
}

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { lang } = document.documentElement;
  const timeZone = zone();
  return new Intl.DateTimeFormat(lang === "vi" ? "vi-VN" : "en-GB", {
    ...options,
    ...(timeZone ? { timeZone } : {}),
  });
}

/** A moment as the clock on the wall says it: 08:30. */
export function clock(moment: string | number): string {
  return format({ hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(moment));
}

/** A moment with its day, where that is not today: 08:30, 23/11. */
export function dayAndClock(moment: string | number): string {
  const day = format({ day: "2-digit", month: "2-digit" });
  const then = day.format(new Date(moment));
  return then === day.format(new Date()) ? clock(moment) : `${clock(moment)}, ${then}`;
}

/** Show exactly these of a set of elements. */
export function show(element: HTMLElement, shown: boolean): void {
  element.hidden = !shown;
}
