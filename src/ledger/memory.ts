/*
 * Counts, greylist and failed logins in memory, within a budget. Rows belong to owners: one rule and one client network,
 * with waiting keys separate from those that have passed. When there is no room, the owner with the most rows loses its
 * least recently used one. So only the largest client loses entries, and a client that invents hundreds of thousands
 * of keys evicts its own.
 */
import type { Recorded } from './frame.ts';
import { conforming } from './gcra.ts';
import { greylisted } from './greylist.ts';
import { loginStep } from './login.ts';
import { OWNERS, Owners } from './owners.ts';
import type { Key, LedgerRequest } from './request.ts';
import { NOWHERE, ROW_BYTES, Rows } from './rows.ts';

/** A decision; `changed` is the number of the row to record, or `NOWHERE`. */
export interface Decided {
  readonly held: boolean;
  readonly changed: number;
}

/** The share of all rows that one owner may have. */
const SHARE = 1 / 4;

/** Owners visited per sweep, and rows it may remove. */
const VISITED = 2_048;
const SWEPT = 20_000;

type Limit = Extract<LedgerRequest, { readonly kind: 'limit' }>;
type Greylist = Extract<LedgerRequest, { readonly kind: 'greylist' }>;
type Login = Extract<LedgerRequest, { readonly kind: 'login' }>;

export class Memory {
  readonly #rows: Rows;
  readonly #owners: Owners;
  readonly #share: number;
  /** Decides which owners share a slot when there are more owners than slots. */
  salt: number;
  #evicted = 0;
  #sweptTo = 0;

  constructor(bytes: number, salt: number) {
    const most = Math.max(64, Math.floor(bytes / ROW_BYTES));
    this.#rows = new Rows(most);
    this.#owners = new Owners(this.#rows);
    this.#share = Math.floor(most * SHARE);
    this.salt = salt;
  }

  /** Rows dropped for lack of room so far. */
  get evicted(): number {
    return this.#evicted;
  }

  decide(request: LedgerRequest, now: number): Decided {
    if (request.kind === 'limit') return this.#limit(request, now);
    return request.kind === 'greylist' ? this.#greylist(request, now) : this.#login(request, now);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Rows are numbered below this. */
  get end(): number {
    return this.#rows.end;
  }

  /** A row as written to disk; `null` if none has this number. */
  recorded(at: number): Recorded | null {
    if (!this.#rows.isUsed(at)) return null;
    return { key: this.#rows.keyAt(at), row: this.#rows.row(at), owner: this.#rows.owners[at] ?? 0 };
  }

  /** Restores a row from disk, replacing an earlier one. */
  restore({ key, row, owner }: Recorded, now: number): void {
    const found = this.#rows.find(key);
    if (found !== NOWHERE) this.#remove(found);
    if (row.expires >= now) this.#rows.set(this.#added(key, owner % OWNERS), row);
  }

  /** Removes expired rows; each call continues where the last one ended. */
  sweep(now: number): void {
    let left = SWEPT;
    for (let visited = 0; visited < VISITED && left > 0; visited++) {
      const owner = this.#sweptTo;
      this.#sweptTo = (owner + 1) % OWNERS;
      for (let at = this.#owners.oldestOf(owner); at !== NOWHERE && left > 0; at = this.#owners.oldestOf(owner), left--) {
        if (this.#rows.expires(at) >= now) break;
        this.#remove(at);
      }
    }
  }

  #limit(request: Limit, now: number): Decided {
    const owner = this.#ownerOf(request.owner, 0);
    const found = this.#rows.find(request.key);
    const next = conforming(found === NOWHERE ? 0 : this.#rows.expires(found), now, request);
    if (found !== NOWHERE) this.#seen(found, owner);
    if (next === null) return { held: true, changed: NOWHERE };
    const at = found === NOWHERE ? this.#added(request.key, owner) : found;
    this.#rows.set(at, { expires: next, first: 0, passed: 0 });
    return { held: false, changed: at };
  }

  #greylist(request: Greylist, now: number): Decided {
    const found = this.#rows.find(request.key);
    const known = found === NOWHERE || this.#rows.expires(found) < now ? null : this.#rows.row(found);
    const { mustWait, entry, expires } = greylisted(known, now, request);
    const owner = this.#ownerOf(request.owner, entry.passed === 0 ? 1 : 2);
    const isSame = known !== null && known.first === entry.first && known.passed === entry.passed;
    if (isSame) return { held: mustWait, changed: NOWHERE };
    const at = found === NOWHERE ? this.#added(request.key, owner) : found;
    const isAgain = known !== null && known.passed > 0 && entry.passed > 0;
    if (isAgain) this.#seen(at, owner);
    else if (found !== NOWHERE) this.#move(at, owner);
    this.#rows.set(at, { expires, ...entry });
    return { held: mustWait, changed: at };
  }

  #login(request: Login, now: number): Decided {
    const found = this.#rows.find(request.key);
    const known = found === NOWHERE || this.#rows.expires(found) < now ? null : this.#rows.row(found);
    const { held, row } = loginStep(known, now, request);
    if (row === null) return { held, changed: NOWHERE };
    const owner = this.#ownerOf(request.owner, 0);
    const at = found === NOWHERE ? this.#added(request.key, owner) : found;
    if (found !== NOWHERE) this.#seen(at, owner);
    this.#rows.set(at, row);
    return { held, changed: at };
  }

  #ownerOf(owner: number, stage: number): number {
    const mixed = Math.imul(owner ^ this.salt ^ Math.imul(stage, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (OWNERS - 1);
  }

  /** A row that several owners ask for is charged to the one with the fewest rows, so that a crowded owner cannot have it evicted. */
  #seen(at: number, owner: number): void {
    const present = this.#rows.owners[at] ?? 0;
    this.#move(at, this.#owners.sizeOf(owner) < this.#owners.sizeOf(present) ? owner : present);
  }

  #move(at: number, owner: number): void {
    this.#owners.leave(at);
    this.#owners.enter(at, owner);
  }

  #added(key: Key, owner: number): number {
    if (this.#owners.sizeOf(owner) >= this.#share) this.#evict(owner);
    else if (this.#rows.isFull) this.#evict(this.#owners.largest());
    const at = this.#rows.add(key);
    this.#owners.enter(at, owner);
    return at;
  }

  #evict(owner: number): void {
    this.#remove(this.#owners.oldestOf(owner));
    this.#evicted++;
  }

  #remove(at: number): void {
    this.#owners.leave(at);
    this.#rows.remove(at);
  }
}
