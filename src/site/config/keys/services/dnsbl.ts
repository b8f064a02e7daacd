import { blocklistFault } from '../../../../lookup/services/blocklists.ts';
import { derived, type Key } from '../../key.ts';
import { mapping, named, oneOrSeveral } from '../../nested-keys.ts';
import { text } from '../../scalar-keys.ts';
import { serviceKey } from '../../site-key.ts';

const checkAnswers: Key<string>['check'] = (value) => {
  const message = blocklistFault(String(value));
  const help = 'Answers are addresses, prefixes or ranges: 127.0.0.2, 127.255.255.0/24 or 127.0.0.4-127.0.0.7.';
  return message === null ? [] : [{ path: [], code: 'RLY5001', finding: { message, help } }];
};

const ANSWERS = text('An address, a prefix or a range.', {}, checkAnswers);

export const dnsbl = serviceKey(
  named(
    'DNS lists by name; `zen` is the fact `dnsbl.zen`.',
    mapping('One DNS list.', {
      zone: text('Zone that is asked, `zen.spamhaus.org`.'),
      codes: named(
        'Names of codes, each with the answer it stands for: an address, a prefix, or a range `127.0.0.4-127.0.0.7`.',
        oneOrSeveral('An address, a prefix or a range, or several.', ANSWERS),
      ),
      errors: derived(
        text('Answers in this range mean that the list refused to answer: the fact is unknown.', {}, checkAnswers),
        (): readonly string[] => [],
      ),
    }),
  ),
  { decidesPolicy: true },
);
