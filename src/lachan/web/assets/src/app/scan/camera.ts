/** The viewfinder: opens when asked, says why when it cannot, and lights a dark door. */
import { CameraError, type CameraTrouble, type Scanner, startScanner } from "../../scanner/scanner";
import { one, say, show } from "../page";

export interface Camera {
  /** Look again, after something else was on the screen. */
  resume(): void;
  /** Read nothing while something else is on the screen. */
  rest(): void;
  /** Say something under the picture. */
  tell(sentence: string): void;
}

/** Wire the camera's part of the page; `onText` hears what it reads. */
export function wireCamera(root: HTMLElement, onText: (text: string) => void): Camera {
  const finder = one("[data-viewfinder]", root);
  const video = one<HTMLVideoElement>("video", root);
  const open = one<HTMLButtonElement>("[data-camera-open]", root);
  const close = one<HTMLButtonElement>("[data-camera-close]", root);
  const torch = one<HTMLButtonElement>("[data-torch]", root);
  const hint = one("[data-camera-hint]", root);
  const troubles = [...root.querySelectorAll<HTMLElement>("[data-trouble]")];
  let scanner: Scanner | undefined;
  let resting = false;

  const tell = (sentence: string): void => {
    hint.textContent = sentence;
  };
  const trouble = (kind: CameraTrouble | undefined): void => {
    for (const one of troubles) show(one, one.dataset["trouble"] === kind);
  };
  const closed = (): void => {
    scanner?.stop();
    scanner = undefined;
    show(finder, false);
    show(close, false);
    show(torch, false);
    show(open, true);
    tell("");
  };
  const begin = async (): Promise<void> => {
    if (scanner || open.ariaBusy === "true") return;
    open.ariaBusy = "true";
    trouble(undefined);
    show(finder, true);
    try {
      scanner = await startScanner(video, onText, {
        onLost: (error) => {
          closed();
          trouble(error.trouble);
        },
      });
      if (resting) scanner.pause();
      show(open, false);
      show(close, true);
      show(torch, scanner.torch !== undefined);
      torch.ariaPressed = "false";
      tell(say("camera-aim"));
    } catch (error) {
      closed();
      trouble(error instanceof CameraError ? error.trouble : "unsupported");
    } finally {
      open.ariaBusy = null;
    }
  };

  open.addEventListener("click", () => void begin());
  close.addEventListener("click", closed);
  torch.addEventListener("click", () => {
    const on = torch.ariaPressed !== "true";
    void scanner?.torch?.(on).then(
      () => {
        torch.ariaPressed = String(on);
      },
      () => show(torch, false),
    );
  });
  // A camera left on in the pocket empties the battery, and its light frightens people.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && scanner) {
      closed();
      wanted = true;
    } else if (document.visibilityState === "visible" && wanted) {
      wanted = false;
      void begin();
    }
  });
  let wanted = false;
  window.addEventListener("pagehide", closed);

  show(open, true);
  // Where the person has said yes before, there is nothing to ask.
  void navigator.permissions
    ?.query({ name: "camera" as PermissionName })
    .then((answer) => (answer.state === "granted" ? begin() : undefined))
    .catch(() => undefined);

  return {
    rest: () => {
      resting = true;
      scanner?.pause();
    },
    resume: () => {
      resting = false;
      scanner?.resume();
      if (scanner) tell(say("camera-aim"));
    },
    tell,
  };
}
