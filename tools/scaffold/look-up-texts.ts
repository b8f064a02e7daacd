/** The names that a look-up goes by, all from the full name of its fact. */
export interface LookUpNames {
  /** `reputation.score` */
  readonly fact: string;
  /** File of the family, below src/policy/facts: `reputation`. */
  readonly family: string;
  /** Of the service, and the property of `Services`: `reputation`. */
  readonly service: string;
  /** File of the service and of its key: `reputation`. */
  readonly stem: string;
  /** In config/relay.yaml: `reputation`. */
  readonly key: string;
  /** Interface of the service: `Reputation`. */
  readonly type: string;
}

export const serviceText = ({
  family,
  service,
  key,
  type,
}: LookUpNames): string => `import type { ${type} } from '../../policy/facts/${family}.ts';
import { LookupFailure } from '../failure.ts';
import { Flights } from '../flights.ts';
import type { Service } from '../service.ts';

interface ${type}Config {
  readonly url: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Bytes of an answer; a longer one is malformed. */
const MAX_ANSWER = 4096;

/** One sentence: what it asks, and what it makes of the answers. */
export const ${service}: Service<'${service}', { readonly ${service}: ${type}Config | null }> = {
  name: '${service}',
  open: ({ ${service}: config }) => {
    // Connections that ask the same at the same time share one request.
    const flights = new Flights<string | null>();
    const bound: ${type} = { ask: (address, signal) => flights.join(address, (flight) => ask(config, address, flight), signal) };
    return () => bound;
  },
};

const ask = async (config: ${type}Config | null, address: string, signal: AbortSignal): Promise<string | null> => {
  if (config === null) throw new LookupFailure('not configured', '${key}');
  const url = new URL(encodeURIComponent(address), config.url);
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(config.timeout)]) });
  if (answer.ok) return textOf(answer);
  await answer.body?.cancel();
  if (answer.status === 404) return null;
  throw new LookupFailure('server failure', \`\${url.href} answered \${answer.status}\`);
};

const textOf = async (answer: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new LookupFailure('malformed answer', \`\${answer.url} answered more than \${MAX_ANSWER} bytes\`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
`;

export const keyText = ({ service }: LookUpNames): string => `import { optional } from '../../key.ts';
import { mapping } from '../../nested-keys.ts';
import { text, time } from '../../scalar-keys.ts';
import { serviceKey } from '../../site-key.ts';

export const ${service} = serviceKey(
  optional(
    mapping('One sentence: who is asked.', {
      url: text('Address of the server, to which the question is added: \`http://127.0.0.1:8080/\`.', { pattern: '^https?://' }),
      timeout: time('How long one question may take before the answer is unknown.', '3s'),
    }),
  ),
  { decidesPolicy: true },
);
`;

export const lookUpTestText = ({ fact, service }: LookUpNames): string => `import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { reasonOf } from '../../src/lookup/failure.ts';
import { decide } from '../../src/policy/decide/evaluate.ts';
import { findFact } from '../../src/policy/facts/find.ts';
import type { FactValue } from '../../src/policy/value.ts';
import { servicesOf } from '../kit/lookups.ts';
import { compiled } from '../policy/compiled.ts';
import { given } from '../policy/definitions/given.ts';

let status = 200;
let answer = '';
const server = createServer((_, response) => response.writeHead(status).end(answer));
before(() => once(server.listen(0, '127.0.0.1'), 'listening'));
after(() => server.close());

const config = () => {
  const address = server.address();
  return { url: \`http://127.0.0.1:\${typeof address === 'object' ? address?.port : 0}/\`, timeout: 60_000 };
};

const asked = (services = servicesOf({ ${service}: config() })): Promise<FactValue> => {
  const lookUp = findFact('${fact}')?.lookUp;
  assert.ok(lookUp);
  return lookUp({ name: '${fact}', facts: given({ 'client.ip': '192.0.2.1' }), services, signal: new AbortController().signal });
};

test('${fact} is what the server answers', async () => {
  [status, answer] = [200, 'value'];
  assert.equal(await asked(), 'say what it should be');
});

test('what the server does not answer is unknown', async () => {
  status = 500;
  await assert.rejects(asked(), (error) => /^server failure/.test(reasonOf(error)));
  await assert.rejects(asked(servicesOf({ ${service}: null })), (error) => /^not configured/.test(reasonOf(error)));
});

test('a rule uses it', () => {
  const policy = compiled('{ version: 1, rules: [{ id: a, on: connect, when: { ${fact}: value }, then: reject }] }');
  assert.equal(decide(policy, 'connect', { '${fact}': 'value' }).verdict, 'say what it should be');
});
`;
