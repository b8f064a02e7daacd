import { actions } from '../../actions/index.ts';
import { isHook } from '../../hook.ts';
import { isArray, isObject, type Json } from '../../json.ts';
import { keyOf, type Meant } from './meant.ts';
import { own, plain } from './word.ts';
import { ACTION_FORMS, ACTION_NAMES, ACTION_WORDS, HOOK_WORDS } from './words.ts';

const hooks: Meant = ({ path }, data) => {
  if (path[0] !== 'rules' || keyOf(path) !== 'on' || path.length !== 3) return null;
  if (isArray(data)) return 'A rule has one hook: write one rule per hook, each with its own id.';
  const word = plain(String(data)).replace(/^(?:hook|on)_/, '');
  const hook = isHook(word) ? word : own(HOOK_WORDS, word);
  return hook === null ? null : `Write on: ${hook}.`;
};

/** `then: DENY`, or the name of an action that needs a value. */
const names: Meant = ({ path, keyword }, data) => {
  const isStep = path[0] === 'rules' && path[2] === 'then' && path.slice(3).every((step) => typeof step === 'number');
  if (!isStep || keyword !== 'enum' || typeof data !== 'string') return null;
  const action = own(ACTION_NAMES, plain(data)) ?? plain(data);
  const form = own(ACTION_FORMS, action);
  return form === null ? own(ACTION_WORDS, action) : `Write ${isBare(action) ? `${action}, or with a reply of your own ` : ''}${form}.`;
};

const isBare = (action: string): boolean => actions.get(action)?.bare === true;

/** `reject: { code: 550, text: no }`, `add_header: "X-Name: text"`, `score: "+5"`. */
const written: Meant = ({ path, keyword }, data) => {
  if (path[0] !== 'rules' || !path.includes('then') || keyword !== 'type') return null;
  const action = keyOf(path);
  if ((action === 'reject' || action === 'defer') && isObject(data)) {
    const parts = [data.code ?? (action === 'reject' ? 550 : 451), data.enhanced ?? data.status, data.text ?? data.message ?? data.reason];
    return `Write ${action}: ${JSON.stringify(parts.filter((part) => part !== undefined).join(' '))}.`;
  }
  return data === true ? withoutTrue(action) : headerField(action, data);
};

const headerField = (action: string, data: Json): string | null => {
  const [, name = '', text = ''] = /^([!-9;-~]+):\s*(.+)$/.exec(typeof data === 'string' ? data : '') ?? [];
  return name !== '' && /_header$/.test(action) ? `Write ${action}: { ${name}: ${JSON.stringify(text)} }.` : null;
};

/** `reject: true`: the name of an action that needs no argument stands alone. */
const withoutTrue = (action: string): string | null => {
  const form = own(ACTION_FORMS, action);
  if (isBare(action))
    return `Write ${action} alone, as in then: ${action}${form === null ? '' : `, or with a reply of your own: ${form}`}.`;
  return action === 'skip' ? 'Write skip: [GROUP], with the group of the rules to skip.' : null;
};

export const inRules: readonly Meant[] = [hooks, names, written];
