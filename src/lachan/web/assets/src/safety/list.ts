/** A list that is being filled in: drafts, counting, what is missing, committing. */
import { one, say, show } from "../app/page";
import { announce, database, type Draft, draftKey, type KeptCommit } from "./kept";
import { putInto, redraw } from "./photo";

export interface Where {
  person: number;
  place: number;
  name: string;
  moment: string;
  day: string;
}

const SAVE_MS = 300;

function itemsOf(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("[data-item]")];
}

function codeOf(item: HTMLElement): string {
  return item.dataset["item"] ?? "";
}

/** The points an item was given; nothing while it has no answer. */
function answerOf(form: HTMLFormElement, code: string): string | undefined {
  const value = new FormData(form).get(`answer-${code}`);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function photoInput(item: HTMLElement): HTMLInputElement | null {
  return item.querySelector<HTMLInputElement>("input[type=file]");
}

export class List {
  private timer = 0;

  constructor(
    readonly form: HTMLFormElement,
    readonly where: Where,
  ) {}

  /** Bring back the draft of today, and keep it from now on. */
  async begin(): Promise<void> {
    const draft = await (await database()).get("drafts", this.key());
    if (draft) this.fill(draft);
    this.count();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", (event) => {
      const input = event.target;
      if (input instanceof HTMLInputElement && input.type === "file") void this.photo(input);
      else this.changed();
    });
    const like = this.form.querySelector<HTMLElement>("[data-check-like]");
    like?.querySelector("a")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.asYesterday();
      show(like, false);
    });
  }

  private key(): string {
    const { person, place, moment, day } = this.where;
    return draftKey(person, place, moment, day);
  }

  private fill(draft: Draft): void {
    for (const field of this.form.elements) {
      if (field instanceof HTMLInputElement && field.type === "radio") {
        const kept = draft.fields[field.name];
        if (kept !== undefined) field.checked = field.value === kept;
      } else if (field instanceof HTMLInputElement && field.type === "file") {
        const photo = draft.photos[field.name];
        if (photo) putInto(field, photo);
      } else if (
        (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) &&
        field.type !== "hidden"
      ) {
        field.value = draft.fields[field.name] ?? field.value;
        // What was noted is in sight.
        if (field.value) field.closest("details")?.setAttribute("open", "");
      }
    }
    for (const item of itemsOf(this.form)) this.tellPhoto(item);
  }

  private changed(): void {
    this.count();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), SAVE_MS);
  }

  private async save(): Promise<void> {
    const fields: Record<string, string> = {};
    const photos: Record<string, Blob> = {};
    for (const [name, value] of new FormData(this.form)) {
      if (["_csrf", "commit_id", "day"].includes(name)) continue;
      if (typeof value === "string") fields[name] = value;
      else if (value.size > 0) photos[name] = value;
    }
    const { person, place, moment, day } = this.where;
    await (await database()).put("drafts", {
      key: this.key(),
      person,
      place,
      moment,
      day,
      fields,
      photos,
      at: Date.now(),
    });
  }

  private async photo(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (file) putInto(input, await redraw(file));
    const item = input.closest<HTMLElement>("[data-item]");
    if (item) this.tellPhoto(item);
    this.changed();
  }

  private tellPhoto(item: HTMLElement): void {
    const kept = item.querySelector<HTMLElement>("[data-photo-kept]");
    if (!kept) return;
    const there = (photoInput(item)?.files?.length ?? 0) > 0;
    kept.textContent = say(there ? "safety-photo-chosen" : "safety-photo-none");
    show(kept, there);
  }

  private count(): void {
    const sign = one("[data-check-count]", this.form);
    const items = itemsOf(this.form);
    const done = items.filter((item) => answerOf(this.form, codeOf(item)) !== undefined).length;
    sign.textContent = say("safety-answered", { count: done, of: items.length });
    show(sign, true);
  }

  /** Only what has no answer yet; the server marks nothing that is compulsory. */
  private asYesterday(): void {
    for (const item of itemsOf(this.form)) {
      const before = item.dataset["before"];
      if (before === undefined || answerOf(this.form, codeOf(item)) !== undefined) continue;
      for (const field of item.querySelectorAll<HTMLInputElement>("input")) {
        if (field.type === "radio") field.checked = field.value === before;
        else if (field.type === "number") field.value = before;
      }
    }
    this.changed();
  }

  /** What keeps the list from being committed: the field to go to, and the sentence. */
  missing(): [string, string][] {
    const found: [string, string][] = [];
    for (const item of itemsOf(this.form)) {
      const code = codeOf(item);
      const answer = answerOf(this.form, code);
      const photo = photoInput(item);
      const bare = item.dataset["evidence"] === "photo" && !photo?.files?.length;
      let wrong: [string, string] | undefined;
      if (answer === undefined) wrong = [`answer-${code}`, say("safety-unanswered")];
      else if (bare && answer !== "0") wrong = [`photo-${code}`, say("safety-photo-needed")];
      item.classList.toggle("field-wrong", wrong !== undefined);
      const place = one("[data-item-error]", item);
      place.replaceChildren();
      if (!wrong) continue;
      const line = document.createElement("p");
      line.className = "field-error";
      line.textContent = wrong[1];
      place.append(line);
      item.querySelector("details")?.toggleAttribute("open", wrong[0].startsWith("photo"));
      found.push([wrong[0], `${code}. ${wrong[1]}`]);
    }
    return found;
  }

  /** Keep the list as a commit; from here on it is the queue's. */
  async commit(): Promise<KeptCommit> {
    window.clearTimeout(this.timer);
    const form = new FormData(this.form);
    const answers: Record<string, number> = {};
    const notes: Record<string, string> = {};
    const photos: Record<string, Blob[]> = {};
    for (const item of itemsOf(this.form)) {
      const code = codeOf(item);
      answers[code] = Number(form.get(`answer-${code}`));
      const note = form.get(`note-${code}`);
      if (typeof note === "string" && note.trim()) notes[code] = note;
      const files = form
        .getAll(`photo-${code}`)
        .filter((file): file is File => file instanceof File && file.size > 0);
      if (files.length > 0) photos[code] = files;
    }
    const commit: KeptCommit = {
      ...this.where,
      commit_id: String(form.get("commit_id")),
      made_at: new Date().toISOString(),
      answers,
      notes,
      photos,
      as: String(form.get("name") ?? "").trim(),
      state: "waiting",
    };
    await this.save();
    await (await database()).put("commits", commit);
    announce();
    return commit;
  }

  /** The commit is safe: the draft is needed no more. */
  async done(): Promise<void> {
    window.clearTimeout(this.timer);
    await (await database()).delete("drafts", this.key());
  }
}
