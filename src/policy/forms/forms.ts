import { HOOKS } from '../hook.ts';
import type { JsonSchema } from '../json.ts';
import { HOOK_DOCS } from './hooks.ts';
import { choose } from './refs.ts';

/** Forms that many parts of the language share. A description says what the pattern means: it is what authors are shown. */
export const id: JsonSchema = {
  type: 'string',
  pattern: '^[a-z][a-z0-9_-]*$',
  maxLength: 64,
  description: 'An id: a lower-case letter, then lower-case letters, digits, `-` and `_`; unique in its file',
};

export const description: JsonSchema = { type: 'string', description: 'Free text for readers' };

/** `enumDescriptions` is what editors show beside each of the words. */
export const hook: JsonSchema = {
  enum: [...HOOKS],
  enumDescriptions: HOOKS.map((name) => HOOK_DOCS[name].runs),
  description: 'The hook at which the rule runs',
};

/** Relative to the site and not out of it; that no link leads out is checked when it is opened. */
export const sitePath: JsonSchema = {
  type: 'string',
  pattern: '^(?!/|~)(?!.*(?:^|/)\\.\\.(?:/|$))[^\\0\\\\]+$',
  description: 'A path relative to the site and inside it',
};

export const factName: JsonSchema = {
  type: 'string',
  pattern: '^[a-z_]+(?:\\.[A-Za-z0-9_-]+)?$',
  description: 'Name of a fact, `client.ip`',
};

/** One of these or several: decided by type, so that an error points at the very entry. */
export const oneOrMany = (one: JsonSchema): JsonSchema => choose({ type: 'array' }, { items: one, minItems: 1 }, one);
