// Arrivals while the page is in the background: the window's title counts them, and where the person allows it the
// system says that somebody came. Never who: notices of the system are seen by everybody who stands beside.

import { all, one, text } from "../dom/page";

let count = 0;
/** Whether the person wants the system to say it; the title counts in any case. */
const wanted = (): boolean => one("#clinic").dataset["unnoticed"] === undefined;

/** Somebody came; does nothing while the page is looked at. */
export function cameUnseen(): void {
  if (document.visibilityState === "visible") return;
  count += 1;
  mark();
  if (!wanted() || typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const notice = new Notification(text("somebody-came"), { tag: "arrival" });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}

/** "Tell me in other windows too". */
export async function allowNotices(): Promise<void> {
  await Notification.requestPermission();
  offer();
}

/** The button is of use as long as the browser has not been asked. */
export function offer(): void {
  const open = wanted() && typeof Notification !== "undefined" && Notification.permission === "default";
  for (const button of all('[data-do="notify"]')) button.hidden = !open;
}

function mark(): void {
  const bare = document.title.replace(/^\(\d+\) /, "");
  document.title = count ? `(${count}) ${bare}` : bare;
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  count = 0;
  mark();
});
