import type { AppliedEffect } from '../../policy/decision.ts';
import { Unknown } from '../../policy/value.ts';

const shown = (value: unknown): string => (value instanceof Unknown ? `unknown (${value.reason})` : String(value));

const each = (values: readonly unknown[]): string => values.map(shown).join(', ');

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/** One effect in the words of the action that had it. */
export const effectText = (effect: AppliedEffect): string => {
  switch (effect.effect) {
    case 'set':
      return Object.entries(effect.values)
        .map(([name, value]) => `result.${name} = ${shown(value)}`)
        .join(', ');
    case 'tag':
      return `tag ${each(effect.tags)}`;
    case 'score':
      return `score ${effect.points > 0 ? '+' : ''}${effect.points}`;
    case 'skip':
      return `skip ${each(effect.groups)}`;
    case 'tarpit':
    case 'hold':
      return `${effect.effect} ${seconds(effect.milliseconds)}`;
    case 'rdns':
      return `rdns ${effect.name ?? 'absent'}`;
    case 'add_header':
    case 'replace_header':
      return `${effect.effect} ${effect.name}: ${effect.value}`;
    case 'remove_header':
      return `remove_header ${effect.name}`;
    case 'rewrite_sender':
    case 'rewrite_recipient':
      return `${effect.effect} ${effect.address}`;
    case 'add_recipient':
    case 'redirect_to':
      return `${effect.effect} ${each(effect.addresses)}`;
    case 'send':
      return `send to ${each(effect.to)}: ${effect.subject}`;
    case 'sign_dkim':
      return `sign_dkim d=${effect.domain} s=${effect.selector}`;
    case 'dsn':
      return `dsn ${effect.amount}`;
    case 'log':
      return `log ${effect.text}`;
  }
};
