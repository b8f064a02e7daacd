import { hasFamily, inFamily } from './fact.ts';
import { constantOf, type Scaffolded, stemOf } from './files.ts';
import { keyText, type LookUpNames, lookUpTestText, serviceText } from './look-up-texts.ts';

/** A new family lends the service its name; in a family that is there, the service is named after the fact alone. */
const namesOf = (fact: string): LookUpNames => {
  const [family = fact, ...rest] = fact.split('.');
  const own = hasFamily(fact) && rest.length > 0 ? rest.join('_') : family;
  const service = constantOf(own);
  const type = service.charAt(0).toUpperCase() + service.slice(1);
  return { fact, family: stemOf(family), service, stem: stemOf(own), key: own, type };
};

const declarationsOf = ({ service, type }: LookUpNames): string => `/** One sentence: who is asked. */
export interface ${type} {
  /** One sentence: what is asked, and when the answer is absent. Rejects if it could not be found out. */
  ask(address: string, signal: AbortSignal): Promise<string | null>;
}

declare module '../services.ts' {
  interface Services {
    readonly ${service}: ${type};
  }
}
`;

const entryOf = ({ fact, service, key }: LookUpNames): string => `  {
    name: '${fact}',
    type: string,
    collection: false,
    from: 'connect',
    lifetime: 'connection',
    provider: 'lookup',
    configuredBy: '${key}',
    doc: 'One sentence: what it is, and when it is absent.',
    example: { when: { '${fact}': 'value' }, given: { '${fact}': 'value' }, holds: true },
    lookUp: async ({ facts: given, services, signal }) => {
      const address = given.get('client.ip');
      return typeof address === 'string' ? services.${service}.ask(address, signal) : null;
    },
    assumed: { doc: '\`absent\`', value: () => null },
  },
`;

/** A look-up over HTTP: fact, service, key of the configuration, and a test with a server of its own. */
export const lookUpFiles = (fact: string): Scaffolded => {
  const names = namesOf(fact);
  const { added, extended = {} } = inFamily(fact, { entry: entryOf(names), declarations: declarationsOf(names) });
  return {
    added: {
      ...added,
      [`src/lookup/services/${names.stem}.ts`]: serviceText(names),
      [`src/site/config/keys/services/${names.stem}.ts`]: keyText(names),
      [`test/lookup/${names.stem}.test.ts`]: lookUpTestText(names),
    },
    extended,
  };
};
