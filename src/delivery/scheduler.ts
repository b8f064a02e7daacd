import { type BackOff, type Contact, type DeliveryRequest, DestinationQueue } from './destination-queue.ts';

/*
 * Decides which delivery runs when. Every destination has a queue; destinations with waiting mail take turns, one
 * message each, within the total limit. A destination that is full, slow, at its rate or backing off costs the
 * others nothing: its waiting messages hold no slots, and beyond a few it fetches no more. A destination not yet reached, or not reached last
 * time, is tried outside the total, one attempt at a time, and takes a slot once it answers. So dead
 * destinations never block the others, and new ones are tried at once.
 */

export interface SchedulerParts {
  readonly now: () => number;
  /** Concurrent attempts over all destinations. */
  readonly concurrency: () => number;
  readonly backOff: () => BackOff;
  /** Called when a slot or a crowded destination becomes free. */
  readonly onRoom: () => void;
}

const DESTINATION_LIMIT = 20_000;
/** Concurrent attempts to destinations not known to be alive, per slot of the total. */
const TRIES_PER_SLOT = 10;

export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #destinations = new Map<string, DestinationQueue>();
  readonly #turns = { proven: new Set<DestinationQueue>(), doubtful: new Set<DestinationQueue>() };
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

  get destinations(): number {
    return this.#destinations.size;
  }

  /** Further requests for this destination would only wait. */
  isCrowded(key: string): boolean {
    return this.#destinations.get(key)?.crowded ?? false;
  }

  /** Runs the request now or in turn. Refuses it if its destination is backing off, unless it is urgent. */
  submit(request: DeliveryRequest): void {
    const destination = this.#destination(request.key);
    const trouble = destination.trouble(this.#parts.now());
    if (trouble && !request.urgent) request.refuse(trouble);
    else if (this.#stopped) request.giveBack();
    else {
      destination.add(request);
      this.#queueTurn(destination);
      this.#run();
    }
  }

  /** Starts nothing more and gives back what is waiting. */
  stop(): void {
    this.#stopped = true;
    for (const destination of this.#destinations.values()) for (const request of destination.waiting.splice(0)) request.giveBack();
  }

  #destination(key: string): DestinationQueue {
    let destination = this.#destinations.get(key);
    if (!destination) {
      if (this.#destinations.size >= DESTINATION_LIMIT) this.#sweep();
      destination = new DestinationQueue();
      this.#destinations.set(key, destination);
    }
    return destination;
  }

  #sweep(): void {
    for (const [key, destination] of this.#destinations) if (destination.isIdle(this.#parts.now())) this.#destinations.delete(key);
  }

  #queueTurn(destination: DestinationQueue): void {
    if (destination.ready) (destination.proven ? this.#turns.proven : this.#turns.doubtful).add(destination);
  }

  #run(): void {
    while (this.#active < this.#parts.concurrency() && this.#serveNext());
    while (this.#trying < TRIES_PER_SLOT * this.#parts.concurrency()) {
      const destination = first(this.#turns.doubtful);
      if (!destination) return;
      this.#serve(destination);
    }
  }

  /** Attempts that have reached their destination go first: the next hop is waiting. */
  #serveNext(): boolean {
    const admit = this.#admissions.shift();
    if (admit) {
      admit();
      return true;
    }
    const destination = first(this.#turns.proven);
    if (destination) this.#serve(destination);
    return destination !== null;
  }

  #serve(destination: DestinationQueue): void {
    const request = destination.waiting[0];
    if (!request || !destination.ready) return;
    const pause = request.rate?.wait(this.#parts.now()) ?? 0;
    if (pause > 0) this.#pause(destination, pause);
    else {
      destination.waiting.shift();
      request.rate?.take(this.#parts.now());
      void (destination.proven ? this.#start(request, destination) : this.#try(request, destination));
      this.#queueTurn(destination);
    }
  }

  #pause(destination: DestinationQueue, milliseconds: number): void {
    destination.paused = true;
    const resume = (): void => {
      destination.paused = false;
      this.#queueTurn(destination);
      this.#run();
    };
    setTimeout(resume, milliseconds).unref();
  }

  async #start(request: DeliveryRequest, destination: DestinationQueue): Promise<void> {
    destination.active += 1;
    this.#active += 1;
    const contact = await request.run(() => Promise.resolve(), destination.misses);
    this.#active -= 1;
    this.#ended(destination, contact);
  }

  async #try(request: DeliveryRequest, destination: DestinationQueue): Promise<void> {
    destination.active += 1;
    this.#trying += 1;
    let slot: Promise<void> | null = null;
    const admitted = (): Promise<void> => {
      slot ??= this.#admitted();
      return slot;
    };
    const contact = await request.run(admitted, destination.misses);
    if (slot) this.#active -= 1;
    else this.#trying -= 1;
    this.#ended(destination, contact);
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

  #ended(destination: DestinationQueue, contact: Contact): void {
    destination.ended(contact, { now: this.#parts.now(), backOff: this.#parts.backOff() });
    this.#refuseAll(destination);
    this.#queueTurn(destination);
    this.#run();
    this.#parts.onRoom();
  }

  #refuseAll(destination: DestinationQueue): void {
    const trouble = destination.trouble(this.#parts.now());
    if (trouble) for (const request of destination.waiting.splice(0)) request.refuse(trouble);
  }
}

/** Removes the destination whose turn it is from the front. */
const first = (turns: Set<DestinationQueue>): DestinationQueue | null => {
  for (const destination of turns) {
    turns.delete(destination);
    return destination;
  }
  return null;
};
