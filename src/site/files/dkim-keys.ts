import type { Diagnostic, Span } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import { isObject } from '../../policy/json.ts';
import type { Lists } from '../../policy/lint/possible-values.ts';
import { type FilesOnDisk, SiteFileError } from '../../policy/read/site-files.ts';
import type { PolicyFile, RuleSyntax } from '../../policy/syntax.ts';
import { exposedSecret } from './exposure.ts';
import { type Found, textOf, tried } from './found.ts';
import { type KeyNames, keyNames } from './key-names.ts';
import { NoPrivateKey, privateKeyOf } from './private-key.ts';
import type { Secrets } from './secrets.ts';

/** RFC 8301 3.2: less is not to be signed with, and 2048 is what to use. */
const SHORTEST = 1024;
const ENOUGH = 2048;

const HELP = 'Create one with openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE, and publish its public key.';

interface Named extends KeyNames {
  readonly written: string;
  readonly rule: RuleSyntax;
  readonly at: Span;
}

interface Place {
  readonly root: string;
  readonly disk: FilesOnDisk;
}

const namedBy = (rule: RuleSyntax, root: string, lists: Lists): readonly Named[] =>
  rule.actions.flatMap(({ action, argument }) => {
    const key = action === 'sign_dkim' && isObject(argument.value) ? argument.value.key : undefined;
    if (typeof key !== 'string') return [];
    return [{ ...keyNames(key, rule, { root, lists }), written: key, rule, at: argument.spanOf(['key'], 'value') }];
  });

/** What is against signing with the key; `null` if nothing is. Throws `NoPrivateKey`. */
const weakness = (pem: string): { readonly fatal: boolean; readonly message: string } | null => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKeyOf(pem);
  if (type === 'ed25519') return null;
  if (type !== 'rsa') return { fatal: true, message: `it is a key of type ${type ?? 'unknown'}; DKIM supports rsa and ed25519 (RFC 8463)` };
  const bits = details?.modulusLength ?? 0;
  if (bits < SHORTEST) return { fatal: true, message: `it has ${bits} bits, and verifiers reject fewer than ${SHORTEST} (RFC 8301)` };
  return bits < ENOUGH ? { fatal: false, message: `it has only ${bits} bits; use ${ENOUGH} (RFC 8301)` } : null;
};

/** A file that matches a template by chance is a warning: it may be no key at all. */
const unusable = (path: string, reason: string, { at, complete, rule }: Named): Diagnostic =>
  complete
    ? diagnose('RLY2022', at, { message: `${rule.name} cannot sign with ${path}: ${reason}`, help: HELP })
    : diagnose('RLY2024', at, {
        message: `${path} matches, but cannot be used to sign: ${reason}`,
        help: 'Messages that need it get a 451.',
      });

const checkKey = (path: string, pem: string, named: Named): { usable: boolean; diagnostics: readonly Diagnostic[] } => {
  try {
    const found = weakness(pem);
    if (found?.fatal) return { usable: false, diagnostics: [unusable(path, found.message, named)] };
    const weak = found ? [diagnose('RLY2023', named.at, { message: `${path}: ${found.message}`, help: HELP })] : [];
    return { usable: true, diagnostics: weak };
  } catch (error) {
    if (!(error instanceof NoPrivateKey)) throw error;
    return { usable: false, diagnostics: [unusable(path, error.message, named)] };
  }
};

const readKey = (path: string, named: Named, disk: FilesOnDisk): Found<string | null> => {
  const file = tried(() => disk.open(path, 'pem'));
  if (file instanceof SiteFileError) return { value: null, diagnostics: [unusable(path, file.message, named)] };
  const pem = textOf(file.bytes);
  if (pem instanceof SiteFileError) return { value: null, diagnostics: [unusable(path, 'it contains no PEM private key', named)] };
  const { usable, diagnostics } = checkKey(path, pem, named);
  return { value: usable ? pem : null, diagnostics: usable ? [...diagnostics, ...exposedSecret(path, file, named.at)] : diagnostics };
};

const open = ({ written, at, paths, complete }: Named): readonly Diagnostic[] => {
  if (complete) return [];
  const help =
    "Mail whose key is missing gets 451. Let the rule's when: name every value, with a literal or in: LIST, and every key is checked.";
  return [diagnose('RLY2024', at, { message: `${written} may name any file; ${paths.length} matching files exist now`, help })];
};

/** Keys of every `sign_dkim`, read once each. */
export const readDkimKeys = (files: readonly PolicyFile[], { root, disk }: Place): Found<Secrets['keys']> => {
  const lists = new Map(files.flatMap((file) => file.lists).map((list) => [list.name, list]));
  const value = new Map<string, string>();
  const diagnostics = files
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => namedBy(rule, root, lists))
    .flatMap((named) => [
      ...open(named),
      ...named.paths.flatMap((path) => {
        const found = readKey(path, named, disk);
        if (found.value !== null) value.set(path, found.value);
        return found.diagnostics;
      }),
    ]);
  return { value, diagnostics };
};
