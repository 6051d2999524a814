// The certificates of a connection as it has them itself: what SDP says of them has passed through the server.

import type { Fingerprints } from "./vouch";

type Stat = Readonly<Record<string, unknown>>;

/** A transport that tells what the other side has shown; Firefox's does not. */
type Told = RTCDtlsTransport & { getRemoteCertificates?: () => ArrayBuffer[] };

function fingerprint(stat: Stat | undefined): Uint8Array | undefined {
  if (stat?.["fingerprintAlgorithm"] !== "sha-256") return undefined;
  const bytes = String(stat["fingerprint"]).split(":");
  return bytes.length === 32 ? Uint8Array.from(bytes, (byte) => parseInt(byte, 16)) : undefined;
}

const same = (one: Uint8Array, other: Uint8Array) => one.every((byte, i) => byte === other[i]);

/** Both certificates of the transport in use; undefined where the browser does not tell, or tells two things. */
export async function fingerprintsOf(
  pc: Pick<RTCPeerConnection, "getStats" | "sctp">,
): Promise<Fingerprints | undefined> {
  const report = (await pc.getStats()) as unknown as ReadonlyMap<string, Stat>;
  const transport = [...report.values()].find((one) => one["type"] === "transport");
  const certificate = (key: string) => fingerprint(report.get(String(transport?.[key])));
  const mine = certificate("localCertificateId");
  const told = certificate("remoteCertificateId");
  const [shown] = (pc.sctp?.transport as Told | undefined)?.getRemoteCertificates?.() ?? [];
  const hashed = shown && new Uint8Array(await crypto.subtle.digest("SHA-256", shown));
  if (hashed && told && !same(hashed, told)) return undefined;
  const theirs = hashed ?? told;
  return mine && theirs && { mine, theirs };
}
