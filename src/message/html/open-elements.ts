import { ENDS, ENDS_PARAGRAPH, FOSTERING, SCOPE } from './elements.ts';
import type { Hiding } from './hiding.ts';

/** Whether text at this place is visible. */
export interface Sight {
  readonly gone: boolean;
  readonly invisible: boolean;
  readonly tiny: boolean;
  readonly doubtful: boolean;
}

interface Open {
  readonly name: string;
  readonly sight: Sight;
  /** The sight in front of the table, for text that is not allowed here. */
  readonly foster: Sight;
}

const SEEN: Sight = { gone: false, invisible: false, tiny: false, doubtful: false };

const within = (outer: Sight, hiding: Hiding): Sight => ({
  gone: outer.gone || hiding.gone === true,
  invisible: hiding.invisible ?? outer.invisible,
  tiny: hiding.tiny ?? outer.tiny,
  doubtful: outer.doubtful || hiding.doubtful === true,
});

/** How far to search for the end implied by a start tag. */
const NEAR = 100;

/** The open elements, as in browsers (HTML 13.2.4.2), as far as they affect visibility. */
export class OpenElements {
  readonly #open: Open[] = [];
  readonly #counts = new Map<string, number>();

  /** Applies to the next text. */
  get sight(): Sight {
    const top = this.#open.at(-1);
    if (top === undefined) return SEEN;
    return FOSTERING.has(top.name) ? top.foster : top.sight;
  }

  start(name: string, hiding: Hiding | null): void {
    if (name === 'form' && this.#has('form')) return;
    this.#implyEnds(name);
    const around = this.#open.at(-1);
    const outer = around?.sight ?? SEEN;
    const sight = hiding === null ? outer : within(outer, hiding);
    const foster = name === 'table' || !around || !FOSTERING.has(name) ? outer : around.foster;
    this.#open.push({ name, sight, foster });
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Ends the nearest element of this name and everything open in it; an end tag without an open element is ignored. */
  end(name: string): void {
    if (!this.#has(name)) return;
    while (this.#pop() !== name);
  }

  #has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  #pop(): string | undefined {
    const open = this.#open.pop();
    if (open) this.#counts.set(open.name, (this.#counts.get(open.name) ?? 1) - 1);
    return open?.name;
  }

  #implyEnds(name: string): void {
    if (ENDS_PARAGRAPH.has(name) && this.#isNear(new Set(['p']))) this.end('p');
    const ends = ENDS.get(name);
    const near = ends && this.#isNear(ends);
    if (near) this.end(near);
    else if (/^h[1-6]$/.test(name) && /^h[1-6]$/.test(this.#open.at(-1)?.name ?? '')) this.#pop();
  }

  /** The nearest open element with one of these names within the current scope. */
  #isNear(names: ReadonlySet<string>): string | null {
    if (![...names].some((name) => this.#has(name))) return null;
    for (let at = this.#open.length - 1; at >= Math.max(0, this.#open.length - NEAR); at--) {
      const name = this.#open[at]?.name ?? '';
      if (names.has(name)) return name;
      if (SCOPE.has(name)) return null;
    }
    return null;
  }
}
