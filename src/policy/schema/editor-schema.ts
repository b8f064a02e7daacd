import { actions } from '../actions/index.ts';
import type { ActionDefinition } from '../definition.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { knownAt } from '../facts/find.ts';
import { facts } from '../facts/index.ts';
import { choose, ref } from '../forms/refs.ts';
import { HOOKS, type Hook } from '../hook.ts';
import { isObject, type JsonSchema } from '../json.ts';
import { argumentOf, outcomeDefinitions } from './actions.ts';
import { conditionNamed, factProperties } from './conditions.ts';
import { editorFactDefinitions, editorFactRef } from './editor-conditions.ts';
import { policyOf } from './policy-schema.ts';
import { grant, route, rule } from './sections.ts';

/*
 * The schema for editors says more than the one that policies are held against: which facts and actions a hook has. There
 * lint says it, once and better, so that the schema which every load goes through stays small.
 */

/** What is the same at several hooks stands once, under the name of the first of them. */
interface Moment<Definition> {
  readonly hooks: readonly [Hook, ...Hook[]];
  readonly has: readonly Definition[];
}

const momentsOf = <Definition extends { readonly name: string }>(
  all: readonly Definition[],
  isAt: (one: Definition, hook: Hook) => boolean,
): readonly Moment<Definition>[] => {
  const moments = new Map<string, Moment<Definition>>();
  for (const hook of HOOKS) {
    const has = all.filter((one) => isAt(one, hook));
    const key = has.map(({ name }) => name).join();
    const earlier = moments.get(key);
    moments.set(key, { has, hooks: earlier === undefined ? [hook] : [...earlier.hooks, hook] });
  }
  return [...moments.values()];
};

const FACTS: readonly Moment<FactDefinition>[] = momentsOf([...facts.values()], knownAt);
const ACTIONS: readonly Moment<ActionDefinition>[] = momentsOf([...actions.values()], ({ hooks }, hook) => hooks.includes(hook));

const endingOf = ({ hooks: [first] }: Pick<Moment<never>, 'hooks'>): string => `.${first}`;

const endingAt = (hook: Hook): string => {
  const moment = FACTS.find(({ hooks }) => hooks.includes(hook));
  return moment === undefined ? '' : endingOf(moment);
};

const conditionsAt = (moment: Moment<FactDefinition>): Readonly<Record<string, JsonSchema>> => {
  const name = `condition${endingOf(moment)}`;
  return { [name]: conditionNamed(name, factProperties(editorFactRef, moment.has)) };
};

const actionRef = ({ name }: ActionDefinition): JsonSchema => ref(`action.${name}`);

const outcomesAt = (moment: Moment<ActionDefinition>): Readonly<Record<string, JsonSchema>> =>
  outcomeDefinitions(moment.has, endingOf(moment), actionRef);

/** What stands under `when` and `unless`. */
const asking = (ending: string): Readonly<Record<string, JsonSchema>> => ({
  when: ref(`condition${ending}`),
  unless: { items: ref(`condition${ending}`) },
});

const doing = (ending: string): Readonly<Record<string, JsonSchema>> => Object.fromEntries([['then', ref(`outcome${ending}`)]]);

/** What the hook of a rule decides: that of the first moment it belongs to; everything while it has none. */
const byHook = (
  [moment, ...later]: readonly Pick<Moment<never>, 'hooks'>[],
  properties: (ending: string) => Readonly<Record<string, JsonSchema>>,
): JsonSchema =>
  moment === undefined
    ? { properties: properties('') }
    : choose(
        { required: ['on'], properties: { on: { enum: [...moment.hooks] } } },
        { properties: properties(endingOf(moment)) },
        byHook(later, properties),
      );

const described = (schema: JsonSchema | undefined): JsonSchema =>
  Object.fromEntries(Object.entries(schema ?? {}).filter(([key]) => key !== '$ref' && key !== 'items'));

const propertiesOf = ({ properties }: JsonSchema): Readonly<Record<string, JsonSchema>> =>
  isObject(properties) ? Object.fromEntries(Object.entries(properties).flatMap(([name, one]) => (isObject(one) ? [[name, one]] : []))) : {};

/** A part of a policy in which `more` says what may stand where that hangs on the hook. */
const narrowed = (part: JsonSchema, ...more: readonly JsonSchema[]): JsonSchema => {
  const { if: asked, then: holds, else: otherwise, ...rest } = part;
  const properties = propertiesOf(part);
  const open = ['when', 'unless', 'then'].filter((name) => name in properties).map((name) => [name, described(properties[name])]);
  const own = isObject(asked) && isObject(holds) ? [choose(asked, holds, isObject(otherwise) ? otherwise : undefined)] : [];
  return { ...rest, properties: { ...properties, ...Object.fromEntries(open) }, allOf: [...own, ...more] };
};

const build = (): JsonSchema =>
  policyOf({
    grant: narrowed(grant, { properties: asking(endingAt('rcpt')) }),
    rule: narrowed(rule, byHook(FACTS, asking), byHook(ACTIONS, doing)),
    route: narrowed(route, { properties: asking(endingAt('get_mx')) }),
    condition: conditionNamed('condition', factProperties(editorFactRef)),
    ...outcomeDefinitions([...actions.values()], '', actionRef),
    ...Object.fromEntries([...FACTS.map(conditionsAt), ...ACTIONS.map(outcomesAt)].flatMap(Object.entries)),
    ...Object.fromEntries([...actions.values()].map((action) => [`action.${action.name}`, argumentOf(action)])),
    ...editorFactDefinitions(),
  });

let built: JsonSchema | null = null;

/** The JSON Schema (draft 7) of a policy file for editors: what hooks lack is an error, and no part of it offered. */
export const editorSchema = (): JsonSchema => {
  built ??= build();
  return built;
};
