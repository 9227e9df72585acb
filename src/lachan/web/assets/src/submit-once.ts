/** A second tap on a slow network must not send a form twice. */
export function submitOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    // A form that downloads a file leaves the page where it is and may be sent again.
    if ("again" in form.dataset || form.method === "get") return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "1";
    if (event.submitter instanceof HTMLButtonElement) event.submitter.ariaBusy = "true";
  });
  // A page brought back by the Back button must take input again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
    }
    for (const button of document.querySelectorAll("[aria-busy]")) button.ariaBusy = null;
  });
}
