/** "Use my position" on the page that asks where a place is; without a script the search remains. */
const button = document.querySelector<HTMLButtonElement>("[data-position]");
const form = button?.form;

function fill(name: string, value: number): void {
  const input = form?.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value.toFixed(6);
}

if (button && form && "geolocation" in navigator) {
  const failed = document.querySelector<HTMLElement>("[data-position-failed]");
  button.hidden = false;
  button.addEventListener("click", (event) => {
    if (button.dataset.found) return;
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fill("lat", coords.latitude);
        fill("lon", coords.longitude);
        button.dataset.found = "yes";
        button.removeAttribute("aria-busy");
        form.requestSubmit(button);
      },
      () => {
        button.removeAttribute("aria-busy");
        if (failed) failed.hidden = false;
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
