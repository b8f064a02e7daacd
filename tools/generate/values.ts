import { template } from '../../src/policy/compile/template.ts';
import { parseDuration, parseSize } from '../../src/policy/quantity.ts';
import { and, not, or, type Truth, truthName } from '../../src/policy/truth.ts';
import { type FactValue, Unknown } from '../../src/policy/value.ts';
import { code, table } from './markdown.ts';

/* Whatever can be calculated here is: by the code that the relay itself runs. */

const SIZES = ['4096', '10kB', '25MiB', '1.5GiB'];
const DURATIONS = ['500ms', '30s', '10m', '1h30m', '5d', '2w'];
const TRUTHS: readonly Truth[] = [true, false, undefined];

const QUANTITIES = `## Values

Sizes: powers of 1000, with an \`i\` powers of 1024. Durations: one or more numbers, each with its unit (\`ms\`, \`s\`, \`m\`, \`h\`, \`d\`, \`w\`).
`;

const ABSENCE = `### Absent and unknown

A fact is **absent** when the session has no such thing: no reverse name, no such header field, nobody logged in, the null
sender. Every operator but \`exists\` and \`count\` is false on it, \`ne\` and \`not_in\` included; it is not the empty text.

A fact is **unknown** when it could not be found out: DNS did not answer, a deadline passed. What is asked of it is then
unknown, too, neither true nor false, and stays so through \`not\`; \`all\` and \`any\` are decided by the parts that can decide them:
`;

const CONSEQUENCES = `What comes of an unknown:

- A **grant** that is unknown grants nothing. If no other holds, the answer is 451 4.7.1.
- A **rule** that is unknown is skipped, or answers 451 4.7.1 with \`on_unknown: defer\`.
- A **route** that is unknown keeps the mail waiting.
- What an unknown rule would have changed is unknown from there on, at later hooks and in the queue, too, until a decided
  rule settles it: whether \`tag\` holds its tags, its results, the score between two bounds, whether a group is skipped,
  \`grant\`, and of message and envelope \`header.<name>\`, \`sender.*\`, \`client.rdns\`, \`client.fcrdns\`, \`recipients\`. A
  condition on such a fact is decided when all that it may be decide it alike. The message itself is left as it is.
- An unknown rule that would have ended the hook, other than by \`reject\` or \`disconnect\`: a \`reject\`, \`disconnect\` or
  \`discard\` of a later rule becomes 451 4.7.1.
- What is calculated from an unknown fact, looked up with it or counted by it is unknown. A result or a tag made of it by a
  template is unknown, a field of the header holds the word, and an address made of it is 451 4.7.1.
- Nothing unknown ever grants relaying or becomes a 5xx. Mail does pass a rule that is skipped: give a rule that must not be passed
  \`on_unknown: defer\`. A fault of the relay itself, or a hook that runs into its deadline, is 451.
`;

const TEMPLATES = `## Templates

Where an action takes text, \`\${fact}\` stands for the value of that fact. Control characters and line ends become a space, so a
value can neither break a reply nor add a header field. An absent fact becomes nothing, an unknown one the word; in a result, a tag or an address it is unknown.
An address made so that comes out as none is 451, not a guess.
`;

const given: Readonly<Record<string, FactValue>> = {
  'client.ip': '192.0.2.1',
  'sender.domain': null,
  'helo.name': 'mx\r\nX-Forged: yes',
  'client.rdns': new Unknown('time-out'),
  recipients: ['a@example.com', 'b@example.com'],
};

const TEXTS = ['from ${client.ip}', 'from ${sender.domain}!', '${helo.name}', 'name ${client.rdns}', '${recipients}'];

const shown = (value: FactValue | undefined): string => {
  if (value === null || value === undefined) return 'absent';
  return value instanceof Unknown ? 'unknown' : code(JSON.stringify(value));
};

const filled = (text: string): readonly string[] => {
  const fact = /\$\{(.*?)\}/.exec(text)?.[1] ?? '';
  return [code(text), shown(given[fact]), code(template(text)({ get: (name) => given[name] }))];
};

const kleene = TRUTHS.flatMap((a) => TRUTHS.map((b) => [a, b, and(a, b), or(a, b), not(a)].map((truth) => truthName(truth))));

/** Sizes, durations, absence and the three values. */
export const valueSection = (): readonly string[] => [
  QUANTITIES,
  table(
    ['size', 'bytes'],
    SIZES.map((text) => [code(text), String(parseSize(text))]),
  ),
  table(
    ['duration', 'seconds'],
    DURATIONS.map((text) => [code(text), String((parseDuration(text) ?? 0) / 1000)]),
  ),
  ABSENCE,
  table(['a', 'b', '`all: [a, b]`', '`any: [a, b]`', '`not: a`'], kleene),
  CONSEQUENCES,
];

/** What text with `${fact}` becomes. */
export const templateSection = (): readonly string[] => [TEMPLATES, table(['text', 'fact', 'becomes'], TEXTS.map(filled))];
