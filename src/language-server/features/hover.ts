import { type Hover, MarkupKind, type Position } from 'vscode-languageserver/node';
import type { JsonSchema } from '../../policy/json.ts';
import { pathAt } from '../cursor/path-at.ts';
import { schemasAt } from '../cursor/schemas-at.ts';
import { subjectOf } from '../cursor/subject.ts';
import type { KnownList } from '../names/site-names.ts';
import type { Edited } from './completion.ts';
import { docOf } from './offers.ts';

const listText = ({ name, type, entries, file }: KnownList): string =>
  `List \`${name}\` of type \`${type}\`: ${entries} ${entries === 1 ? 'entry' : 'entries'}${file === null ? '' : ` from \`${file}\``}.`;

const docsOf = (schemas: readonly JsonSchema[]): string | undefined => schemas.map(docOf).find((doc) => doc !== undefined);

/** What the key or value at a position means; `null` where there is nothing to say. */
export const hoverAt = ({ text, schema, names }: Edited, position: Position): Hover | null => {
  const pointed = pathAt(text, position);
  if (pointed === null) return null;
  const { document, path } = pointed;
  const last = path.at(-1);
  const subject = subjectOf(path);
  const found = docsOf(schemasAt(schema, document, { path, open: false })) ?? docsOf(schemasAt(schema, document, { path, open: true }));
  const fact = subject !== null && (subject.below.length === 0 || pointed.part === 'value') ? subject : null;
  const asksList = pointed.part === 'value' && (last === 'in' || last === 'not_in');
  const list = asksList ? names.lists.find(({ name }) => name === pointed.value) : undefined;
  const about = fact === null ? [] : [`**${fact.fact}** (${fact.definition.collection ? 'set of ' : ''}${fact.definition.type.name})`];
  const said = [...(list === undefined ? [] : [listText(list)]), ...about, found].filter((one) => one !== undefined);
  return said.length === 0 ? null : { contents: { kind: MarkupKind.Markdown, value: [...new Set(said)].join('\n\n') } };
};
