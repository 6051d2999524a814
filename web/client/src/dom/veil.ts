// Hides what a page shows, its title too, and shows it again.

let shown = "";

/** Hides everything but a running call's picture (styles/staff/veil.css). */
export function veil(): void {
  if (document.documentElement.classList.contains("veiled")) return;
  shown = document.title;
  document.title = document.querySelector(".brand")?.textContent ?? "";
  document.documentElement.classList.add("veiled");
}

export function unveil(): void {
  if (!document.documentElement.classList.contains("veiled")) return;
  document.title = shown;
  document.documentElement.classList.remove("veiled");
}
