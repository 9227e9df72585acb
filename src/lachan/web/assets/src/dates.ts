/**
 * A day in words under a field that asks for one. A browser shows the day in its own order, whatever
 * language the page is in, and 5/11 is read in two ways; the fifth of November is not.
 */

const WRITTEN = /^\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day of a field's value, ISO 8601 or day first; null for anything else. */
export function dayOf(value: string): Date | null {
  const iso = ISO.exec(value);
  const written = WRITTEN.exec(value);
  const found = iso ? [iso[1], iso[2], iso[3]] : written ? [written[3], written[2], written[1]] : null;
  if (!found) return null;
  const [year, month, day] = found.map(Number) as [number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
}

/** Wire every field that has a place for its day in words. */
export function datesInWords(): void {
  const written = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  for (const words of document.querySelectorAll<HTMLOutputElement>("output[data-day-of]")) {
    const input = document.getElementById(words.dataset["dayOf"] ?? "");
    if (!(input instanceof HTMLInputElement)) continue;
    const say = (): void => {
      const day = dayOf(input.value);
      words.textContent = day ? capital(written.format(day)) : "";
    };
    input.addEventListener("input", say);
    input.addEventListener("change", say);
    input.form?.addEventListener("reset", () => setTimeout(say));
    say();
  }
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
