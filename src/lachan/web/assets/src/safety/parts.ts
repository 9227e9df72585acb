/** Parts that the pages of the facility's app show: notices, the summary of what is missing. */
import { one, part } from "../app/page";

/** A notice with a title, a text and, below it, whatever else. */
export function notice(
  kind: "info" | "success" | "warning" | "danger",
  title: string,
  text: string,
  ...more: HTMLElement[]
): HTMLElement {
  const box = one(".notice", part("notice"));
  box.classList.add(`notice-${kind}`);
  one(".notice-title", box).textContent = title;
  one("p", box).textContent = text;
  one(".notice-body", box).append(...more);
  return box;
}

export function button(text: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-secondary";
  const label = document.createElement("span");
  label.textContent = text;
  made.append(label);
  made.addEventListener("click", press);
  return made;
}

export function link(text: string, href: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}

/** What is missing, with links to the fields, read out at once. */
export function summary(place: HTMLElement, title: string, wrong: [string, string][]): void {
  const box = one("[role=alert]", part("errors"));
  one("[data-title]", box).textContent = title;
  const list = one("ul", box);
  for (const [id, text] of wrong) {
    const line = document.createElement("li");
    if (id) {
      const to = link(text, `#${id}`);
      to.addEventListener("click", (event) => {
        const field = document.getElementById(id);
        if (!field) return;
        event.preventDefault();
        (field.closest("fieldset") ?? field).scrollIntoView({ block: "start" });
        field.focus({ preventScroll: true });
      });
      line.append(to);
    } else line.textContent = text;
    list.append(line);
  }
  place.replaceChildren(box);
  box.focus();
}
