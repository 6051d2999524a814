// Apps with a browser of their own inside, which often lets no page ask for the camera.

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
