import { Document, isMap, visit } from 'yaml';
import type { Hook } from '../../policy/hook.ts';
import type { Json } from '../../policy/json.ts';
import { normalAddress } from '../../policy/mailbox.ts';
import { type FactValue, isCollection, isFields, Unknown } from '../../policy/value.ts';
import { saidAt } from '../simulation/said.ts';
import type { SimulatedHook, Simulation } from '../simulation/simulation.ts';

/** A test as a policy file has it. */
export interface WrittenTest {
  readonly name: string;
  readonly given: Readonly<Record<string, Json>>;
  /** Path relative to the site. */
  readonly message?: string;
  readonly expect: Readonly<Record<string, Json>>;
}

/** A value as `given:` says it. */
export const writtenValue = (value: FactValue): Json => {
  if (value === null) return 'absent';
  if (value instanceof Unknown) return 'unknown';
  if (!isCollection(value)) return value;
  return value.map((element) =>
    isFields(element)
      ? Object.fromEntries(Object.entries(element).map(([field, one]) => [field, typeof one === 'object' && one !== null ? [...one] : one]))
      : element,
  );
};

const ofRefusal = (step: SimulatedHook): Readonly<Record<string, Json>> => {
  const { verdict, by, reply } = saidAt(step);
  const closes = step.outcome.kind === 'refuse' && step.outcome.disconnect;
  return {
    at: step.hook,
    verdict,
    ...(reply === null ? {} : { code: reply.code, enhanced: reply.enhanced }),
    ...(by === '' ? {} : { by }),
    ...(closes ? { disconnect: true } : {}),
  };
};

/** What becomes of a session, in the words of `expect:`. `at`: the hook that the test is about, where that is one of delivery. */
export const expectationFor = (simulation: Simulation, at: Hook | null = null): Readonly<Record<string, Json>> => {
  const { refusal, queued, recipients: fates, routes, steps } = simulation;
  const asked = at === null ? undefined : steps.findLast(({ hook }) => hook === at);
  if (asked !== undefined) return ofRefusal(asked);
  if (refusal !== null) return ofRefusal(refusal);
  const refused = fates.flatMap(({ recipient, refusal: own }) => (own === null || recipient === null ? [] : [recipient]));
  const wanted = fates.flatMap(({ recipient, refusal: own }) => (own === null && recipient !== null ? [normalAddress(recipient)] : []));
  const kept = (queued?.recipients ?? []).map(({ address }) => address).filter((address) => address !== '');
  const isRewritten = kept.some((address) => !wanted.includes(normalAddress(address))) && wanted.length > 0;
  const targets = [...new Set(routes.values())];
  return {
    verdict: 'accept',
    ...(isRewritten || refused.length > 0 ? { recipients: kept } : {}),
    ...(refused.length > 0 ? { refused } : {}),
    ...(targets.length === 1 && targets[0] !== undefined ? { route: targets[0] } : {}),
  };
};

/** Tests as YAML, to be put under `tests:` of a policy file. */
export const testsAsYaml = (tests: readonly WrittenTest[]): string => {
  const document = new Document({ tests });
  visit(document, {
    Map: (_key, node, path) => {
      // The document, the mapping with `tests`, its sequence and the test itself stand in lines of their own.
      if (path.length > 4 && isMap(node)) node.flow = true;
    },
    Seq: (_key, node, path) => {
      if (path.length > 4) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
};
