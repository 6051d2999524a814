// Apps with a browser of their own inside, which often lets no page ask for the camera, and the ways out of them.

const APPS =
  /FBA[NV]|FB_IAB|Instagram|\bLine\/|Zalo|MicroMessenger|TikTok|musical_ly|BytedanceWebview|; wv\)/;
const IOS = /iPhone|iPad|iPod/;

/**
 * Whether a browser says that it is one of these. Telegram and X cannot be told by their words: they are found out by
 * the answer that comes before anybody can have read the question (devices.ts).
 */
export function inApp(agent: string): boolean {
  return APPS.test(agent) || (IOS.test(agent) && !/Safari\//.test(agent));
}

/** The address that opens a page in the phone's own browser; where it opens nothing, the page itself comes again. */
export function handOver(address: string, platform: string): string {
  const bare = address.replace(/^https?:\/\//, "");
  const scheme = address.slice(0, address.indexOf(":"));
  if (platform === "ios") return `x-safari-${scheme}://${bare}`;
  // Android splits at the last #: the link's own fragment, its secret, stays with the address.
  const back = encodeURIComponent(address);
  return `intent://${bare}#Intent;scheme=${scheme};S.browser_fallback_url=${back};end`;
}
