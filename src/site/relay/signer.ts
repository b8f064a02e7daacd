import { siteFiles } from '../../policy/read/site-files.ts';
import type { MessageContent } from '../../queue/message.ts';
import type { SignEffect } from '../../transaction/settings.ts';

/**
 * Signature fields in the order in which rules asked for them. Keys are files of the site; one that cannot
 * be read rejects, and the message waits at its sender. The signer is loaded by the first message that needs it.
 */
export const signAll = async (content: MessageContent, signatures: readonly SignEffect[], root: string): Promise<readonly string[]> => {
  const { signDkim } = await import('../../message/dkim.ts');
  const files = siteFiles(root);
  return Promise.all(signatures.map(({ domain, selector, key }) => signDkim(content, { domain, selector, key: files.read(key) })));
};
