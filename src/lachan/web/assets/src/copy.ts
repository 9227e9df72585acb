const SHOWN_MS = 2500;

/** Show and wire the copy buttons inside `root`; where the browser cannot copy they stay hidden. */
export function copyButtons(root: ParentNode): void {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]:not([data-wired])")) {
    button.hidden = false;
    button.dataset["wired"] = "";
    button.addEventListener("click", async () => {
      const label = button.querySelector("span") ?? button;
      const before = label.textContent;
      await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
      label.textContent = button.dataset["copied"] ?? before;
      setTimeout(() => {
        label.textContent = before;
      }, SHOWN_MS);
    });
  }
}
