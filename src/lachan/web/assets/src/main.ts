/** What every page carries. Each part only adds to what already works without it. */
import htmx from "htmx.org";
import { copyButtons } from "./copy";
import { datesInWords } from "./dates";
import { errorSummary } from "./error-summary";
import { fileFields } from "./files";
import { offlineNotice } from "./offline";
import { submitOnce } from "./submit-once";
import { keptTheme, themeSwitch } from "./theme";

// The content security policy forbids inline style and evaluated code.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;

keptTheme();
themeSwitch();
errorSummary();
submitOnce();
copyButtons(document);
datesInWords();
fileFields();
offlineNotice();

// On a phone the ways scroll sideways; the page one is on is in sight.
for (const ways of document.querySelectorAll<HTMLElement>(".rail ul, .safety-ways ul")) {
  const here = ways.querySelector<HTMLElement>("[aria-current]");
  if (here) {
    const inset = here.getBoundingClientRect().left - ways.getBoundingClientRect().left;
    ways.scrollLeft = inset - (ways.clientWidth - here.offsetWidth) / 2;
  }
}

document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof HTMLElement) copyButtons(event.target);
});

// The resident's app: what waits to be sent, and the worker that keeps it all without a network.
if (document.querySelector("[data-app]")) void import("./app/start");
