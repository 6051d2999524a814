// Small tools for pages: finding, filling, switching what the server has rendered. Text goes in as text, never as HTML.

export type Values = Readonly<Record<string, string | number>>;

export function all<T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

/** The element that a template promises; a page without it is broken, and says so. */
export function one<T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Puts text into every element marked data-fill="name". */
export function fill(name: string, text: string, root: ParentNode = document): void {
  for (const element of all(`[data-fill="${name}"]`, root)) {
    if (element.textContent !== text) element.textContent = text;
  }
}

/** Shows or hides what is marked data-only="name". */
export function only(name: string, shown: boolean, root: ParentNode = document): void {
  for (const element of all(`[data-only="${name}"]`, root)) element.hidden = !shown;
}

/** Of the elements with the attribute data-KIND, shows those whose value is `value`. */
export function choose(kind: string, value: string, root: ParentNode = document): void {
  for (const element of all(`[data-${kind}]`, root))
    element.hidden = element.getAttribute(`data-${kind}`) !== value;
}

/**
 * The sentence data-text="name" of the page's <template id="texts">, or of a part that was fetched later, its {places}
 * filled in; "" if there is none.
 */
export function text(name: string, values: Values = {}): string {
  const template = document.getElementById("texts") as HTMLTemplateElement;
  const sentence = `[data-text="${name}"]`;
  const found = template.content.querySelector(sentence) ?? document.querySelector(sentence);
  return (found?.textContent ?? "").replace(/\{(\w+)\}/g, (place, key: string) =>
    String(values[key] ?? place),
  );
}

/** Calls the function named by data-do on whatever is pressed inside `root`. */
export function actions(does: Readonly<Record<string, (pressed: HTMLElement) => unknown>>): void {
  document.addEventListener("click", (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-do]");
    const action = pressed && does[pressed.dataset["do"] ?? ""];
    if (!action) return;
    if (pressed.tagName === "A") {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab was asked for
      event.preventDefault();
    }
    void action(pressed);
  });
}

/** The way past the header, on pages with a secret behind the #, whose place it must not take. */
export const skip = () => one("main").focus();
