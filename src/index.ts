/*
 * relayctl as a library: the policy of a site, evaluated by the very function that the relay calls.
 */
export type { AppliedEffect, Decision, Effect, Route, Verdict } from './policy/decision.ts';
export type { Diagnostic, Related, Severity, Span } from './policy/diagnostic.ts';
export { HOOKS, type Hook } from './policy/hook.ts';
export { type Element, type FactValue, type Known, type Scalar, Unknown } from './policy/value.ts';
export { type OpenSite, openSite, SiteError } from './site/library/open-site.ts';
