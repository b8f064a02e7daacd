import { networks } from '../networks.ts';
import { text } from '../scalar-keys.ts';

const isNetwork = (written: string): boolean => {
  try {
    networks([written]);
    return true;
  } catch {
    return false;
  }
};

/** An address or a prefix. */
export const network = text('An address or a prefix.', {}, (value) =>
  isNetwork(String(value))
    ? []
    : [
        {
          path: [],
          code: 'RLY5001',
          finding: { message: 'Not an address or a prefix', help: 'Write 192.0.2.7, 192.0.2.0/28 or "2001:db8::/32".' },
        },
      ],
);
