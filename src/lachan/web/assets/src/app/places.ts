/** Where the person is and where they often go, learnt from the answers to their scans. */
import {
  type Answer,
  database,
  type Favourite,
  forget,
  type KeptScan,
  recall,
  remember,
} from "./kept";

const FAVOURITES_SHOWN = 5;
const FAVOURITES_KEPT = 30;

/** Learn from an answer: the visit under way, and the place among those often visited. */
export async function noteAnswer(scan: KeptScan, answer: Answer): Promise<void> {
  const { visit } = answer;
  const here = await recall("here");
  if (visit?.open && visit.place.code) {
    await remember("here", {
      person: scan.person,
      code: visit.place.code,
      name: visit.place.name,
      room: visit.room,
      visit_id: visit.id,
      people: scan.people,
      since: visit.started_at,
      ends_at: visit.ends_at,
    });
  } else if (here?.code === scan.code) {
    await forget("here");
  }
  if (visit && (answer.outcome === "arrived" || answer.outcome === "moved")) {
    await count(scan.person, scan.code, visit.place.name, visit.place.kind);
  }
}

async function count(person: number, code: string, name: string, kind: string): Promise<void> {
  const db = await database();
  const known = await db.get("favourites", [person, code]);
  await db.put("favourites", {
    person,
    code,
    name,
    kind,
    count: (known?.count ?? 0) + 1,
    last: Date.now(),
  });
  const all = await favouritesOf(person, Infinity);
  for (const one of all.slice(FAVOURITES_KEPT)) await db.delete("favourites", [person, one.code]);
}

/** The places the person goes to most, the most frequent first. */
export async function favouritesOf(
  person: number,
  most = FAVOURITES_SHOWN,
): Promise<Favourite[]> {
  const all = await (await database()).getAll("favourites");
  return all
    .filter((one) => one.person === person)
    .sort((a, b) => b.count - a.count || b.last - a.last)
    .slice(0, most);
}

export async function removeFavourite(person: number, code: string): Promise<void> {
  await (await database()).delete("favourites", [person, code]);
}
