import { type BackOff, type Contact, Lane, type Ticket } from './lane.ts';

/*
 * Who may deliver when. Every destination has a lane; lanes with somebody to send take turns, one message
 * each, as long as the total allows. A lane that is full, slow or shut costs the others nothing: what waits in
 * it holds no slot, and beyond a few it asks for no more. A destination that has not been reached yet, or not the
 * last time, is tried outside the total, one attempt at a time, and takes its slot when it has answered: however
 * many are dead, the others go on, and new ones are tried at once.
 */

export interface SchedulerParts {
  readonly now: () => number;
  /** Attempts at once, over all destinations. */
  readonly concurrency: () => number;
  readonly backOff: () => BackOff;
  /** A slot or a crowded lane has become free. */
  readonly onRoom: () => void;
}

const laneLimit = 20_000;
/** Tries of destinations not known to be alive, for each slot of the total. */
const triesPerSlot = 10;

export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #turns = { proven: new Set<Lane>(), doubtful: new Set<Lane>() };
  #active = 0;
  #trying = 0;
  readonly #admissions: (() => void)[] = [];
  #stopped = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  /** Attempts that hold a slot. */
  get active(): number {
    return this.#active;
  }

  get lanes(): number {
    return this.#lanes.size;
  }

  /** More for this destination would only wait. */
  isCrowded(key: string): boolean {
    return this.#lanes.get(key)?.crowded ?? false;
  }

  /** Runs the ticket now or in its turn, or refuses it if its destination is backing off, unless it is urgent. */
  submit(ticket: Ticket): void {
    const lane = this.#lane(ticket.key);
    const trouble = lane.trouble(this.#parts.now());
    if (trouble && !ticket.urgent) ticket.refuse(trouble);
    else if (this.#stopped) ticket.giveBack();
    else {
      lane.add(ticket);
      this.#queueTurn(lane);
      this.#run();
    }
  }

  /** Nothing more starts; what waits is given back. */
  stop(): void {
    this.#stopped = true;
    for (const lane of this.#lanes.values()) for (const ticket of lane.waiting.splice(0)) ticket.giveBack();
  }

  #lane(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) {
      if (this.#lanes.size >= laneLimit) this.#sweep();
      lane = new Lane();
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #sweep(): void {
    for (const [key, lane] of this.#lanes) if (lane.isIdle(this.#parts.now())) this.#lanes.delete(key);
  }

  #queueTurn(lane: Lane): void {
    if (lane.ready) (lane.proven ? this.#turns.proven : this.#turns.doubtful).add(lane);
  }

  #run(): void {
    while (this.#active < this.#parts.concurrency() && this.#serveNext());
    while (this.#trying < triesPerSlot * this.#parts.concurrency()) {
      const lane = first(this.#turns.doubtful);
      if (!lane) return;
      this.#serve(lane);
    }
  }

  /** Those that have got hold of their destination go first: somebody waits at the other end. */
  #serveNext(): boolean {
    const admit = this.#admissions.shift();
    if (admit) {
      admit();
      return true;
    }
    const lane = first(this.#turns.proven);
    if (lane) this.#serve(lane);
    return lane !== null;
  }

  #serve(lane: Lane): void {
    const ticket = lane.waiting[0];
    if (!ticket || !lane.ready) return;
    const pause = ticket.rate?.wait(this.#parts.now()) ?? 0;
    if (pause > 0) this.#pause(lane, pause);
    else {
      lane.waiting.shift();
      ticket.rate?.take(this.#parts.now());
      void (lane.proven ? this.#start(ticket, lane) : this.#try(ticket, lane));
      this.#queueTurn(lane);
    }
  }

  #pause(lane: Lane, milliseconds: number): void {
    lane.paused = true;
    const resume = (): void => {
      lane.paused = false;
      this.#queueTurn(lane);
      this.#run();
    };
    setTimeout(resume, milliseconds).unref();
  }

  async #start(ticket: Ticket, lane: Lane): Promise<void> {
    lane.active += 1;
    this.#active += 1;
    const contact = await ticket.run(() => Promise.resolve());
    this.#active -= 1;
    this.#ended(lane, contact);
  }

  async #try(ticket: Ticket, lane: Lane): Promise<void> {
    lane.active += 1;
    this.#trying += 1;
    let slot: Promise<void> | null = null;
    const admitted = (): Promise<void> => {
      slot ??= this.#admitted();
      return slot;
    };
    const contact = await ticket.run(admitted);
    if (slot) this.#active -= 1;
    else this.#trying -= 1;
    this.#ended(lane, contact);
  }

  /** Resolves when there is a slot, and takes it. */
  #admitted(): Promise<void> {
    return new Promise((resolve) => {
      this.#admissions.push(() => {
        this.#trying -= 1;
        this.#active += 1;
        resolve();
      });
      this.#run();
    });
  }

  #ended(lane: Lane, contact: Contact): void {
    lane.ended(contact, { now: this.#parts.now(), backOff: this.#parts.backOff() });
    this.#refuseAll(lane);
    this.#queueTurn(lane);
    this.#run();
    this.#parts.onRoom();
  }

  #refuseAll(lane: Lane): void {
    const trouble = lane.trouble(this.#parts.now());
    if (trouble) for (const ticket of lane.waiting.splice(0)) ticket.refuse(trouble);
  }
}

/** Takes the lane whose turn it is off the front. */
const first = (turns: Set<Lane>): Lane | null => {
  for (const lane of turns) {
    turns.delete(lane);
    return lane;
  }
  return null;
};
