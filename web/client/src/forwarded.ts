// A call that goes through the forwarding server: own media up once, everybody else's down, on top of the pairs.
//
// Nothing is taken from a pair before the other way has shown that it carries, and everything is given back to it as
// soon as it does not: so nobody is left unheard, whatever becomes of the forwarding server (PROTOCOL.md).

import { Downward } from "./downward";
import type { ForwardWorld, KIT } from "./forward";
import type { Gauge } from "./gauge";
import type { Entered, Held, Roster, SignalDown } from "./messages";
import type { Kind } from "./peer";
import { Circle } from "./seal/circle";
import { Upward } from "./upward";

type Standing = Readonly<Record<string, Held>>;

const KINDS: readonly Kind[] = ["audio", "video"];

export class Forwarded {
  private readonly up: Upward;
  private readonly down: Downward;
  private readonly circle: Circle;
  /** The other of the first pair. */
  private first = "";
  private via: Roster["via"];
  /** Whose stream from here is on the screen. */
  private shown: ReadonlySet<string> = new Set();
  private told = "";
  /** What the connections are to be, and what came for them, while it is not known how frames go. */
  private coming: readonly [Roster["pairs"], Entered] | undefined;
  private early: SignalDown[] = [];

  constructor(
    private readonly world: ForwardWorld,
    kit: typeof KIT,
    /** Shows a member's stream; undefined: what comes directly. */
    private readonly show: (id: string, stream: MediaStream | undefined) => void,
  ) {
    const { beside, now } = world;
    this.circle = new Circle({
      now,
      key: (who) => this.key(who),
      onChange: () => this.sealed(),
      onFrames: (who) => !this.shown.has(this.key(who)) && void this.down.look().then(() => this.conclude()),
    });
    this.up = new Upward(world, kit, this.circle);
    this.down = new Downward(world, kit, this.circle, () => this.conclude());
    beside.onPut = () => this.up.put();
    beside.onMeans = () => beside.means && this.circle.equip(beside.means);
    beside.onMeans();
    beside.onSpares = () => this.down.renew();
  }

  /** What measures the line that the own media take now, if they go up here. */
  get gauge(): Gauge | undefined {
    return this.via === "sfu" ? this.up.gauge : undefined;
  }

  shows(id: string): boolean {
    return this.shown.has(id);
  }

  /** The room is being entered again: answers what stands, with the pairs that do. */
  again(pairs: Standing | undefined): Standing | undefined {
    if (!this.via) return pairs;
    const told = ({ epoch, mail }: Upward | Downward) => {
      mail.pause();
      return { epoch, since: epoch && mail.since };
    };
    return { ...pairs, up: told(this.up), down: told(this.down) };
  }

  seated({ via, carried, pairs, members }: Roster, entered: Entered): void {
    this.first = entered.you === "s" ? "p" : "s";
    this.via = via;
    this.coming = [pairs, entered];
    if (via) this.circle.seated(entered.you, members);
    else this.circle.end();
    this.carry(new Set((carried ?? []).map((id) => this.key(id))));
    this.connect();
    this.conclude();
  }

  receive(body: SignalDown): void {
    if (this.coming) {
      this.early.push(body);
      return;
    }
    if (body.from === "up") this.up.receive(body);
    if (body.from === "down") this.down.receive(body);
  }

  async tick(measuring: boolean): Promise<boolean> {
    if (!this.via) return false;
    this.circle.look();
    await this.up.look(measuring);
    await this.down.look();
    this.conclude();
    const hopeless = [this.up, this.down].filter((one) => one.hopeless());
    return hopeless.length > 0;
  }

  close(): void {
    this.via = this.coming = undefined;
    this.early = [];
    this.circle.end();
    this.up.close();
    this.down.close();
    this.carry(new Set());
    this.conclude();
  }

  /** Makes or keeps the two connections as the last roster wants them, once it is known how frames go on them. */
  private connect(): void {
    if (!this.coming || (this.via && !this.circle.settled)) return;
    const [pairs, entered] = this.coming;
    this.coming = undefined;
    if (pairs?.["up"]) this.up.seated(pairs["up"], entered);
    else this.up.close();
    if (pairs?.["down"]) this.down.seated(pairs["down"], entered);
    else this.down.close();
    for (const body of this.early.splice(0)) this.receive(body);
  }

  /** Frames go another way: what may go up does, and what comes in is opened. */
  private sealed(): void {
    this.connect();
    this.up.put();
    this.down.dress();
    this.conclude();
  }

  /** Sends nothing directly to whom it reaches through here, and goes on with all others. */
  private carry(carried: ReadonlySet<string>): void {
    const { beside, own } = this.world;
    beside.carried = carried;
    beside.give(own.sent, KINDS);
  }

  /** What comes in here is shown and told; what does not any more is taken from the pair again. */
  private conclude(): void {
    const flowing = this.down.flowing;
    const before = this.shown;
    this.shown = new Set([...flowing.keys()].map((who) => this.key(who)).filter((id) => this.stays(id)));
    for (const id of new Set([...before, ...this.shown])) this.present(id, before.has(id));
    this.tell(flowing);
    this.admit();
  }

  /** The page says whether anything goes unsealed. */
  private admit(): void {
    const { beside } = this.world;
    if (beside.unsealed === this.circle.unsealed) return;
    beside.unsealed = this.circle.unsealed;
    beside.onUnsealed?.();
  }

  /** On the way back a stream stays until the pair carries it. */
  private stays(id: string): boolean {
    if (this.via === "sfu") return true;
    return this.via === "mesh" && this.shown.has(id) && !this.world.lane(id)?.path.flowing;
  }

  private present(id: string, before: boolean): void {
    const here = this.shown.has(id);
    const stream = here ? this.down.stream(this.who(id)) : undefined;
    const lane = this.world.lane(id);
    if (lane) {
      lane.path.idle = here;
      lane.instead = here ? () => this.up.word : undefined;
    }
    const fresh = stream !== undefined && this.down.isNew(this.who(id));
    if (here !== before || fresh) this.show(id, stream);
  }

  private tell(flowing: ReadonlyMap<string, number>): void {
    const { signal } = this.world.options;
    const { epoch } = this.down;
    const feeds = Object.fromEntries(flowing);
    const telling = JSON.stringify([epoch, feeds]);
    if (!this.via || !epoch || telling === this.told || !signal.up) return;
    this.told = telling;
    void signal.send("carried", { epoch, feeds }).then(({ ok }) => {
      if (!ok && this.told === telling) this.told = ""; // told again at the next look
    });
  }

  private key(who: string): string {
    return who === this.first ? "" : who;
  }

  private who(key: string): string {
    return key || this.first;
  }
}
