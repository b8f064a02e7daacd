import type { MessageContent } from '../queue/message.ts';
import type { SignEffect } from './settings.ts';

/** Which rule could not sign, and with which file: the log has it, the client hears 451. */
class CannotSign extends Error {
  override readonly name = 'CannotSign';
  readonly rule: string;
  readonly file: string;
  constructor({ by, key }: SignEffect, reason: string, cause?: unknown) {
    super(`${by} cannot sign with ${key}: ${reason}`, { cause });
    this.rule = by;
    this.file = key;
  }
}

/** PEM by the name of its file; `null` if it was not there when the policy was loaded. */
type KeyOf = (file: string) => string | null;

/**
 * Signature fields in the order in which rules asked for them. One that cannot be made rejects, and the
 * message waits at its sender. The signer is loaded by the first message that needs it.
 */
export const signAll = async (content: MessageContent, signatures: readonly SignEffect[], key: KeyOf): Promise<readonly string[]> => {
  const { dkimSubject, signDkim } = await import('../message/dkim/sign.ts');
  const subject = await dkimSubject(content);
  return signatures.map((effect) => {
    const pem = key(effect.key);
    if (pem === null) throw new CannotSign(effect, 'there was no usable key in this file when the policy was loaded');
    try {
      return signDkim(subject, { domain: effect.domain, selector: effect.selector, key: pem });
    } catch (cause) {
      throw new CannotSign(effect, cause instanceof Error ? cause.message : String(cause), cause);
    }
  });
};
