// "More" in the patient's call, beside the devices: how large words stand, kept for the next time, and reports of trouble.

import { announce } from "../dom/announce";
import { all, one, only } from "../dom/page";

const SIZE = "text-size";

function keptSize(): string {
  try {
    return localStorage.getItem(SIZE) ?? "1";
  } catch {
    return "1";
  }
}

function keepSize(size: string): void {
  try {
    localStorage.setItem(SIZE, size);
  } catch {
    // A browser that keeps nothing begins each call with the usual size.
  }
}

/** Wires the dialog until `signal` ends; `report` tells the clinic, by the reason's name. */
export function more(root: HTMLElement, signal: AbortSignal, report: (phrase: string) => void): void {
  const dialog = one("dialog[data-more]", root);
  const enlarge = (size: string) => root.style.setProperty("--zoom", size);
  enlarge(keptSize());
  for (const size of all<HTMLInputElement>('[name="size"]', dialog)) {
    size.checked = size.value === keptSize();
    const choose = () => {
      enlarge(size.value);
      keepSize(size.value);
    };
    size.addEventListener("change", choose, { signal });
  }
  only("reported", false, dialog);
  for (const button of all("[data-report]", dialog)) {
    const tell = () => {
      report(button.dataset["report"] ?? "");
      only("reported", true, dialog);
      announce(one("[data-only=reported]", dialog).textContent ?? "");
    };
    button.addEventListener("click", tell, { signal });
  }
}
