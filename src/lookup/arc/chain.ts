import { withoutBlanks } from '../../message/dkim/tag-list.ts';
import type { HeaderField, RawHeader } from '../../message/header.ts';
import { required } from '../dkim/signature-error.ts';
import { type MessageSignature, readMessageSignature, readSigner, readValue, tagNumber, tagsOf, tagText } from '../dkim/signature-tags.ts';

/** What one hop added, RFC 8617 4.2. */
export interface ArcSet {
  readonly results: HeaderField;
  readonly message: MessageSignature;
  readonly seal: ArcSeal;
}

/** Signs no part of the message itself. */
export interface ArcSeal extends Omit<MessageSignature, 'parts'> {
  /** What the hop found of the chain before it. */
  readonly state: string;
}

const RESULTS = 'ARC-Authentication-Results';
const MESSAGE_SIGNATURE = 'ARC-Message-Signature';
const SEAL = 'ARC-Seal';
const NAMES = [RESULTS, MESSAGE_SIGNATURE, SEAL];
/** RFC 8617 4.2.1. */
const MOST_SETS = 50;
const RESULTS_INSTANCE = /^[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*(\d{1,2})[ \t\r\n]*;/;

/** The sets from the first hop on, empty without any; their structure as RFC 8617 5.2 asks for it. Throws `SignatureError`. */
export const readChain = (header: RawHeader): readonly ArcSet[] => {
  const counts = NAMES.map((name) => header.count(name));
  const [hops = 0] = counts;
  required(counts.every((count) => count === hops) && hops <= MOST_SETS, 'sets of ARC fields are not complete');
  const results = byInstance(header.named(RESULTS), resultsInstance);
  const messages = byInstance(header.named(MESSAGE_SIGNATURE), signatureInstance);
  const seals = byInstance(header.named(SEAL), signatureInstance);
  return Array.from({ length: hops }, (_, index) => {
    const [aar, ams, as] = [results.get(index + 1), messages.get(index + 1), seals.get(index + 1)];
    required(aar !== undefined && ams !== undefined && as !== undefined, `no complete set ${index + 1}`);
    return { results: aar, message: readArcSignature(ams), seal: readSeal(as, index + 1) };
  });
};

const byInstance = (fields: readonly HeaderField[], instance: (field: HeaderField) => number): ReadonlyMap<number, HeaderField> =>
  new Map(fields.map((field) => [instance(field), field]));

const resultsInstance = ({ raw }: HeaderField): number => {
  const [, digits] = RESULTS_INSTANCE.exec(raw.toString('latin1', raw.indexOf(':') + 1)) ?? [];
  required(digits !== undefined, 'no i= in front');
  return Number(digits);
};

const signatureInstance = (field: HeaderField): number => {
  const instance = tagNumber(tagsOf(field), 'i');
  required(instance !== null, 'no i=');
  return instance;
};

/**
 * RFC 8617 4.1.2: made like a DKIM signature; it cannot cover seals. Where a sealer leaves `c=` or a name in
 * `h=` out, it is read as the public validation suite wants it.
 */
const readArcSignature = (field: HeaderField): MessageSignature => {
  const signature = readMessageSignature(field, tagsOf(field), 'relaxed/relaxed');
  required(!signature.parts.names.includes('arc-seal'), 'h= names a seal');
  return signature;
};

/** RFC 8617 4.1.3 and 5.2 step 3: what is covered is fixed; the first hop found no chain, later ones a good one. */
const readSeal = (field: HeaderField, instance: number): ArcSeal => {
  const tags = tagsOf(field);
  required(!tags.has('h') && !tags.has('bh'), 'a seal with h= or bh=');
  const state = withoutBlanks(tagText(tags, 'cv'));
  required(state === (instance === 1 ? 'none' : 'pass'), `cv=${state} in set ${instance}`);
  return { field, signer: readSigner(tags), value: readValue(field, tags), state };
};
