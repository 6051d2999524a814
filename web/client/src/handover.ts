// The ways out of an app's own browser into that of the phone.

/** The address that opens a page in the phone's own browser; where it opens nothing, the page itself comes again. */
export function handOver(address: string, platform: string): string {
  const bare = address.replace(/^https?:\/\//, "");
  const scheme = address.slice(0, address.indexOf(":"));
  if (platform === "ios") return `x-safari-${scheme}://${bare}`;
  // Android splits at the last #: the link's own fragment, its secret, stays with the address.
  const back = encodeURIComponent(address);
  return `intent://${bare}#Intent;scheme=${scheme};S.browser_fallback_url=${back};end`;
}
