// Every page of staff but the clinic: locks itself when nobody touches any window, and hides when another one locks.
// What is made to be printed has a button for it, and so has what is to be passed on.

import { announce } from "../dom/announce";
import { all, one } from "../dom/page";
import { veil } from "../dom/veil";
import { nameZones } from "../dom/zones";
import { Watch, watchLocked } from "../watch";

const locked = document.querySelector<HTMLFormElement>("form[action^='/unlock']");

if (locked) watchLocked(() => location.reload());
else
  new Watch({
    busy: () => false,
    lock: () => one<HTMLFormElement>("form[action='/lock']").submit(),
    veil: () => {
      veil();
      location.replace(`/unlock?next=${encodeURIComponent(location.pathname + location.search)}`);
    },
    unveil: () => undefined, // this window has left for the locked page
  });

nameZones();

const [queue] = all("#queue");
if (queue) void import("../clinic/standing").then(({ follow }) => follow("hears" in queue.dataset));

for (const button of all("[data-print]")) {
  button.hidden = false;
  button.onclick = () => print();
}

for (const button of all("[data-copy]")) {
  const field = one<HTMLTextAreaElement>(`#${button.dataset["copy"]}`);
  button.hidden = !isSecureContext; // elsewhere there is no clipboard
  button.onclick = async () => {
    await navigator.clipboard.writeText(field.value);
    const said = one("[data-copied]", button.parentElement!);
    said.hidden = false;
    announce(said.textContent ?? "");
  };
}
