import { createLookups, type LookupConfig, type Lookups } from '../../src/lookup/lookups.ts';
import type { Services } from '../../src/policy/services.ts';
import { SERVICE_KEYS } from '../../src/site/config/keys/services/index.ts';
import { readKeys } from '../../src/site/config/nested-keys.ts';

/** What a site that says nothing has, but for what is given. */
const configWith = (given: Partial<LookupConfig>): LookupConfig => ({ ...readKeys(SERVICE_KEYS, {}, { root: '/', site: {} }), ...given });

/** The look-ups of a relay with this configuration. Throws as `createLookups` does. */
export const lookupsWith = (given: Partial<LookupConfig>): Lookups => createLookups(configWith(given));

const noMessage = (): Promise<never> => Promise.reject(new Error('there is no message'));

/** The services of a relay with this configuration, in a transaction without a message. */
export const servicesOf = (given: Partial<LookupConfig>): Services =>
  lookupsWith(given).forTransaction({
    message: () => null,
    content: { text: noMessage, html: noMessage, attachments: noMessage },
  });

/** Services that answer as given; the others find nobody to ask. */
export const servicesWith = (given: Partial<Services>): Services => ({
  ...servicesOf({ dns: { servers: ['127.0.0.1:1'], timeout: 1 } }),
  ...given,
});
