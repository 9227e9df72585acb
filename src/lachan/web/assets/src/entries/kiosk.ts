/**
 * A door: people show what they have, the tablet says yes or no in a colour, a sound and a word.
 *
 * What is shown is kept first and sent after, so the door works the same without a network.
 */
import "../../css/kiosk.css";
import { forgetPerson, recall as recallPhone } from "../app/kept";
import {
  deskOf,
  onChosen,
  openPin,
  openSetup,
  reasonOf,
  setUpDesk,
} from "../kiosk/desk";
import {
  type Choices,
  countToday,
  countWaiting,
  type Direction,
  recall,
  remember,
  type Standing,
  waiting,
} from "../kiosk/memory";
import { askCodeAgain, onEntered, openPad, setUpPad } from "../kiosk/pad";
import { listenToReader } from "../kiosk/reader";
import {
  type Answer,
  answer,
  closeAnswer,
  dayOf,
  knows,
  part,
  say,
  screenNow,
  show,
  speak,
  speakOther,
  timeOfDay,
  written,
} from "../kiosk/screen";
import {
  askStanding,
  flush,
  type Line,
  lineNow,
  onLine,
  onResult,
  QueueFull,
  recallClock,
  type Result,
  serverTime,
  stationedAt,
  take,
} from "../kiosk/sending";
import { isReadable, judge, type Readable } from "../kiosk/shown";
import { type Heard } from "../kiosk/strokes";
import { wake } from "../kiosk/sound";
import { startCamera, stopCamera } from "../kiosk/camera";
import { keepAwake, keepUpToDate } from "../kiosk/tablet";

// The same thing shown again so soon is the same person, still holding it there.
const AGAIN_MS = 5_000;
// Longer than this nobody waits at a door; the answer may still turn the screen red.
const PATIENCE_MS = 2_000;
const LATE_MS = 8_000;
const HEARTBEAT_MS = 60_000;
const RETRY_MS = 10_000;
const NEARLY_FULL = 4_500;
// Screens at which somebody at the door may show something.
const TAKING = new Set(["ready", "pad"]);

interface Asked {
  at: number;
  shown: Readable;
  /** Somebody was told already that it is kept. */
  told: boolean;
  timer: number;
}

let choices: Choices | undefined;
let standing: Standing | undefined;
let offSince: number | undefined;
let last: { who: string; at: number; answer: Answer } | undefined;
/** Scans that the server has not answered, by their ids. */
const asked = new Map<string, Asked>();
let newest = "";

function now(): number {
  return serverTime() ?? Date.now();
}

/** Something was shown to the camera, to the reader, or typed. */
function shown(what: Readable | Heard): void {
  if (!choices || !TAKING.has(screenNow())) return;
  if (!isReadable(what as Readable)) {
    refuse((what as Heard).problem, "");
    return;
  }
  void note(what as Readable);
}

async function note(what: Readable): Promise<void> {
  const moment = performance.now();
  if (last && last.who === what.who && moment - last.at < AGAIN_MS) {
    // Until the server has answered there is nothing to say again.
    if (asked.get(newest)?.told !== false) answer(last.answer, true);
    return;
  }
  const direction = choices?.direction ?? "auto";
  const kept = keptAnswer(what, direction);
  last = { who: what.who, at: moment, answer: kept };
  if (screenNow() === "pad") show("ready");
  try {
    const scan = await take(what, direction);
    const mine: Asked = { at: moment, shown: what, told: false, timer: 0 };
    asked.set(scan.scan_id, mine);
    newest = scan.scan_id;
    const tell = (): void => {
      mine.told = true;
      // Somebody else stands there by now: counted, and not shown.
      settleAs(kept, newest === scan.scan_id);
    };
    if (lineNow() === "on") mine.timer = window.setTimeout(tell, PATIENCE_MS);
    else tell();
  } catch (error) {
    last = undefined;
    refuse(error instanceof QueueFull ? "full" : "broken", "");
  }
  await drawFoot();
}

function settleAs(said: Answer, visible: boolean): void {
  if (visible) {
    if (last) last.answer = said;
    answer(said);
  }
  if (said.colour !== "red") void countToday(dayOf(now()), 1).then(drawFoot);
}

function directed(direction: Direction): Pick<Answer, "icon" | "signal" | "title"> {
  if (direction === "out") return { icon: "out", signal: "out", title: say("kiosk-out") };
  if (direction === "in") return { icon: "in", signal: "in", title: say("kiosk-in") };
  return { icon: "check", signal: "in", title: say("kiosk-kept") };
}

/** What is said when the server is not waited for. */
function keptAnswer(what: Readable, direction: Direction): Answer {
  if (what.kind === "phone" && !/:[0-9]{6}$/.test(what.text)) return waitingAnswer();
  return { colour: "green", ...directed(direction), text: say("kiosk-kept-text") };
}

function waitingAnswer(): Answer {
  return {
    colour: "amber",
    icon: "clock",
    signal: "waiting",
    title: say("kiosk-waiting"),
    text: say("kiosk-waiting-text"),
  };
}

function refusal(code: string, detail: string): Answer {
  const ours = `kiosk-${code}`;
  const title = knows(ours) ? say(ours) : reasonOf(code, detail);
  const text = knows(`${ours}-text`)
    ? say(`${ours}-text`)
    : knows(`error-${code}`)
      ? say(`error-${code}`)
      : detail;
  const amber = code === "poster";
  return {
    colour: amber ? "amber" : "red",
    icon: amber ? "alert" : "cross",
    signal: "refused",
    title,
    text: text === title ? "" : text,
    long: code === "layout" || code === "full",
  };
}

function refuse(code: string, detail: string): void {
  answer(refusal(code, detail));
}

function accepted({ outcome, people = 1 }: Result): Answer {
  const many = people > 1 ? say("kiosk-people", { count: written(people) }) : "";
  if (outcome === "not_inside") {
    return {
      colour: "amber",
      icon: "alert",
      signal: "waiting",
      title: say("kiosk-not-inside"),
      text: say("kiosk-not-inside-text"),
    };
  }
  if (outcome === "departed") return { colour: "green", ...directed("out"), text: many };
  const text = outcome === "repeated" ? say("kiosk-repeated") : many;
  return { colour: "green", ...directed("in"), text };
}

/** The server's answer to what is on the screen, or was a moment ago. */
onResult((result) => {
  void drawFoot();
  const mine = asked.get(result.scan_id);
  if (!mine) return;
  asked.delete(result.scan_id);
  window.clearTimeout(mine.timer);
  const visible = newest === result.scan_id && performance.now() - mine.at < LATE_MS;
  if (result.status === "refused") {
    if (!visible) return;
    const said = refusal(result.code ?? "", result.detail ?? "");
    // Shown again at once it may well be taken: a fresh code, another card.
    last = undefined;
    answer(said);
    if (mine.shown.kind === "phone" && result.code === "code-wrong") {
      globalThis.addEventListener("kiosk:answered", askCodeAgain, { once: true });
    }
    return;
  }
  if (mine.told) return;
  settleAs(result.status === "waiting" ? waitingAnswer() : accepted(result), visible);
});

onLine((line) => {
  if (line === "on") offSince = undefined;
  else offSince ??= now();
  void drawFoot();
  if (line === "revoked" && standing && screenNow() !== "unpaired") revoked();
});

function revoked(): void {
  stopCamera();
  if (screenNow() !== "revoked") show("revoked");
}

async function drawFoot(): Promise<void> {
  const today = await countToday(dayOf(now()), 0);
  part("today").textContent = say("kiosk-today", { count: written(today) });
  const kept = standing ? (await countWaiting(standing.place.id)).here : 0;
  const line: Line = lineNow();
  const state = part("line");
  state.dataset["line"] = line;
  const facts = { count: written(kept), time: timeOfDay(offSince ?? now()) };
  const key = line === "on" ? "kiosk-line-on" : line === "clock" ? "kiosk-line-clock" : "kiosk-line-off";
  part("line-text").textContent = say(key, facts);
  part("line-full").hidden = kept < NEARLY_FULL;
  part("revoked-kept").hidden = kept === 0;
  part("revoked-kept").textContent = say("kiosk-revoked-kept", { count: written(kept) });
}

function drawDirection(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-direction]")) {
    button.ariaPressed = String(button.dataset["direction"] === choices?.direction);
  }
  document.body.dataset["going"] = choices?.direction ?? "auto";
}

async function setDirection(direction: Direction): Promise<void> {
  if (!choices) return;
  choices = { ...choices, direction };
  await remember("choices", choices);
  last = undefined;
  drawDirection();
}

function begin(made: Choices): void {
  choices = made;
  drawDirection();
  show("ready");
  void startCamera(made.reader, (text) => {
    const judged = judge(text, serverTime());
    shown(isReadable(judged) ? judged : { problem: judged.problem });
  });
  void keepAwake();
}

async function stationed(here: Standing): Promise<void> {
  standing = here;
  stationedAt(here.place.id);
  deskOf(here);
  part("place").textContent = [here.place.name, here.room].filter(Boolean).join(" · ");
  await remember("standing", here);
  const known = await recall("choices");
  const fits = known?.device === here.id;
  if (fits && screenNow() !== "ready") begin(known);
  if (!fits) {
    // Whoever paired the tablet is signed out of it: nothing of theirs may stay.
    const me = await recallPhone("me");
    if (me) await forgetPerson(me.person, { queue: false });
    await openSetup();
  }
  void flush();
}

/** Ask where this tablet belongs; by its memory while nobody answers. */
async function arrive(): Promise<void> {
  const [known, kept] = [await recall("standing"), await recall("choices")];
  if (known && kept?.device === known.id) {
    await stationed(known);
    const [oldest] = await waiting(known.place.id, 1);
    if (oldest) offSince = oldest.stamp.at + oldest.stamp.ahead;
  }
  const found = await askStanding();
  if (found === "nobody") {
    if (known) {
      standing = known;
      revoked();
      await drawFoot();
    } else show("unpaired");
  } else if (found && (found.id !== standing?.id || screenNow() === "loading")) {
    await stationed(found);
  } else if (found) {
    void flush();
  } else if (!standing) {
    show("unpaired");
    part("unpaired-offline").hidden = false;
  }
}

async function beat(): Promise<void> {
  if (!standing) {
    if (screenNow() === "unpaired" && !part("unpaired-offline").hidden) await arrive();
    return;
  }
  const before = lineNow();
  const found = await askStanding();
  if (found === "nobody" || !found) return;
  if (found.id !== standing.id) await stationed(found);
  else if (screenNow() === "revoked" && choices) begin(choices);
  if (before !== "on") void flush();
}

function setUp(): void {
  setUpPad();
  setUpDesk();
  listenToReader({
    listens: () => screenNow() === "ready",
    now: serverTime,
    heard: shown,
  });
  onEntered((text) => {
    const judged = judge(text, undefined);
    shown(isReadable(judged) ? judged : { problem: judged.problem });
  });
  onChosen(begin);
  part("language").addEventListener("click", () => void speakOther());
  part("operator").addEventListener("click", openPin);
  part("phone").addEventListener("click", openPad);
  part("answer").addEventListener("click", closeAnswer);
  for (const button of document.querySelectorAll<HTMLElement>("[data-direction]")) {
    button.addEventListener("click", () => {
      void setDirection(button.dataset["direction"] as Direction);
    });
  }
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, wake);
  window.addEventListener("online", () => void beat());
  globalThis.addEventListener("kiosk:spoke", () => void drawFoot());
  let beats = 0;
  window.setInterval(() => {
    beats += RETRY_MS;
    if (lineNow() !== "on" || beats % HEARTBEAT_MS === 0) void beat();
  }, RETRY_MS);
  keepUpToDate(() => screenNow() === "ready" && part("answer").hidden === true);
}

speak((await recall("lang").catch(() => undefined)) ?? document.documentElement.lang);
await recallClock();
setUp();
await drawFoot();
await arrive();
