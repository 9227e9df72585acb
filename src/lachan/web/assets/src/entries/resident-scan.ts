/** Scanning in and out, with the camera or by a typed code, with or without a network. */
import { postedIn } from "../app/codes";
import { type KeptScan, onChange, recall } from "../app/kept";
import { refresh } from "../app/me";
import { isMove, unpack } from "../app/move";
import { one, say, show } from "../app/page";
import { askForSync, flush, keepScan, newScanId, scanById } from "../app/queue";
import { wireCamera } from "../app/scan/camera";
import { renderLists } from "../app/scan/lists";
import { wireResult } from "../app/scan/result";
import { wireSheet } from "../app/scan/sheet";

const DIGITS_NEEDED = "door-code-needed";

function wire(root: HTMLElement): void {
  const start = one("[data-start]", root);
  const render = (): void => void renderLists(root, (code) => void take(code));

  const toCamera = (): void => {
    show(start, true);
    camera.resume();
  };
  const camera = wireCamera(one("[data-camera]", root), (text) => void take(text));
  const sheet = wireSheet(one("[data-sheet]", root), (scan) => void send(scan), toCamera);
  const result = wireResult(one("[data-result]", root), {
    leave: (scan) => void leave(scan),
    again: toCamera,
  });

  async function take(text: string): Promise<boolean> {
    if (isMove(text)) return moveIn(text);
    const posted = postedIn(text);
    if (!posted) {
      camera.tell(say(/^LC[1C]:/i.test(text) ? "code-of-a-person" : "code-unknown"));
      return false;
    }
    if (!(await recall("me"))) {
      camera.tell(say("sign-in-first"));
      return false;
    }
    camera.rest();
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(60);
    show(start, false);
    result.hide();
    await sheet.open(posted);
    return true;
  }

  async function moveIn(text: string): Promise<boolean> {
    const me = (await refresh()) ?? (await recall("me"));
    const done = me ? await unpack(text, me).catch(() => undefined) : undefined;
    camera.tell(
      say(done ? "moved" : done === false ? "not-moved" : me ? "no-network" : "sign-in-first"),
    );
    return Boolean(done);
  }

  async function send(scan: KeptScan): Promise<void> {
    show(start, false);
    result.sending(scan);
    await keepScan(scan);
    if ((await flush()) === "later") await askForSync();
    const after = (await scanById(scan.scan_id)) ?? scan;
    if (after.refusal?.code === DIGITS_NEEDED) {
      result.hide();
      sheet.askForDigits(after);
    } else await result.show(after);
  }

  function leave(scan: KeptScan): Promise<void> {
    const { answer, refusal, until, corrected, proof, ...same } = scan;
    return send({
      ...same,
      scan_id: newScanId(),
      direction: "out",
      at: new Date().toISOString(),
      state: "waiting",
    });
  }

  const typed = one<HTMLFormElement>("[data-typed]", root);
  const field = one<HTMLInputElement>("input[name=code]", typed);
  const wrong = one("[data-typed-wrong]", typed);
  typed.addEventListener("submit", (event) => {
    event.preventDefault();
    void take(field.value).then((good) => {
      show(wrong, !good);
      field.setAttribute("aria-invalid", String(!good));
      if (good) field.value = "";
      else field.focus();
    });
  });

  onChange(render);
  render();
  void refresh();
  window.addEventListener("online", () => void refresh());
}

const root = document.querySelector<HTMLElement>("[data-scan-app]");
if (root) wire(root);
