import { isArray, type Json } from '../../json.ts';
import { keyOf, type Meant, says, write } from './meant.ts';
import { own, plain } from './word.ts';
import { LIST_TYPE_WORDS } from './words.ts';
import { flow } from './written.ts';

/** A list written as a sequence, or of a type that has another name. */
export const lists: Meant = ({ path }, data) => {
  const key = keyOf(path);
  if (path[0] === 'lists' && path.length === 1 && isArray(data))
    return says('Write each list as NAME: { type: domain, values: [example.com] }.');
  if (path[0] === 'lists' && path.length === 2 && isArray(data))
    return write({ part: 'entry', text: `${key}: { type: ${typeOf(data)}, values: ${flow([...data])} }`, safe: false });
  if (path[0] === 'lists' && key === 'values' && typeof data === 'string') return write({ part: 'entry', text: `values: [${flow(data)}]` });
  const type = path[0] === 'lists' && key === 'type' ? own(LIST_TYPE_WORDS, plain(String(data))) : null;
  return type === null ? null : write({ part: 'entry', text: `type: ${type}` });
};

const typeOf = (entries: readonly Json[]): string => {
  if (entries.every((entry) => /@/.test(String(entry)))) return 'address';
  return entries.every((entry) => /^[\d.]+(?:\/\d+)?$|:/.test(String(entry))) ? 'cidr' : 'domain';
};
