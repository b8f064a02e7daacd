import { type IpWords, type Prefix, parseIp } from '../ip.ts';

/*
 * Finds which of many networks hold an address: a binary trie, one step a bit, with the positions of a network at the
 * node where its prefix ends. Node n has its children at 2n and 2n+1; 0 is no child.
 */

class Trie {
  readonly #children: number[] = [0, 0];
  readonly #positions: (number[] | undefined)[] = [];

  add({ words, length }: Prefix, position: number): void {
    let node = 0;
    for (let bit = 0; bit < length; bit++) node = this.#child(2 * node + bitAt(words, bit));
    const there = this.#positions[node];
    if (there) there.push(position);
    else this.#positions[node] = [position];
  }

  collect(words: IpWords, found: (positions: readonly number[]) => void): void {
    let node = 0;
    for (let bit = 0; ; bit++) {
      const positions = this.#positions[node];
      if (positions) found(positions);
      if (bit === words.length * 32) return;
      node = this.#children[2 * node + bitAt(words, bit)] ?? 0;
      if (node === 0) return;
    }
  }

  #child(slot: number): number {
    const known = this.#children[slot] ?? 0;
    if (known !== 0) return known;
    const node = this.#children.length / 2;
    this.#children.push(0, 0);
    this.#children[slot] = node;
    return node;
  }
}

const bitAt = (words: IpWords, bit: number): number => ((words[bit >>> 5] ?? 0) >>> (31 - (bit & 31))) & 1;

export class NetworkIndex {
  readonly #ipv4 = new Trie();
  readonly #ipv6 = new Trie();
  /** The address that was asked about last: a session asks about the same one again and again. */
  #text = '';
  #words: IpWords | null = null;

  add(network: Prefix, position: number): void {
    (network.words.length === 1 ? this.#ipv4 : this.#ipv6).add(network, position);
  }

  /** Calls `found` with the positions of every network that holds the address; none where it is not an address. */
  collect(address: string, found: (positions: readonly number[]) => void): void {
    if (address !== this.#text) {
      this.#text = address;
      this.#words = parseIp(address);
    }
    if (this.#words !== null) (this.#words.length === 1 ? this.#ipv4 : this.#ipv6).collect(this.#words, found);
  }
}
