/**
 * Reads a QR picture from a frame of video: by the browser's own detector where it has one, else by
 * ZXing compiled to WebAssembly, which we serve ourselves.
 */
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";

export type ReadFrame = (video: HTMLVideoElement) => Promise<string | undefined>;

/** The part of the Shape Detection API that we use; TypeScript's own library does not know it. */
interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface NativeDetectorClass {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

// Finer than this a phone reads no better, only slower.
const LONGEST_SIDE = 960;

async function native(): Promise<ReadFrame | undefined> {
  const Detector = (globalThis as { BarcodeDetector?: NativeDetectorClass }).BarcodeDetector;
  if (!Detector) return undefined;
  // Present and yet empty-handed on phones without the maker's services, and on some desktops.
  const formats = await Detector.getSupportedFormats().catch(() => [] as string[]);
  if (!formats.includes("qr_code")) return undefined;
  const detector = new Detector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue;
}

async function compiled(): Promise<ReadFrame> {
  const { prepareZXingModule, readBarcodes } = await import("zxing-wasm/reader");
  await prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let frame = 0;
  return async (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!pen || !width || !height) return undefined;
    // Every other frame only the middle, in full detail: a poster across a road is small.
    frame += 1;
    const part = frame % 2 === 0 ? 0.5 : 1;
    const [w, h] = [width * part, height * part];
    const scale = Math.min(1, LONGEST_SIDE / Math.max(w, h));
    canvas.width = Math.round(w * scale);
    canvas.height = Math.round(h * scale);
    pen.drawImage(video, (width - w) / 2, (height - h) / 2, w, h, 0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), {
      formats: ["QRCode"],
      maxNumberOfSymbols: 1,
    });
    return found.find((one) => one.isValid)?.text;
  };
}

/** The best reader of this browser; one that fails on a frame gives way to the compiled one. */
export async function openReader(): Promise<ReadFrame> {
  const first = await native();
  if (!first) return compiled();
  let read = first;
  let failed = false;
  return async (video) => {
    try {
      return await read(video);
    } catch (error) {
      if (failed) throw error;
      failed = true;
      read = await compiled();
      return read(video);
    }
  };
}
