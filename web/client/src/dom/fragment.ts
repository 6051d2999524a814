// Parts of the page that are not needed at once, fetched when they are: made by the server in the page's language.

import { all } from "./page";

const PATIENCE_MS = 15_000;

/**
 * Puts the <section>s of another page of ours before an element, but for views that stand here already. A request is
 * what parses them: unlike innerHTML and DOMParser it makes a document in which no script can run, so Trusted Types
 * have nothing against it.
 */
export async function bring(address: string, before: HTMLElement): Promise<void> {
  const sections = (await fetched(address)).querySelectorAll<HTMLElement>("section");
  for (const section of sections) {
    const { view } = section.dataset;
    if (!view || !all(`[data-view="${view}"]`).length) before.before(document.importNode(section, true));
  }
  if (!sections.length) throw new Error("the fragment is empty");
}

/** The document behind an address of ours. */
export function fetched(address: string): Promise<Document> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = PATIENCE_MS;
    request.onload = () => {
      if (request.status === 200 && request.responseXML) done(request.responseXML);
      else failed(new Error(`the fragment answered ${request.status}`));
    };
    request.onerror = request.ontimeout = () => failed(new Error("the fragment did not come"));
    request.send();
  });
}
