import type { Fields } from './value.ts';

/**
 * What look-up facts may ask of the world. The policy room declares it, `lookup/` provides it, tests give
 * answers of their own. Every promise rejects with a reason where nothing could be found out; "there is
 * no such name" is an answer.
 */
export interface Services {
  readonly dns: DnsService;
  readonly mail: MailAuthentication;
  readonly blocklists: Blocklists;
  readonly content: MessageContents;
}

/** What is inside the message of the running transaction; parsed once, when first asked for. Rejects over a limit. */
export interface MessageContents {
  /** What a reader sees of the text and HTML parts, in order; `null` if the message has none. */
  text(signal: AbortSignal): Promise<string | null>;
  /** HTML parts as written, decoded to Unicode, in order; `null` if the message has none. */
  html(signal: AbortSignal): Promise<string | null>;
  /** One element an attachment: `name`, `extension`, `type`, `size` (bytes, decoded), `sha256` (hex). */
  attachments(signal: AbortSignal): Promise<readonly Fields[]>;
}

export interface DnsService {
  /** PTR names of an address, lower-case, without the final dot; empty when there are none. */
  reverse(ip: string, signal: AbortSignal): Promise<readonly string[]>;
  /** A and AAAA addresses; empty when there are none. */
  addresses(domain: string, signal: AbortSignal): Promise<readonly string[]>;
  /** MX, by preference; a null MX (RFC 7505) is one with an empty exchange. */
  mx(domain: string, signal: AbortSignal): Promise<readonly { readonly preference: number; readonly exchange: string }[]>;
  txt(domain: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface Blocklists {
  /** The names of the codes an address is listed with, `[]` if it is not listed; rejects on an error code. */
  check(list: string, ip: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** RFC 7208, 6376, 7489, 8617. Results are the words of RFC 8601 2.7; a temperror rejects, with its cause. */
export interface MailAuthentication {
  spf(request: SpfRequest, signal: AbortSignal): Promise<string>;
  /** Of the message of the running transaction, as all below; each made once, and only when asked for. */
  dkim(signal: AbortSignal): Promise<DkimResults>;
  arc(signal: AbortSignal): Promise<string>;
  /** Needs SPF and DKIM and finds them out. */
  dmarc(request: SpfRequest, signal: AbortSignal): Promise<DmarcResults>;
}

export interface SpfRequest {
  readonly ip: string;
  readonly helo: string;
  /** Empty for the null sender. */
  readonly sender: string;
}

export interface DkimResults {
  readonly result: string;
  /** Signing domains whose signature passed. */
  readonly domains: readonly string[];
}

export interface DmarcResults {
  readonly result: string;
  /** What the domain of From asks for; `null` without a policy. */
  readonly policy: string | null;
}
