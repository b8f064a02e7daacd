import type { Located, Named } from '../syntax.ts';
import { entry, textOf } from './parts.ts';

/** `rules/10-recipients.yaml` gives `10-recipients`. */
export const stemOf = (path: string): string => (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/i, '');

/** Id, full name and places of a grant, rule or route. The schema has vouched for the id. */
export const readNamed = (located: Located, stem: string): Named & { readonly description: string | null } => {
  const id = textOf(entry(located, 'id')) ?? '';
  return {
    id,
    name: `${stem}/${id}`,
    description: textOf(entry(located, 'description')),
    at: located.at,
    idAt: located.spanOf(['id'], 'value'),
  };
};
