/** What the scan page lists: the scans that wait, the places often visited, where one is. */
import { spokenCode } from "../codes";
import { type Here, recall } from "../kept";
import { clock, dayAndClock, one, part, say, show } from "../page";
import { favouritesOf, removeFavourite } from "../places";
import { dropScan, ofOthers, waiting } from "../queue";

/** Show again what is kept. */
export async function renderLists(root: HTMLElement, open: (code: string) => void): Promise<void> {
  const me = await recall("me");
  const ended = Boolean(await recall("signedOut")) || !me;
  show(one("[data-signed-out]", root), ended);
  await renderQueue(one("[data-queue]", root), me?.person);
  await renderFavourites(one("[data-favourites]", root), me?.person, open);
  const here = await recall("here");
  const leaving = me && (await waiting(me.person)).some(
    (scan) => scan.direction === "out" && scan.state === "waiting" && scan.code === here?.code,
  );
  const inside = here?.person === me?.person && Date.parse(here?.ends_at ?? "") > Date.now();
  const still = inside && !leaving;
  renderHere(one<HTMLAnchorElement>("[data-here]", root), still ? here : undefined);
}

async function renderQueue(section: HTMLElement, person: number | undefined): Promise<void> {
  const queue = person === undefined ? [] : await waiting(person);
  const others = await ofOthers(person);
  const list = one("ul", section);
  list.replaceChildren(
    ...queue.map((scan) => {
      const row = part("waiting");
      one("[data-name]", row).textContent = scan.name ?? spokenCode(scan.code);
      one("[data-time]", row).textContent = dayAndClock(scan.at);
      const state = one("[data-state]", row);
      const drop = one<HTMLButtonElement>("button", row);
      if (scan.state === "refused" && scan.refusal) {
        one("li", row).classList.add("waiting-refused");
        state.textContent = `${scan.refusal.title}. ${scan.refusal.detail}`;
        drop.addEventListener("click", () => void dropScan(scan.scan_id));
        show(drop, true);
      } else state.textContent = say(`direction-${scan.direction}`);
      return row;
    }),
  );
  const note = one("[data-others]", section);
  note.textContent = others > 0 ? say("waiting-others", { count: others }) : "";
  show(note, others > 0);
  show(section, queue.length > 0 || others > 0);
}

async function renderFavourites(
  section: HTMLElement,
  person: number | undefined,
  open: (code: string) => void,
): Promise<void> {
  const favourites = person === undefined ? [] : await favouritesOf(person);
  one("ul", section).replaceChildren(
    ...favourites.map((place) => {
      const row = part("favourite");
      const go = one<HTMLButtonElement>("[data-go]", row);
      one("span", go).textContent = place.name;
      go.addEventListener("click", () => open(place.code));
      const remove = one<HTMLButtonElement>("[data-remove]", row);
      remove.ariaLabel = say("favourite-remove", { place: place.name });
      remove.addEventListener("click", () => {
        void removeFavourite(place.person, place.code).then(() =>
          renderFavourites(section, person, open),
        );
      });
      return row;
    }),
  );
  show(section, favourites.length > 0);
}

function renderHere(link: HTMLAnchorElement, here: Here | undefined): void {
  show(link, here !== undefined);
  if (!here) return;
  link.href = `/me/visits/${here.visit_id}`;
  one("[data-here-name]", link).textContent = [here.name, here.room].filter(Boolean).join(" · ");
  one("[data-here-time]", link).textContent = say("since", { time: clock(here.since) });
}
