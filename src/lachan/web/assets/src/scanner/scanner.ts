/**
 * The camera as a reader of QR codes, for the resident's app and for the kiosk.
 *
 *     const scanner = await startScanner(video, (text) => ...);   // throws CameraError
 *     await scanner.torch?.(true);
 *     scanner.stop();
 *
 * A code is told once while it stays in view, and again after it has been away for a while.
 */
import { openReader, type ReadFrame } from "./reader";

/** Why there is no picture: each has a sentence and a way out of its own on the page. */
export type CameraTrouble =
  | "denied" // the person or the owner of the device said no
  | "missing" // no camera, or none that fits
  | "busy" // another program holds it
  | "unsupported"; // the browser offers none (an old one, or a page without https)

export class CameraError extends Error {
  constructor(
    readonly trouble: CameraTrouble,
    cause?: unknown,
  ) {
    super(trouble, { cause });
    this.name = "CameraError";
  }
}

export interface ScannerOptions {
  /** Which way the camera looks; a kiosk looks at the person. Default: away from the screen. */
  facing?: "environment" | "user";
  /** A camera of its own choice, by the id the browser gave it. */
  deviceId?: string;
  /** The camera was taken away (unplugged, permission withdrawn) after it had begun. */
  onLost?: (error: CameraError) => void;
  /** How long a code must be out of view before it counts as shown again. */
  awayMs?: number;
}

export interface Scanner {
  /** End, and let go of the camera. */
  stop(): void;
  /** Read nothing for now; the picture goes on. */
  pause(): void;
  /** Read again; a code still in view is told again. */
  resume(): void;
  /** Switch the light; absent where the camera has none. */
  readonly torch?: (on: boolean) => Promise<void>;
}

const AWAY_MS = 2500;
// Time to breathe between two frames: a cheap phone must stay cool and its buttons answer.
const REST_MS = 60;

interface LightTrack {
  getCapabilities?(): { torch?: boolean };
  applyConstraints(constraints: { advanced: { torch: boolean }[] }): Promise<void>;
}

function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "unsupported";
}

async function openCamera(options: ScannerOptions): Promise<MediaStream> {
  // Undefined on pages without https, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new CameraError("unsupported");
  const video: MediaTrackConstraints = {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    ...(options.deviceId
      ? { deviceId: { exact: options.deviceId } }
      : { facingMode: options.facing ?? "environment" }),
  };
  try {
    return await devices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new CameraError(troubleOf(error), error);
  }
}

function torchOf(track: MediaStreamTrack | undefined): Scanner["torch"] {
  const light = track as unknown as LightTrack | undefined;
  if (!light?.getCapabilities?.().torch) return undefined;
  return (on) => light.applyConstraints({ advanced: [{ torch: on }] });
}

/** Show the camera in `video` and tell each code that comes into view. Raises `CameraError`. */
export async function startScanner(
  video: HTMLVideoElement,
  onText: (text: string) => void,
  options: ScannerOptions = {},
): Promise<Scanner> {
  const reading = openReader();
  reading.catch(() => undefined); // Told below, once the camera is open.
  const stream = await openCamera(options);
  const [track] = stream.getVideoTracks();
  const release = (): void => {
    for (const one of stream.getTracks()) one.stop();
    video.srcObject = null;
  };
  let read: ReadFrame;
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    [read] = await Promise.all([reading, video.play()]);
  } catch (error) {
    release();
    throw new CameraError("unsupported", error);
  }

  let running = true;
  let paused = false;
  let last = "";
  let lastSeen = 0;
  let timer = 0;

  const look = async (): Promise<void> => {
    if (!paused && document.visibilityState === "visible" && video.readyState >= 2) {
      const text = await read(video).catch(() => undefined);
      // The answer may come after somebody pressed stop or while a result is on the screen.
      if (running && !paused && text) {
        const moment = performance.now();
        const fresh = text !== last || moment - lastSeen > (options.awayMs ?? AWAY_MS);
        last = text;
        lastSeen = moment;
        if (fresh) onText(text);
      }
    }
    if (running) timer = window.setTimeout(() => void look(), REST_MS);
  };

  const stop = (): void => {
    running = false;
    window.clearTimeout(timer);
    release();
  };
  track?.addEventListener("ended", () => {
    if (!running) return;
    stop();
    options.onLost?.(new CameraError("missing"));
  });
  void look();

  const torch = torchOf(track);
  return {
    stop,
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      last = "";
    },
    ...(torch ? { torch } : {}),
  };
}
