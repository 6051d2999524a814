// The service worker of the patient's pages: keeps static files and one page for when there is no line. Nothing of a
// visit, no page of one and no answer of the API is ever kept.

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Lasting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

/** The part of a service worker's world that is used here; the page's own types do not know it. */
interface World {
  readonly caches: CacheStorage;
  readonly registration: { readonly navigationPreload?: { enable(): Promise<void> } };
  addEventListener(name: "install" | "activate", does: (event: Lasting) => void): void;
  addEventListener(name: "fetch", does: (event: Asked) => void): void;
}

const world = self as unknown as World;
const STORE = "offline-1";
const OFFLINE = "/v/offline";

/** A page of ours from the server, always; without a line the words for that. */
async function page(event: Asked): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (error) {
    const kept = await (await world.caches.open(STORE)).match(OFFLINE);
    if (kept) return kept;
    throw error;
  }
}

/** A file whose name changes with its content. */
async function file(request: Request): Promise<Response> {
  const store = await world.caches.open(STORE);
  const kept = await store.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await store.put(request, answer.clone());
  return answer;
}

world.addEventListener("install", (event) => {
  event.waitUntil(
    world.caches.open(STORE).then((store) => store.add(new Request(OFFLINE, { cache: "reload" }))),
  );
});

world.addEventListener("activate", (event) => {
  const old = world.caches
    .keys()
    .then((names) =>
      Promise.all(names.filter((name) => name !== STORE).map((name) => world.caches.delete(name))),
    );
  event.waitUntil(Promise.all([old, world.registration.navigationPreload?.enable()]));
});

world.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(file(request));
});
