import { notConfigured } from '../../policy/facts/configured.ts';
import { didYouMean } from '../../policy/suggest.ts';
import { lookUpKeys } from '../config/look-up-keys.ts';
import type { Site } from '../loading/load.ts';
import type { Script } from '../simulation/script.ts';

/** Full names, and ids alone. */
const bothNames = (all: readonly { readonly id: string; readonly name: string }[], kind = ''): readonly string[] =>
  all.flatMap(({ id, name }) => [`${kind}${id}`, `${kind}${name}`]);

const countsOf = ({ files }: Site): readonly string[] => {
  const rules = files.flatMap((file) => file.rules);
  const greylisting = rules.filter(({ actions }) => actions.some(({ action }) => action === 'greylist'));
  return [
    ...bothNames(
      rules.filter(({ limit }) => limit !== null),
      'limit.',
    ),
    ...bothNames(greylisting, 'greylist.'),
  ];
};

const missing = (what: string, name: string, known: readonly string[]): readonly string[] => {
  if (known.includes(name)) return [];
  return [`There is no ${what} ${name}. ${didYouMean(name, known, known.length === 0 ? `This site has no ${what}.` : '')}`.trim()];
};

/** Given names that the site does not have: a listener, the limit or greylist of a rule, a look-up, a grant. One sentence each. */
export const unknownNames = ({ given }: Script, site: Site): readonly string[] =>
  [...given].flatMap(([fact, value]) => {
    if (/^(limit|greylist)\./.test(fact)) return missing('rule that counts', fact, countsOf(site));
    const unconfigured = notConfigured(fact, lookUpKeys(site.config));
    if (unconfigured !== null) return [`${unconfigured.message}. ${unconfigured.help}`];
    if (typeof value !== 'string') return [];
    if (fact === 'listener')
      return missing(
        'listener',
        value,
        site.config.listeners.map(({ name }) => name),
      );
    if (fact === 'grant') return missing('grant', value, bothNames(site.files.flatMap(({ grants }) => grants)));
    return [];
  });
