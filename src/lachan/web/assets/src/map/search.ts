/** Places, wards and provinces by name while one types; a choice moves the map. */

interface Found {
  what: "area" | "place";
  id: string;
  name: string;
  within: string;
  lat: number;
  lon: number;
  zoom: number;
}

export type Go = (found: Found) => void;
const WAIT_MS = 180;

export function search(input: HTMLInputElement, list: HTMLElement, none: string, go: Go): void {
  let waiting: number | undefined;
  let asked = "";

  async function ask(): Promise<void> {
    const typed = input.value.trim();
    asked = typed;
    if (typed.length < 2) return show([], "");
    const query = new URLSearchParams({ q: typed, lang: document.documentElement.lang });
    const answer = await fetch(`/api/v1/map/search?${query}`).catch(() => undefined);
    if (!answer?.ok || asked !== typed) return;
    const { items } = (await answer.json()) as { items: Found[] };
    show(items, items.length ? "" : none);
  }

  function show(items: Found[], said: string): void {
    list.replaceChildren(
      ...items.map((found) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "smap-found";
        const name = document.createElement("b");
        name.textContent = found.name;
        const within = document.createElement("span");
        within.textContent = found.within;
        button.append(name, within);
        button.addEventListener("click", () => {
          show([], "");
          go(found);
        });
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    if (said) {
      const item = document.createElement("li");
      item.className = "smap-none";
      item.textContent = said;
      list.append(item);
    }
    list.hidden = !items.length && !said;
  }

  input.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    const first = list.querySelector("button");
    if (event.key === "Escape") show([], "");
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
    if (event.key === "Enter" && first && !list.hidden) {
      event.preventDefault();
      first.click();
    }
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      show([], "");
      input.focus();
    }
    if (!step) return;
    event.preventDefault();
    const all = [...list.querySelectorAll("button")];
    const at = all.findIndex((one) => one === document.activeElement) + step;
    (all[at] ?? input).focus();
  });
}
