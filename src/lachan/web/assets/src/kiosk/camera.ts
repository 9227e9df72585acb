/** The camera of the door, which comes back by itself when it was taken away. */
import { CameraError, type CameraTrouble, type Scanner, startScanner } from "../scanner/scanner";
import type { Reader } from "./memory";
import { part, tell } from "./screen";

const RETRY_MS = 10_000;

let scanner: Scanner | undefined;
let attempt = 0;
let retrying = 0;
let trouble: CameraTrouble | undefined;

function draw(state: "starting" | "on" | "none" | "trouble"): void {
  part("eye").dataset["eye"] = state;
  tell("prompt", state === "none" ? "kiosk-prompt-usb" : "kiosk-prompt");
  part("camera-trouble").hidden = state !== "trouble";
  tell("camera-trouble-text", trouble ? `kiosk-camera-${trouble}` : "");
}

export function stopCamera(): void {
  attempt += 1;
  window.clearTimeout(retrying);
  scanner?.stop();
  scanner = undefined;
}

export async function startCamera(reader: Reader, onText: (text: string) => void): Promise<void> {
  stopCamera();
  const mine = attempt;
  trouble = undefined;
  if (reader === "usb") {
    draw("none");
    return;
  }
  draw("starting");
  const failed = (error: unknown): void => {
    if (mine !== attempt) return;
    scanner = undefined;
    trouble = error instanceof CameraError ? error.trouble : "unsupported";
    draw("trouble");
    retrying = window.setTimeout(() => void startCamera(reader, onText), RETRY_MS);
  };
  part("eye").dataset["facing"] = reader;
  try {
    const started = await startScanner(part<HTMLVideoElement>("video"), onText, {
      facing: reader === "front" ? "user" : "environment",
      onLost: failed,
    });
    if (mine !== attempt) started.stop();
    else {
      scanner = started;
      draw("on");
    }
  } catch (error) {
    failed(error);
  }
}
