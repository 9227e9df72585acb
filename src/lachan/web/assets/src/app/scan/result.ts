/** The answer to a scan, big enough to be read at arm's length by somebody at a door. */
import { type Answer, type KeptScan, recall } from "../kept";
import { clock, one, say, show } from "../page";
import { spokenCode } from "../codes";
import { remindMe } from "../remind";

export interface Result {
  sending(scan: KeptScan): void;
  show(scan: KeptScan): Promise<void>;
  hide(): void;
}

interface Deeds {
  /** Leave the place that this scan entered. */
  leave: (scan: KeptScan) => void;
  /** Back to the camera. */
  again: () => void;
}

/** Wire the result's part of the page. */
export function wireResult(root: HTMLElement, deeds: Deeds): Result {
  const card = one("[data-done]", root);
  const title = one("[data-done-title]", root);
  const time = one("[data-done-time]", root);
  const place = one("[data-done-place]", root);
  const text = one("[data-done-text]", root);
  const leave = one<HTMLButtonElement>("[data-leave]", root);
  const undo = one<HTMLButtonElement>("[data-undo]", root);
  const remind = one<HTMLButtonElement>("[data-remind]", root);
  const more = one<HTMLAnchorElement>("[data-see-visit]", root);
  let current: KeptScan | undefined;

  const lay = (kind: string, heading: string, moment: string, note: string): void => {
    card.className = `done done-${kind}`;
    for (const icon of card.querySelectorAll<HTMLElement>("[data-mark]")) {
      const marks = (icon.dataset["mark"] ?? "").split(" ");
      show(icon, marks.includes(kind));
    }
    title.textContent = heading;
    time.textContent = moment ? clock(moment) : "";
    show(time, Boolean(moment));
    text.textContent = note;
    show(text, Boolean(note));
    for (const button of [leave, undo, remind, more]) show(button, false);
    show(root, true);
  };

  const answered = async (scan: KeptScan, { outcome, visit }: Answer): Promise<void> => {
    const left = outcome === "departed";
    lay(outcome, say(`did-${outcome}`), left ? (visit?.ends_at ?? scan.at) : scan.at, "");
    if (!visit) return;
    place.textContent = [visit.place.name, visit.room].filter(Boolean).join(" · ");
    more.href = `/me/visits/${visit.id}`;
    show(more, true);
    show(undo, outcome !== "repeated" && outcome !== "not_inside");
    if (!visit.open) return;
    text.textContent = say("ends-by-itself", { time: clock(visit.ends_at) });
    show(text, true);
    show(leave, true);
    show(remind, "Notification" in window && Notification.permission !== "denied");
  };

  leave.addEventListener("click", () => {
    if (current) deeds.leave(current);
  });
  one("[data-again]", root).addEventListener("click", () => {
    show(root, false);
    deeds.again();
  });
  undo.addEventListener("click", () => {
    const visit = current?.answer?.visit?.id;
    if (!visit) return;
    undo.ariaBusy = "true";
    void fetch(`/api/v1/me/visits/${visit}/undo`, { method: "POST" })
      .then((reply) => {
        lay("repeated", say(reply.ok ? "undone" : "not-undone"), "", "");
        show(more, !reply.ok);
      })
      .catch(() => {
        text.textContent = say("no-network");
        show(text, true);
      })
      .finally(() => {
        undo.ariaBusy = null;
      });
  });
  remind.addEventListener("click", () => {
    const visit = current?.answer?.visit?.id;
    if (!visit) return;
    remind.ariaBusy = "true";
    void remindMe(visit)
      .then((will) => {
        text.textContent = say(will ? "will-remind" : "will-not-remind");
        show(text, true);
        show(remind, false);
        window.dispatchEvent(new Event("lachan:changed"));
      })
      .finally(() => {
        remind.ariaBusy = null;
      });
  });

  return {
    sending(scan) {
      current = scan;
      place.textContent = scan.name ?? spokenCode(scan.code);
      lay("sending", say("sending"), "", "");
      root.scrollIntoView({ block: "start" });
    },
    async show(scan) {
      current = scan;
      place.textContent = scan.name ?? spokenCode(scan.code);
      if (scan.state === "taken" && scan.answer) await answered(scan, scan.answer);
      else if (scan.state === "refused" && scan.refusal) {
        lay("refused", scan.refusal.title, "", scan.refusal.detail);
      } else {
        const ended = await recall("signedOut");
        lay("kept", say("kept"), scan.at, say(ended ? "kept-signed-out" : "kept-text"));
      }
      one("h2", root).focus();
    },
    hide: () => show(root, false),
  };
}
