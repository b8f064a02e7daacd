import { type CompletionItem, CompletionItemKind, MarkupKind, type Position } from 'vscode-languageserver/node';
import type { JsonSchema } from '../../policy/json.ts';
import { type Place, placeAt } from '../cursor/place.ts';
import { schemasAt } from '../cursor/schemas-at.ts';
import type { SiteNames } from '../names/site-names.ts';
import { type Offer, offersAt } from './offers.ts';

const KINDS: Readonly<Record<Offer['is'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  name: CompletionItemKind.Reference,
};

/** Words that YAML would read as something else than text, and signs that it would. */
const PLAIN = /^[A-Za-z][\w./-]*$/;

const written = ({ text, is }: Offer, place: Place): string => {
  if (is === 'key') return place.colon ? text : `${text}: `;
  return is === 'value' || PLAIN.test(text) ? text : JSON.stringify(text);
};

/** The word at the cursor is replaced as a whole: editors disagree on what a word with dots is. */
const itemFor = (offer: Offer, place: Place, { line, character }: Position): CompletionItem => ({
  label: offer.text,
  kind: KINDS[offer.is],
  textEdit: {
    range: { start: { line, character: character - place.word.before }, end: { line, character: character + place.word.behind } },
    newText: written(offer, place),
  },
  ...(offer.detail === undefined ? {} : { detail: offer.detail }),
  ...(offer.doc === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: offer.doc } }),
});

/** A document, the schema it is held against, and what its site names. */
export interface Edited {
  readonly text: string;
  readonly schema: JsonSchema;
  readonly names: SiteNames;
}

/** What may be written at a position of a text, which may be broken. */
export const completionAt = ({ text, schema, names }: Edited, position: Position): readonly CompletionItem[] => {
  const place = placeAt(text, position);
  if (place === null) return [];
  const { document, path } = place;
  const schemasBelow = (key?: string): readonly JsonSchema[] =>
    key === undefined
      ? schemasAt(schema, document, { path, open: place.writes === 'value' || path.length > 0 })
      : schemasAt(schema, document, { path: [...path, key], open: true });
  return offersAt(place, { names, schemasBelow }).map((offer) => itemFor(offer, place, position));
};
