import type { Route } from '../decision.ts';
import { isObject, type Json } from '../json.ts';
import { parseDuration } from '../quantity.ts';
import type { RouteSyntax } from '../syntax.ts';
import { guard } from './condition.ts';
import type { Scope } from './scope.ts';
import type { Test } from './test.ts';

export interface CompiledRoute {
  readonly name: string;
  readonly when: Test;
  readonly route: Route;
}

export const compileRoute = (syntax: RouteSyntax, scope: Scope): CompiledRoute => ({
  name: syntax.name,
  when: guard(syntax.when, syntax.unless, scope),
  route: { id: syntax.name, to: String(syntax.to.value), ...options(syntax.options.value) },
});

/** The schema has vouched for the types; what is not written is left out. */
const options = (written: Json): Omit<Route, 'id' | 'to'> => {
  if (!isObject(written)) return {};
  const { tls, auth, source_ip: sourceIp, helo, concurrency, recipients, eight_bit: eightBit, rate } = written;
  return {
    ...(isTls(tls) ? { tls } : {}),
    ...(isObject(auth) ? { auth: { user: String(auth.user), passwordFile: String(auth.password_file) } } : {}),
    ...(typeof sourceIp === 'string' ? { sourceIp } : {}),
    ...(typeof helo === 'string' ? { helo } : {}),
    ...(typeof concurrency === 'number' ? { concurrency } : {}),
    ...(typeof recipients === 'number' ? { recipients } : {}),
    ...(eightBit === 'bounce' || eightBit === 'encode' ? { eightBit } : {}),
    ...(typeof rate === 'string' ? { rate: rateOf(rate) } : {}),
  };
};

const TLS = ['none', 'opportunistic', 'required', 'verify'] as const;

const isTls = (word: Json | undefined): word is (typeof TLS)[number] => TLS.some((known) => known === word);

/** `100/1m`; the schema has vouched for the form. */
const rateOf = (written: string): NonNullable<Route['rate']> => {
  const [count = '', per = ''] = written.split('/');
  return { count: Number(count), milliseconds: parseDuration(per) ?? 0 };
};
