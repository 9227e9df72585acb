/** The old phone's half of a move: shows what the new one is to scan. */
import { recall } from "../app/kept";
import { pack } from "../app/move";
import { refresh } from "../app/me";
import { one, show } from "../app/page";
import { drawCode } from "../app/picture";

function wire(root: HTMLElement): void {
  const button = one<HTMLButtonElement>("[data-move-show]", root);
  const picture = one("[data-move]", root);
  const failed = one("[data-move-failed]", root);
  const svg = picture.querySelector("svg");

  async function reveal(): Promise<void> {
    await refresh();
    const me = await recall("me");
    if (!me || !svg) throw new Error("nobody is known");
    drawCode(svg, await pack(me), "L");
    show(picture, true);
    show(button, false);
  }

  show(button, true);
  button.addEventListener("click", () => {
    button.ariaBusy = "true";
    show(failed, false);
    reveal()
      .catch(() => show(failed, true))
      .finally(() => {
        button.ariaBusy = null;
      });
  });
}

const root = document.querySelector<HTMLElement>("[data-move-app]");
if (root) wire(root);
