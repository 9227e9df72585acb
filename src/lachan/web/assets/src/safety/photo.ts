/** Photos are drawn anew and small on the phone: what the camera wrote into them stays there. */

const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

/** The picture alone as JPEG; the file itself where the browser cannot draw it. */
export async function redraw(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, "image/jpeg", QUALITY),
    );
    return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

/** Put a picture into a field of a form, as if it had been chosen there. */
export function putInto(input: HTMLInputElement, photo: Blob): void {
  const holder = new DataTransfer();
  holder.items.add(new File([photo], "photo.jpg", { type: photo.type }));
  input.files = holder.files;
}
