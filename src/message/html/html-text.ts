import { setImmediate as turn } from 'node:timers/promises';
import { type Token, type TokenHandler, Tokenizer, TokenizerMode } from 'parse5';
import { BLOCK, CELL, TRANSPARENT, UNSEEN, VOID } from './elements.ts';
import { type Hiding, hidingOf, isWhite } from './hiding.ts';
import { OpenElements } from './open-elements.ts';
import { StyleSheet } from './style-sheet.ts';

/*
 * The text that a reader of HTML sees. Tags are read with parse5's tokenizer, as browsers do; text that is certainly
 * hidden is left out. Text that only some mail programs hide is left out as well, but if that makes a difference, the
 * text including it follows, so that a rule sees what either reader sees. Takes linear time and yields to others.
 */

/** Characters read before yielding to others. */
const PIECE = 4096;

/** Rejects when the signal is aborted. */
export const htmlText = async (html: string, signal: AbortSignal): Promise<string> => {
  const reading = new HtmlReading();
  for (let at = 0; at < html.length; at += PIECE) {
    reading.read(html.slice(at, at + PIECE));
    await turn();
    signal.throwIfAborted();
  }
  return reading.end();
};

const ignore = (): void => undefined;

/** Elements whose content has no tags, and the tokenizer state for it. */
const RAW: ReadonlyMap<string, 'RCDATA' | 'RAWTEXT' | 'SCRIPT_DATA' | 'PLAINTEXT'> = new Map([
  ['title', 'RCDATA'],
  ['textarea', 'RCDATA'],
  ['style', 'RAWTEXT'],
  ['xmp', 'RAWTEXT'],
  ['iframe', 'RAWTEXT'],
  ['noembed', 'RAWTEXT'],
  ['noframes', 'RAWTEXT'],
  ['script', 'SCRIPT_DATA'],
  ['plaintext', 'PLAINTEXT'],
]);

class HtmlReading implements TokenHandler {
  readonly #tokenizer: Tokenizer = new Tokenizer({}, this);
  readonly #open = new OpenElements();
  readonly #styles = new StyleSheet();
  readonly #seen: string[] = [];
  /** The text including what only some mail programs hide. */
  readonly #all: string[] = [];
  #style: string[] | null = null;
  /** Within a comment, where there is none. */
  readonly #isNested: boolean;

  constructor(isNested = false) {
    this.#isNested = isNested;
  }

  readonly onDoctype = ignore;
  readonly onEof = ignore;
  readonly onNullCharacter = ignore;

  read(html: string): void {
    this.#tokenizer.write(html, false);
  }

  /** Ends the text and returns everything in it that any kind of reader sees. */
  parts(): readonly string[] {
    this.#tokenizer.write('', true);
    return this.#all;
  }

  end(): string {
    this.#tokenizer.write('', true);
    const seen = tidy(this.#seen);
    const all = tidy(this.#all);
    return all === seen || seen === '' ? all : `${seen}\n\n${all}`;
  }

  /** Content for Outlook only (`<!--[if mso]>…<![endif]-->`) is seen by some readers. */
  onComment({ data }: Token.CommentToken): void {
    const [, html] = /^\s*\[if [^\]]{1,80}\]>([\s\S]*)<!\[endif\]\s*$/i.exec(data) ?? [];
    if (html === undefined || this.#isNested) return;
    const { gone, invisible, tiny } = this.#open.sight;
    if (gone || invisible || tiny) return;
    const reading = new HtmlReading(true);
    reading.read(html);
    this.#all.push(...reading.parts());
  }

  onStartTag({ tagName, attrs }: Token.TagToken): void {
    const raw = RAW.get(tagName);
    if (raw) this.#tokenizer.state = TokenizerMode[raw];
    if (tagName === 'style') this.#style = [];
    this.#part(tagName);
    const attribute = (name: string): string | undefined => attrs.find((one) => one.name === name)?.value;
    if (tagName === 'img') this.#write(attribute('alt') ?? '');
    if (tagName === 'input' && /^(?:submit|button|reset)$/i.test(attribute('type') ?? '')) this.#write(attribute('value') ?? '');
    if (!VOID.has(tagName) && !TRANSPARENT.has(tagName)) this.#open.start(tagName, this.#hiding(tagName, attribute));
  }

  onEndTag({ tagName }: Token.TagToken): void {
    if (tagName === 'style' && this.#style) {
      this.#styles.add(this.#style.join(''));
      this.#style = null;
    }
    this.#open.end(tagName);
    this.#part(tagName);
  }

  onCharacter({ chars }: Token.CharacterToken): void {
    if (this.#style) this.#style.push(chars);
    else this.#write(chars);
  }

  onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  #hiding(name: string, attribute: (name: string) => string | undefined): Hiding | null {
    const hiding = hidingOf(attribute('style') ?? '');
    const isHidden = attribute('hidden') !== undefined || UNSEEN.has(name);
    const isStyled =
      (name === 'font' && isWhite(attribute('color'))) || this.#styles.hides(name, attribute('id') ?? '', attribute('class') ?? '');
    if (!isHidden && !isStyled) return hiding;
    return { ...hiding, gone: hiding?.gone === true || isHidden, doubtful: hiding?.doubtful === true || isStyled };
  }

  /** Block elements separate words by a line break, cells by a space; all others do not. */
  #part(name: string): void {
    const between = BLOCK.has(name) ? '\n' : CELL.has(name) ? ' ' : '';
    if (between === '') return;
    this.#seen.push(between);
    this.#all.push(between);
  }

  #write(text: string): void {
    const { gone, invisible, tiny, doubtful } = this.#open.sight;
    if (gone || invisible || tiny) return;
    const line = text.replace(/\s+/g, ' ');
    if (!doubtful) this.#seen.push(line);
    this.#all.push(line);
  }
}

/** Collapses white space as a reader sees it: to one space or one line break. */
const tidy = (parts: readonly string[]): string =>
  parts
    .join('')
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
