/** Draws QR pictures as one path of squares: sharp at every size, and without a style attribute. */
import { encode } from "uqr";

const SVG = "http://www.w3.org/2000/svg";
const QUIET_ZONE = 4;

export function drawCode(svg: SVGSVGElement, text: string, ecc: "L" | "M" = "M"): void {
  const { data, size } = encode(text, { ecc, border: 0 });
  const runs: string[] = [];
  for (const [y, row] of data.entries()) {
    let x = 0;
    while (x < size) {
      const begin = x;
      while (x < size && row[x]) x += 1;
      if (x > begin) runs.push(`M${begin} ${y}h${x - begin}v1h${begin - x}z`);
      x += 1;
    }
  }
  const side = size + 2 * QUIET_ZONE;
  svg.setAttribute("viewBox", `${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", runs.join(""));
  svg.replaceChildren(path);
}
