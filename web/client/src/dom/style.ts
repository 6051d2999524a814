// The style sheet of the call comes when a call may come: the first view does without it.

import { one } from "./page";

/** Adds the style sheet that the page's texts name as data-call-css; once. */
export function loadCallStyle(): void {
  const href = one("#texts").dataset["callCss"];
  if (!href || document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}
