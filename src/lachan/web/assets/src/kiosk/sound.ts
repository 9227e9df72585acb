/** Sounds made on the spot, and the buzz of a tablet that can: in, out, refused, wait. */
export type Signal = "in" | "out" | "refused" | "waiting";

/** Frequency in Hz, beginning and length in seconds. */
type Tone = [hertz: number, from: number, seconds: number];

// In rises, out falls, refused growls twice: told apart in a noisy hall and by who cannot see.
const TONES: Record<Signal, Tone[]> = {
  in: [[660, 0, 0.14], [990, 0.14, 0.26]],
  out: [[880, 0, 0.14], [590, 0.14, 0.26]],
  refused: [[150, 0, 0.22], [150, 0.3, 0.34]],
  waiting: [[520, 0, 0.16], [520, 0.24, 0.16]],
}; // prettier-ignore
const BUZZ: Record<Signal, number[]> = {
  in: [80],
  out: [80, 60, 80],
  refused: [300, 100, 300],
  waiting: [150, 80, 150],
};
const LOUDNESS = 0.5;

let context: AudioContext | undefined;

/** Browsers stay silent until somebody has touched the page; call this on each touch. */
export function wake(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume().catch(() => undefined);
}

export function sound(signal: Signal): void {
  (navigator as { vibrate?: (pattern: number[]) => boolean }).vibrate?.(BUZZ[signal]);
  document.documentElement.dataset["sounded"] = signal;
  if (!context || context.state !== "running") return;
  for (const [hertz, from, seconds] of TONES[signal]) tone(context, hertz, from, seconds, signal);
}

function tone(on: AudioContext, hertz: number, from: number, seconds: number, signal: Signal): void {
  const begins = on.currentTime + from;
  const source = on.createOscillator();
  source.type = signal === "refused" ? "sawtooth" : "triangle";
  source.frequency.value = hertz;
  const volume = on.createGain();
  // Faded in and out, or the loudspeaker clicks.
  volume.gain.setValueAtTime(0, begins);
  volume.gain.linearRampToValueAtTime(LOUDNESS, begins + 0.01);
  volume.gain.setValueAtTime(LOUDNESS, begins + seconds - 0.05);
  volume.gain.linearRampToValueAtTime(0, begins + seconds);
  source.connect(volume).connect(on.destination);
  source.start(begins);
  source.stop(begins + seconds);
}
