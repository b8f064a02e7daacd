import { type Hiding, hidingOf } from './hiding.ts';

/** Anything beyond this is ignored: it takes time, and no legitimate message needs it. */
const LONGEST = 64 * 1024;

const SELECTOR = /^([a-z][a-z0-9]*)?([.#][\w-]+)?$/i;

/** The hiding rules of a text's `style` elements, by simple selectors: `p`, `.x`, `p.x`, `#x`. */
export class StyleSheet {
  readonly #hidden = new Set<string>();
  #length = 0;

  /** Adds the text of a `style` element. Rules for specific media are ignored. */
  add(text: string): void {
    const plain = text.slice(0, LONGEST - this.#length).replace(/<!--|-->|\/\*[\s\S]*?(?:\*\/|$)/g, '');
    this.#length += plain.length;
    for (const { prelude, body } of rulesOf(plain)) {
      const hiding = hidingOf(body);
      if (hiding !== null && isHiding(hiding)) this.#addSelectors(prelude);
    }
  }

  /** Whether a rule hides an element of this name, with this `id` and these classes. */
  hides(name: string, id: string, classes: string): boolean {
    if (this.#hidden.size === 0) return false;
    const parts = ['', `#${id}`, ...classes.split(/\s+/, 50).map((one) => `.${one}`)].map((part) => part.toLowerCase());
    return parts.some((part) => this.#hidden.has(part) || this.#hidden.has(`${name}${part}`));
  }

  #addSelectors(prelude: string): void {
    for (const selector of prelude.split(',').map((one) => one.trim()))
      if (selector !== '' && SELECTOR.test(selector)) this.#hidden.add(selector.toLowerCase());
  }
}

const isHiding = ({ gone, invisible, tiny, doubtful }: Hiding): boolean =>
  gone === true || invisible === true || tiny === true || doubtful === true;

interface Rule {
  readonly prelude: string;
  readonly body: string;
}

/** The top-level rules, except at-rules (CSS Syntax 5.4). */
function* rulesOf(text: string): Generator<Rule> {
  let start = 0;
  let open = -1;
  let depth = 0;
  for (const { 0: sign, index } of text.matchAll(/[{};]/g)) {
    if (sign === ';' && depth === 0) start = index + 1;
    else if (sign === '{' && depth++ === 0) open = index;
    else if (sign === '}' && depth > 0 && --depth === 0) {
      const prelude = text.slice(start, open).trim();
      if (!prelude.startsWith('@')) yield { prelude, body: text.slice(open + 1, index) };
      start = index + 1;
    }
  }
}
