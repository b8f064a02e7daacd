/*
 * Finds which of many texts a value begins or ends with, in one walk along the value: a hash is carried from character
 * to character and looked up wherever a text of that length exists. Nothing is allocated on the way.
 */

const EMPTY = 0;

const mixed = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return once ^ (once >>> 13);
};

export class AffixIndex {
  readonly #end: boolean;
  readonly #texts: string[] = [];
  readonly #positions: number[][] = [];
  readonly #numbers = new Map<string, number>();
  #slots = new Int32Array(16);
  #hashes = new Int32Array(16);
  #lengths = new Uint8Array(16);

  constructor(side: 'start' | 'end') {
    this.#end = side === 'end';
  }

  get isEmpty(): boolean {
    return this.#texts.length === 0;
  }

  add(text: string, position: number): void {
    const known = this.#numbers.get(text);
    if (known !== undefined) {
      this.#positions[known]?.push(position);
      return;
    }
    this.#numbers.set(text, this.#texts.length);
    this.#texts.push(text);
    this.#positions.push([position]);
    if (2 * this.#texts.length > this.#slots.length) this.#grow();
    else this.#place(this.#texts.length - 1);
  }

  /** Calls `found` with the positions of every text that the value begins (ends) with. */
  collect(value: string, found: (positions: readonly number[]) => void): void {
    if (this.isEmpty) return;
    const last = Math.min(value.length, this.#lengths.length - 1);
    let hash = 0;
    for (let length = 1; length <= last; length++) {
      hash = Math.imul(hash, 31) + value.charCodeAt(this.#end ? value.length - length : length - 1);
      if (this.#lengths[length] === 1) this.#probe(hash | 0, value, found);
    }
  }

  #probe(hash: number, value: string, found: (positions: readonly number[]) => void): void {
    const mask = this.#slots.length - 1;
    for (let slot = mixed(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? EMPTY;
      if (entry === EMPTY) return;
      if (this.#hashes[slot] !== hash) continue;
      const text = this.#texts[entry - 1] ?? '';
      const positions = this.#positions[entry - 1];
      if (positions && (this.#end ? value.endsWith(text) : value.startsWith(text))) found(positions);
    }
  }

  #hashOf(text: string): number {
    let hash = 0;
    for (let length = 1; length <= text.length; length++)
      hash = Math.imul(hash, 31) + text.charCodeAt(this.#end ? text.length - length : length - 1);
    return hash | 0;
  }

  #place(number: number): void {
    const text = this.#texts[number] ?? '';
    if (text.length >= this.#lengths.length) {
      const larger = new Uint8Array(Math.max(text.length + 1, 2 * this.#lengths.length));
      larger.set(this.#lengths);
      this.#lengths = larger;
    }
    this.#lengths[text.length] = 1;
    const hash = this.#hashOf(text);
    const mask = this.#slots.length - 1;
    let slot = mixed(hash) & mask;
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
    this.#hashes[slot] = hash;
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    this.#hashes = new Int32Array(this.#slots.length);
    for (let number = 0; number < this.#texts.length; number++) this.#place(number);
  }
}
