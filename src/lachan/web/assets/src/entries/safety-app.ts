/** The facility's app on the phone: drafts, lists without a network, commits that wait. */
import { recall } from "../app/kept";
import { clock, dayAndClock, one, part, say, show, zone } from "../app/page";
import {
  announce,
  commitsOf,
  database,
  dayOf,
  draftsOf,
  type KeptCommit,
  listKey,
  listsOf,
  onChange,
  only,
  tidy,
} from "../safety/kept";
import { List } from "../safety/list";
import { button, link, notice, summary } from "../safety/parts";
import { askForSync, flush } from "../safety/queue";

const TRY_AGAIN_MS = 30_000;

/** What the phone knows of a task of today, where the server does not know it yet. */
type Here = "waiting" | "refused" | "draft" | undefined;

class App {
  private readonly lang = document.documentElement.lang;
  private readonly today = dayOf(Date.now(), zone());
  private readonly told = new Map<string, HTMLElement>();
  private again = 0;
  private busy = false;
  /** The page is about to load itself anew: what was sent is told there. */
  private leaving = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly person: number,
  ) {}

  async begin(): Promise<void> {
    await only(this.person);
    await tidy(this.today);
    const form = this.root.querySelector<HTMLFormElement>("form[data-check]");
    if (form) {
      await this.keep(form);
      await this.wire(form, this.today);
    } else if ("shell" in this.root.dataset) await this.shell();
    else await this.keepLists();
    const paint = (): void => void this.paint();
    onChange(paint);
    window.addEventListener("online", () => void this.send());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.send();
    });
    await this.paint();
    await this.send();
  }

  /** Send what waits. */
  private async send(): Promise<void> {
    if (this.busy) return;
    window.clearTimeout(this.again);
    const ending = await flush(this.person, zone());
    if (ending === "later") {
      this.again = window.setTimeout(() => void this.send(), TRY_AGAIN_MS);
      await askForSync();
    }
  }

  // ---- Lists that can be filled in later without a network.

  private async keep(form: HTMLFormElement): Promise<void> {
    const { place, placeName, moment } = form.dataset;
    if (!place || !moment) return;
    const key = listKey(this.person, Number(place), moment, this.lang);
    await (await database()).put("lists", {
      key,
      person: this.person,
      place: Number(place),
      name: placeName ?? "",
      moment,
      lang: this.lang,
      set: this.root.dataset["set"] ?? "",
      day: this.today,
      html: form.outerHTML,
      at: Date.now(),
    });
  }

  private async keepLists(): Promise<void> {
    const { place, moments, set } = this.root.dataset;
    if (!place || !moments || !navigator.onLine) return;
    for (const moment of moments.split(" ")) {
      const key = listKey(this.person, Number(place), moment, this.lang);
      const kept = await (await database()).get("lists", key);
      if (kept?.day === this.today && kept.set === set) continue;
      const reply = await fetch(`/safety/${place}/check/${moment}`).catch(() => undefined);
      if (!reply?.ok) return;
      const drawn = new DOMParser().parseFromString(await reply.text(), "text/html");
      const form = drawn.querySelector<HTMLFormElement>("form[data-check]");
      if (form) await this.keep(form);
    }
  }

  // ---- Filling in a list.

  private async wire(form: HTMLFormElement, day: string): Promise<void> {
    const { place, placeName, moment } = form.dataset;
    const list = new List(form, {
      person: this.person,
      place: Number(place),
      name: placeName ?? "",
      moment: moment ?? "",
      day,
    });
    await list.begin();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.commit(list);
    });
  }

  private async commit(list: List): Promise<void> {
    const errors = one("[data-safety-errors]", this.root);
    errors.replaceChildren();
    const wrong = list.missing();
    if (wrong.length > 0) {
      summary(errors, say("safety-problem-title", { count: wrong.length }), wrong);
      return;
    }
    const press = one<HTMLButtonElement>(".check-commit button", list.form);
    if (press.ariaBusy === "true") return;
    press.ariaBusy = "true";
    this.busy = true;
    let kept: KeptCommit;
    try {
      kept = await list.commit();
    } catch {
      // Nothing can be kept here, as in some private windows: send it as without any script.
      list.form.submit();
      return;
    }
    const ending = await flush(this.person, zone());
    this.busy = false;
    press.ariaBusy = null;
    const db = await database();
    const now = await db.get("commits", kept.commit_id);
    if (now?.state === "taken" && now.answer) {
      await list.done();
      await db.delete("commits", kept.commit_id);
      location.assign(`/safety/${kept.place}/checks/${now.answer.check_id}?new=1`);
    } else if (now?.state === "refused" && now.refusal) {
      await db.delete("commits", kept.commit_id);
      summary(errors, now.refusal.title, [["", now.refusal.detail]]);
    } else {
      await list.done();
      await this.kept(list, kept, ending === "signed-out");
    }
  }

  /** The commit waits on the phone: say so in the place of the list. */
  private async kept(list: List, commit: KeptCommit, signedOut: boolean): Promise<void> {
    const back = `/safety/${commit.place}`;
    const more = signedOut
      ? link(say("safety-sign-in"), `/login?next=${encodeURIComponent(back)}`)
      : link(say("safety-back-today"), back);
    const box = signedOut
      ? notice("warning", say("safety-failed-title"), say("safety-failed-text"), more)
      : notice("success", say("safety-waiting-title"), say("safety-waiting-text"), more);
    box.tabIndex = -1;
    box.dataset["keptCommit"] = "";
    list.form.replaceWith(box);
    box.focus();
    window.scrollTo(0, 0);
    this.again = window.setTimeout(() => void this.send(), TRY_AGAIN_MS);
    await askForSync();
  }

  // ---- What the phone knows and the server does not yet.

  private async stateOf(place: number, moment: string): Promise<Here> {
    const commits = (await commitsOf(this.person)).filter(
      (one) => one.place === place && one.moment === moment && one.day === this.today,
    );
    if (commits.some((one) => one.state === "waiting")) return "waiting";
    if (commits.some((one) => one.state === "refused")) return "refused";
    const drafts = await draftsOf(this.person, place, this.today);
    const draft = drafts.find((one) => one.moment === moment);
    const begun = Object.keys(draft?.fields ?? {}).some((name) => name.startsWith("answer-"));
    return begun ? "draft" : undefined;
  }

  private async paint(): Promise<void> {
    for (const task of this.root.querySelectorAll<HTMLElement>("[data-moment].task")) {
      const place = Number(task.dataset["place"] ?? this.root.dataset["place"]);
      const state = await this.stateOf(place, task.dataset["moment"] ?? "");
      const status = one(".task-status", task);
      status.dataset["as"] ??= status.innerHTML;
      if (state) status.textContent = say(`safety-task-${state}`);
      else status.innerHTML = status.dataset["as"];
      task.classList.toggle("task-doing", state !== undefined || "overdue" in task.dataset);
    }
    await this.tellCommits();
  }

  private async tellCommits(): Promise<void> {
    const place = this.root.querySelector<HTMLElement>("[data-safety-notices]");
    if (!place || this.leaving || this.busy) return;
    const commits = await commitsOf(this.person);
    if (await this.drawAnew(commits)) return;
    const db = await database();
    for (const one of commits) {
      const id = one.commit_id;
      const before = this.told.get(id);
      if (before?.dataset["state"] === one.state) continue;
      const box = this.tell(one);
      box.dataset["state"] = one.state;
      if (before) before.replaceWith(box);
      else place.append(box);
      this.told.set(id, box);
      // Told once is enough.
      if (one.state === "taken") await db.delete("commits", id);
    }
  }

  /**
   * A page that shows the day was drawn before the server had what has just been sent, by this page
   * or by the service worker: load it anew, once for each commit, and tell it there.
   */
  private async drawAnew(commits: KeptCommit[]): Promise<boolean> {
    if (this.root.querySelector("form[data-check]")) return false;
    const fresh = commits.filter((one) => one.state === "taken" && !one.drawn);
    if (fresh.length === 0) return false;
    this.leaving = true;
    const { store } = (await database()).transaction("commits", "readwrite");
    for (const one of fresh) {
      // Another page may have told of it and forgotten it meanwhile.
      if (await store.get(one.commit_id)) await store.put({ ...one, drawn: true });
    }
    location.reload();
    return true;
  }

  private tell(commit: KeptCommit): HTMLElement {
    const what = `${commit.name} · ${say(`safety-moment-${commit.moment}`)}`;
    const when = `${what} · ${dayAndClock(commit.made_at)}`;
    if (commit.state === "refused") {
      const drop = button(say("safety-drop"), () => {
        void (async () => {
          await (await database()).delete("commits", commit.commit_id);
          this.told.get(commit.commit_id)?.remove();
          announce();
        })();
      });
      const why = `${when}. ${commit.refusal?.detail ?? ""}`;
      return notice("danger", say("safety-refused-title"), why, drop);
    }
    if (commit.state === "taken" && commit.answer) {
      const { check_id, colour, late } = commit.answer;
      const text = [
        say("safety-sent-text", { place: what, time: clock(commit.made_at) }),
        say(`safety-colour-${colour}`),
        ...(late ? [say("safety-sent-late")] : []),
      ].join(". ");
      const see = link(say("safety-see"), `/safety/${commit.place}/checks/${check_id}`);
      return notice(late ? "warning" : "success", say("safety-sent-title"), text, see);
    }
    return notice("info", say("safety-waiting-title"), `${when}. ${say("safety-waiting-text")}`);
  }

  // ---- Without a network: the pages that the phone draws itself.

  private async shell(): Promise<void> {
    const path = location.pathname.match(/^\/safety\/(\d+)(?:\/check\/(\w+))?/);
    const place = path ? Number(path[1]) : undefined;
    const lists = (await listsOf(this.person, this.lang)).filter(
      (one) => place === undefined || one.place === place,
    );
    const wanted = lists.find((one) => one.moment === path?.[2]);
    show(one("[data-back]", this.root), path !== null);
    show(one("[data-none]", this.root), lists.length === 0);
    const space = one("[data-safety-form]", this.root);
    if (wanted) {
      one("[data-title]", this.root).textContent = say(`safety-moment-${wanted.moment}`);
      one("[data-lead]", this.root).textContent = wanted.name;
      one<HTMLAnchorElement>("[data-back] a", this.root).href = `/safety/${wanted.place}`;
      // The server's own drawing of the form, kept by this very page.
      const drawn = new DOMParser().parseFromString(wanted.html, "text/html");
      const form = one<HTMLFormElement>("form[data-check]", drawn.body);
      this.renew(form, wanted.day);
      space.append(form);
      await this.wire(form, this.today);
      return;
    }
    const tasks = document.createElement("ul");
    tasks.className = "tasks";
    const order = ["before", "during", "after"];
    lists.sort((a, b) => a.place - b.place || order.indexOf(a.moment) - order.indexOf(b.moment));
    for (const list of lists) {
      const task = one("li", part("task"));
      task.dataset["moment"] = list.moment;
      task.dataset["place"] = String(list.place);
      const to = one<HTMLAnchorElement>("a", task);
      to.href = `/safety/${list.place}/check/${list.moment}`;
      to.textContent = say(`safety-moment-${list.moment}`);
      one(".task-hint", task).textContent = `${list.name} · ${say("safety-offline-old", { time: dayAndClock(list.at) })}`;
      one(".task-status", task).textContent = say("safety-task-todo");
      tasks.append(task);
    }
    space.append(tasks);
    const [first] = lists;
    if (place !== undefined && first) one("[data-title]", this.root).textContent = first.name;
  }

  /** A kept list as one for today: an id of its own, and nothing of another day in it. */
  private renew(form: HTMLFormElement, drawnOn: string): void {
    one<HTMLInputElement>("[name=commit_id]", form).value = crypto.randomUUID();
    one<HTMLInputElement>("[name=day]", form).value = this.today;
    if (drawnOn === this.today) return;
    form.querySelector("[data-check-like]")?.remove();
    for (const box of form.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
      box.checked = box.defaultChecked = false;
    }
    for (const field of form.querySelectorAll<HTMLTextAreaElement>("textarea")) field.value = "";
    for (const field of form.querySelectorAll<HTMLInputElement>("input[type=number]")) {
      field.value = "";
    }
  }
}

async function start(root: HTMLElement): Promise<void> {
  const known = Number(document.querySelector<HTMLElement>("[data-app]")?.dataset["person"]);
  const person = known || (await recall("me"))?.person;
  if (person) await new App(root, person).begin();
}

const root = document.querySelector<HTMLElement>("[data-safety]");
// Where nothing can be kept, the pages work as they do without a script.
if (root) start(root).catch(() => undefined);
