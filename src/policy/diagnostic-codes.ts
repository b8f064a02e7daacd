import type { Diagnostic, Fix, Related, Severity, Span } from './diagnostic.ts';

interface CodeEntry {
  readonly slug: string;
  readonly severity: Severity;
  /** Why anybody should care, in one line. */
  readonly why: string;
}

const error = (slug: string, why: string): CodeEntry => ({ slug, severity: 'error', why });
const warning = (slug: string, why: string): CodeEntry => ({ slug, severity: 'warning', why });
const info = (slug: string, why: string): CodeEntry => ({ slug, severity: 'info', why });

/**
 * Every diagnostic there is. A code is never given a second meaning. RLY1xxx reading and schema, RLY2xxx
 * names and types, RLY3xxx hooks and verdicts, RLY4xxx dead or suspicious rules, RLY5xxx configuration,
 * RLY6xxx tests.
 */
export const codes = {
  RLY1001: error('unreadable-file', 'A file that cannot be read cannot be enforced.'),
  RLY1002: error('not-utf8', 'Read as UTF-8, text in another encoding yields the wrong addresses.'),
  RLY1003: error('file-too-large', 'A policy this large is a mistake or an attack; bulk data belongs in list files.'),
  RLY1004: error('nested-too-deep', 'Deep nesting can exhaust the stack of a parser.'),
  RLY1005: error('byte-order-mark', 'Some parsers take the byte order mark as part of the first key.'),
  RLY1006: error('control-character', 'Invisible characters can make different names look identical.'),
  RLY1007: error('empty-file', 'An empty policy is probably a mistake.'),
  RLY1008: error('several-documents', 'Only one document would be enforced.'),
  RLY1009: error('directive', 'A directive changes how values are parsed; policies use the YAML 1.2 core schema.'),
  RLY1010: error('yaml-syntax', 'The file is not valid YAML.'),
  RLY1011: error('tab-indent', 'YAML forbids tabs in indentation because their width is ambiguous.'),
  RLY1012: error('duplicate-key', 'One of the two values would be silently ignored.'),
  RLY1013: error('key-not-text', 'Keys in a policy are text.'),
  RLY1014: error('unknown-tag', 'A tag would change the type of a value before the schema sees it.'),
  RLY1015: error('merge-key', 'Merge keys hide where a value comes from.'),
  RLY1016: error('unknown-alias', 'An alias must come after its anchor.'),
  RLY1017: error('alias-bomb', 'Nested aliases can expand without limit.'),
  RLY1018: error('reserved-start', 'YAML reserves this character; the value needs quotes.'),
  RLY1019: warning('cut-text', 'Everything after the # or the comma is lost.'),
  RLY1101: error('unknown-key', 'A misspelt key would be silently ignored.'),
  RLY1102: error('missing-key', 'Without it, the policy is ambiguous.'),
  RLY1103: error('wrong-type', 'A value of the wrong type never compares as intended.'),
  RLY1104: error('wrong-word', 'Only certain words are valid here.'),
  RLY1105: error('wrong-form', 'A malformed value would not mean what it appears to.'),
  RLY1106: error('out-of-range', 'The relay cannot honour a value outside the range.'),
  RLY1107: error('wrong-combination', 'These settings contradict each other.'),
  RLY1108: error('not-text', 'YAML reads some words as numbers or booleans.'),
  RLY1109: error('more-mistakes', 'Too many findings in one file: the rest are only counted.'),
  RLY1201: error('duplicate-id', 'Logs, skips and tests refer to rules by id.'),
  RLY1202: error('duplicate-list', 'All policies of a site share their lists, so list names must be unique.'),
  RLY1203: error('list-file', 'A list that cannot be read would match nobody, or everybody.'),
  RLY1204: error('bad-id', 'Logs, tests and other rules refer to it by id.'),
  RLY2001: error('unknown-fact', 'A condition on a fact that does not exist never holds.'),
  RLY2002: error('unknown-list', 'There is no such list, so the condition never holds.'),
  RLY2003: error('unknown-grant', 'No grant has this name, so the condition never holds.'),
  RLY2005: error('unknown-operator', 'Without a known operator, the condition means nothing.'),
  RLY2006: error('unknown-action', 'The rule would do nothing.'),
  RLY2007: error('operator-type', 'The operator never matches a fact of this type.'),
  RLY2008: error('literal-type', 'The fact can never have this value.'),
  RLY2009: error('reversed-range', 'The range is empty, so the condition never holds.'),
  RLY2010: error('list-type', 'No entry of the list can ever match the fact.'),
  RLY2011: error('list-entry', 'The entry would never match what it was meant to match.'),
  RLY2012: warning('host-bits', 'A prefix with host bits set often has a mistyped length.'),
  RLY2013: error('template-fact', "The text would be missing the fact's value."),
  RLY2014: error('bad-regex', 'The regular expression does not compile.'),
  RLY2015: info('plain-glob', 'Without * or ?, a glob only tests for equality.'),
  RLY2016: error('bad-template', 'A ${ in the text is never closed.'),
  RLY2017: error('route-target', 'Mail cannot be delivered to an invalid target.'),
  RLY2018: error('header-name', 'Header names are printable ASCII without a colon (RFC 5322 2.2).'),
  RLY2019: error('bad-argument', 'The action cannot work with this argument.'),
  RLY2020: error('password-file', 'Without the password, every delivery over this route fails.'),
  RLY2021: error('look-up-not-configured', 'A look-up that is not configured has nobody to ask: its fact is never known.'),
  RLY2022: error('dkim-key', 'Without a usable key, every message the rule should sign gets a 451.'),
  RLY2023: warning('weak-dkim-key', 'Receivers distrust short keys and may refuse them.'),
  RLY2024: warning('unchecked-dkim-key', 'A missing key goes unnoticed until a message needs it.'),
  RLY3001: error('fact-too-early', 'The fact is not known yet when the hook runs, so the condition never holds.'),
  RLY3002: error('fact-not-here', 'The fact is known only at other hooks, so the condition never holds.'),
  RLY3003: error('action-not-here', 'The action has no effect at this hook.'),
  RLY3004: error('reply-class', 'A rejection is 5xx and final; a deferral is 4xx and is retried (RFC 5321 4.2.1).'),
  RLY3005: error('enhanced-class', 'Reply code and enhanced code must be of the same class (RFC 3463 2).'),
  RLY3006: error('template-too-early', "The text would be missing the fact's value."),
  RLY3007: error('grant-without-when', 'A grant without a condition makes an open relay.'),
  RLY3008: error('limit-key', 'Without the key, all events would share one counter.'),
  RLY3009: error('two-verdicts', 'Only the first verdict of a rule takes effect.'),
  RLY3010: info('accept-grants-nothing', 'accept only ends the hook; only grants let mail through.'),
  RLY3011: error('last-route', 'A recipient that matches no route can be neither delivered nor bounced.'),
  RLY3012: error('compared-too-early', 'Nothing ever equals a fact that is not known yet.'),
  RLY4001: warning('dead-rule', 'A rule that never runs has no effect.'),
  RLY4002: warning('same-when', 'An earlier rule with the same condition decides first, so this one never runs.'),
  RLY4003: warning('unused-list', 'No condition uses it; its name may be misspelt elsewhere.'),
  RLY4004: warning('empty-list', 'An empty list never matches.'),
  RLY4005: warning('shadow-without-end', 'Shadow rules without an end date tend to be forgotten.'),
  RLY4006: warning('shadow-expired', 'Shadow mode has expired, but the rule is still not enforced.'),
  RLY4007: warning('skip-nobody', 'No later rule is in the group, so nothing is skipped.'),
  RLY4008: warning('dead-route', 'A route after a catch-all never matches.'),
  RLY4009: warning('contradiction', 'The condition can never hold.'),
  RLY4010: warning('limit-count', 'The limit would not count what it claims to.'),
  RLY4011: warning('forgeable-grant', 'Any client can claim a sender or HELO name, and could then relay anywhere.'),
  RLY4012: warning('impossible-value', 'The fact never has such a value, so the comparison decides nothing.'),
  RLY4013: warning('always-true', 'A condition that always holds decides nothing.'),
  RLY4014: warning('never-set', 'Nothing ever gives the fact this value, so the comparison decides nothing.'),
  RLY4015: warning('taken-literally', 'The text is compared character by character, which is rarely what such a text means.'),
  RLY4016: warning('idle-entry', 'The entry can never match, so whatever it stands for is not in the list.'),
  RLY4017: warning('not-a-placeholder', 'Only ${fact} is filled in; anything else is sent as written.'),
  RLY4018: warning('wide-network', 'A network this wide is usually a mistyped prefix length, and trusts strangers.'),
  RLY4020: info('passes-unread', 'A sender can make attachments and text unknown, and a rule that is unknown is skipped.'),
  RLY4090: warning('silences-nothing', 'The comment would silence a finding that somebody causes later.'),
  RLY4091: warning('silencing-comment', 'The comment silences nothing as it stands.'),
  RLY5001: error('configuration', 'The relay cannot run as configured.'),
  RLY5002: error('policy-pattern', 'A policy that is configured but missing is not enforced.'),
  RLY5003: error('duplicate-stem', 'Full names of rules would not be unique.'),
  RLY5004: error('listener', 'The listener cannot be opened as configured.'),
  RLY5005: error('tls-material', 'TLS needs a certificate and its key.'),
  RLY5006: error('list-shrunk', 'A list that shrinks this much is probably broken.'),
  RLY5007: error('users-file', 'Users in an unreadable file cannot log in.'),
  RLY5008: error('exposed-secret', 'A key or password that others can read is not secret.'),
  RLY5009: warning('writable-by-all', 'Anyone who can change a policy can relay through this host.'),
  RLY5010: warning('certificate-ends', 'Clients that verify the certificate stop connecting once it expires.'),
  RLY5011: error('place', 'The relay cannot start while this path is unusable.'),
  RLY5012: warning('no-users', 'AUTH is offered, but every login fails.'),
  RLY5013: warning('unused-policy', 'A policy file that is not listed under policies: is not enforced.'),
  RLY5014: info('concession', 'Every concession can be abused; know which ones are active, and remove them when no longer needed.'),
  RLY6001: error('test-by', 'The test expects a rule that does not exist.'),
  RLY6002: error('test-message', 'The message file that the test needs is missing.'),
  RLY6004: error('test-expect', 'The expectation can never be met.'),
  RLY6005: error('test-given', 'A session that cannot happen tests nothing.'),
  RLY6006: error('test-count', 'No rule uses this count, so the test does not test what it claims to.'),
} as const satisfies Record<`RLY${number}`, CodeEntry>;

export type Code = keyof typeof codes;

/** What is wrong, and what to write instead. */
export interface Finding {
  readonly message: string;
  readonly help: string;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

/** A diagnostic with the severity its code is registered with. */
export const diagnose = (code: Code, at: Span, finding: Finding): Diagnostic => ({
  code,
  severity: codes[code].severity,
  message: finding.message,
  help: finding.help,
  at,
  related: finding.related ?? [],
  fixes: finding.fixes ?? [],
});
