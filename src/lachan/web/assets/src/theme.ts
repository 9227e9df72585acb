const YEAR_S = 365 * 24 * 3600;

/** A page that the phone kept knows nothing of the reader's choice: the cookie does. */
export function keptTheme(): void {
  const chosen = /(?:^|; )theme=(light|dark|auto)/.exec(document.cookie)?.[1];
  const root = document.documentElement;
  if (!chosen || root.dataset["theme"] === chosen) return;
  root.dataset["theme"] = chosen;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[name=theme]")) {
    button.ariaPressed = String(button.value === chosen);
  }
}

/** Change the theme at once and keep the choice; without scripts the same form is posted. */
export function themeSwitch(): void {
  const form = document.querySelector<HTMLFormElement>("[data-theme-form]");
  if (!form) return;
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("button[name=theme]")];
  form.addEventListener("submit", (event) => {
    if (!(event.submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const pressed = buttons.indexOf(event.submitter);
    // Where only the choice in force is shown, pressing it means: the next one.
    const alone = buttons.every((button) => button === event.submitter || !button.offsetParent);
    const next = buttons[alone ? (pressed + 1) % buttons.length : pressed];
    if (!next) return;
    document.documentElement.dataset["theme"] = next.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${next.value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
    for (const button of buttons) button.ariaPressed = String(button === next);
    next.focus();
  });
}
