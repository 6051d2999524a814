// Registers the service worker that keeps the page for when there is no line.

const WORKER = "/v/worker.js";

interface Policies {
  createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
}

/** A page has one policy of a name: whoever comes back to the waiting room finds it made. */
let kept = false;

/** Once the page stands; a browser that will not do it does without. Trusted Types take one literal address. */
export function keepOffline(): void {
  if (kept) return;
  kept = true;
  const types = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const policy = types?.createPolicy("app", { createScriptURL: () => WORKER });
  const address = policy ? policy.createScriptURL(WORKER) : WORKER;
  void navigator.serviceWorker?.register(address, { scope: "/v" }).catch(() => undefined);
}
