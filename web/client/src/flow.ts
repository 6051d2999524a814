// What has come in so far, as the path is judged by it.

import type { Flow } from "./path";

/** One entry of a stats report; every member may be missing, browsers differ. */
export type Stat = Readonly<Record<string, unknown>>;
export type Report = ReadonlyMap<string, Stat>;

export const num = (stat: Stat | undefined, key: string): number => {
  const value = stat?.[key];
  return typeof value === "number" ? value : 0;
};

/** The candidate pair in use: named by the transport, or, in Firefox, marked as selected. */
export function pairOf(report: Report): Stat | undefined {
  const all = [...report.values()];
  const chosen = all.find((one) => one["type"] === "transport")?.["selectedCandidatePairId"];
  return typeof chosen === "string"
    ? report.get(chosen)
    : all.find((one) => one["type"] === "candidate-pair" && one["selected"] === true);
}

/** Media packets, and answers to ICE's own checks. Either one rising shows a living path. */
export function flow(report: Report): Flow {
  const all = [...report.values()];
  const inbound = all.filter((one) => one["type"] === "inbound-rtp");
  const pair = pairOf(report);
  return {
    media: inbound.reduce((sum, one) => sum + num(one, "packetsReceived"), 0),
    checks: num(pair, "responsesReceived") + num(pair, "bytesReceived"),
    pair: pair?.["id"] as string | undefined,
  };
}
