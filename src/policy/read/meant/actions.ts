import { actions } from '../../actions/index.ts';
import { isHook } from '../../hook.ts';
import { isArray, isObject, type Json } from '../../json.ts';
import { type Advice, keyOf, type Meant, says, write } from './meant.ts';
import { own, plain } from './word.ts';
import { ACTION_FORMS, ACTION_NAMES, ACTION_WORDS, HOOK_WORDS } from './words.ts';

const hooks: Meant = ({ path }, data) => {
  if (path[0] !== 'rules' || keyOf(path) !== 'on' || path.length !== 3) return null;
  if (isArray(data)) return says('A rule has one hook: write one rule per hook, each with its own id.');
  const word = plain(String(data)).replace(/^(?:hook|on)_/, '');
  const hook = isHook(word) ? word : own(HOOK_WORDS, word);
  return hook === null ? null : write({ part: 'value', text: hook }, `Write on: ${hook}.`);
};

/** `then: DENY`, or the name of an action that needs a value. */
const names: Meant = ({ path, keyword }, data) => {
  const isStep = path[0] === 'rules' && path[2] === 'then' && path.slice(3).every((step) => typeof step === 'number');
  if (!isStep || keyword !== 'enum' || typeof data !== 'string') return null;
  const action = own(ACTION_NAMES, plain(data)) ?? plain(data);
  const form = own(ACTION_FORMS, action);
  if (form === null) return meantWord(data, action);
  if (!isBare(action)) return says(`Write ${form}.`);
  return write({ part: 'value', text: action }, `Write ${action}, or with a reply of your own ${form}.`);
};

/** Words that end a hook elsewhere are ours for it, though nothing is let in by them. */
const meantWord = (data: string, action: string): Advice | null => {
  const help = own(ACTION_WORDS, action);
  if (help === null) return isBare(action) ? write({ part: 'value', text: action }) : null;
  return help.startsWith('Write accept,') && plain(data) === action
    ? write({ part: 'value', text: 'accept', safe: false }, help)
    : says(help);
};

const isBare = (action: string): boolean => actions.get(action)?.bare === true;

/** `reject: { code: 550, text: no }`, `add_header: "X-Name: text"`, `score: "+5"`. */
const written: Meant = ({ path, keyword }, data) => {
  if (path[0] !== 'rules' || !path.includes('then') || keyword !== 'type') return null;
  const action = keyOf(path);
  if ((action === 'reject' || action === 'defer') && isObject(data)) return wholeReply(action, data);
  return data === true ? withoutTrue(action) : headerField(action, data);
};

const wholeReply = (action: string, data: { readonly [key: string]: Json }): Advice => {
  const parts = [data.code ?? (action === 'reject' ? 550 : 451), data.enhanced ?? data.status, data.text ?? data.message ?? data.reason];
  const text = JSON.stringify(parts.filter((part) => part !== undefined).join(' '));
  const isWhole = Object.keys(data).every((key) => ['code', 'enhanced', 'status', 'text', 'message', 'reason'].includes(key));
  return isWhole ? write({ part: 'value', text }, `Write ${action}: ${text}.`) : says(`Write ${action}: ${text}.`);
};

const headerField = (action: string, data: Json): Advice | null => {
  const [, name = '', text = ''] = /^([!-9;-~]+):\s*(.+)$/.exec(typeof data === 'string' ? data : '') ?? [];
  if (name === '' || !/_header$/.test(action)) return null;
  const field = `{ ${name}: ${JSON.stringify(text)} }`;
  return write({ part: 'value', text: field }, `Write ${action}: ${field}.`);
};

/** `reject: true`: the name of an action that needs no argument stands alone. */
const withoutTrue = (action: string): Advice | null => {
  const form = own(ACTION_FORMS, action);
  if (action === 'skip') return says('Write skip: [GROUP], with the group of the rules to skip.');
  if (!isBare(action)) return null;
  const help = `Write ${action} alone, as in then: ${action}${form === null ? '' : `, or with a reply of your own: ${form}`}.`;
  return write({ part: 'owner', text: action }, help);
};

export const inRules: readonly Meant[] = [hooks, names, written];
