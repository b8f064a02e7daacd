import { constantOf, type Scaffolded, stemOf, testText } from './files.ts';

/** An action is carried out by the rooms that know its effect: a new one needs a new kind in src/policy/decision.ts, too. */
export const actionFiles = (name: string): Scaffolded => ({
  added: {
    [`src/policy/actions/${stemOf(name)}.ts`]: `import type { ActionDefinition } from '../definition.ts';
import { HOOKS } from '../hook.ts';
import { text } from './argument.ts';
import { line } from './form.ts';

export const ${constantOf(name)}: ActionDefinition = {
  name: '${name}',
  doc: 'One sentence: what it does.',
  hooks: HOOKS,
  argument: line,
  bare: false,
  compile: (argument, { template }) => {
    const written = template(text(argument));
    return { does: 'effect', make: (facts) => ({ effect: 'log', text: written(facts) }) };
  },
  examples: [{ on: 'queue', written: { ${name}: 'x' }, given: {}, decides: { effects: [{ effect: 'log', text: 'x' }] } }],
};
`,
    [`test/policy/definitions/${stemOf(name)}.test.ts`]: testText(name, `  - { id: a, on: queue, then: { ${name}: x } }`),
  },
});
