/** Asks the server who is signed in and where they are, so that the phone knows without it later. */
import { announce, forget, type Me, recall, remember, signedIn, type Visit } from "./kept";
import { waiting } from "./queue";

interface Profile {
  person_id: number;
  household: { person_id: number; name: string }[];
}

/** Bring what the phone knows up to date. Without a network it stays as it was. */
export async function refresh(): Promise<Me | undefined> {
  const reply = await fetch("/api/v1/me").catch(() => undefined);
  if (reply?.status === 401 || reply?.status === 403) {
    await remember("signedOut", true);
    await forget("key");
    announce();
    return undefined;
  }
  if (!reply?.ok) return recall("me");
  const profile = (await reply.json()) as Profile;
  const me: Me = {
    person: profile.person_id,
    household: profile.household.map(({ person_id, name }) => ({ person_id, name })),
  };
  await signedIn(me);
  await refreshHere(me);
  announce();
  // What waited for this very person can go now.
  window.dispatchEvent(new Event("lachan:send"));
  return me;
}

async function refreshHere(me: Me): Promise<void> {
  // What waits on the phone is newer than what the server knows.
  if ((await waiting(me.person)).length > 0) return;
  const reply = await fetch("/api/v1/me/visits?limit=1").catch(() => undefined);
  if (!reply?.ok) return;
  const [visit] = ((await reply.json()) as { visits: Visit[] }).visits;
  const before = await recall("here");
  if (!visit?.open || !visit.place.code) {
    await forget("here");
    return;
  }
  const same = before?.visit_id === visit.id;
  await remember("here", {
    person: me.person,
    code: visit.place.code,
    name: visit.place.name,
    room: visit.room,
    visit_id: visit.id,
    people: same ? before.people : [],
    since: visit.started_at,
    ends_at: visit.ends_at,
    reminded: same ? before.reminded ?? false : false,
  });
}
