// What a browser has to seal and open frames: WebRTC Encoded Transform with a worker (Chromium 141, Firefox 117, Safari 15.4).

import type { Line, Means } from "./circle";
import type { Way } from "./orders";

/** A sender or receiver; the page's own types do not know that it has this. */
interface Dressed {
  transform?: object | null;
}

type Transform = new (worker: Worker, way: Way) => object;

/** The means of this browser, with the worker that `make` starts once a call needs it. */
export function meansOf(line: (to: string) => Line, make: () => Worker): Means {
  const { RTCRtpScriptTransform: Made } = globalThis as { RTCRtpScriptTransform?: Transform };
  const able = Made !== undefined && "transform" in RTCRtpSender.prototype;
  return {
    line,
    bench: () => (able ? make() : undefined),
    dress: (target: Dressed, bench, way) => {
      if (able) target.transform ??= new Made(bench as Worker, way);
    },
  };
}
