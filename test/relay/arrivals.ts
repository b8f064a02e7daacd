import { type NextHop, type NextHopOptions, nextHop, type Received } from '../kit/next-hop.ts';

const TIMEOUT = 15_000;

/** A next hop that can be waited for. */
export interface Arrivals extends NextHop {
  /** Everything that has arrived, once there are `count` messages; rejects when they do not come in time. */
  readonly arrived: (count: number) => Promise<readonly Received[]>;
}

/** The kit's next hop, which a test can wait on for arrivals. */
export const arrivals = async (options: NextHopOptions = {}): Promise<Arrivals> => {
  let look = (): void => undefined;
  const script: NextHopOptions['script'] = (step, text, session) => {
    if (step === 'dot') setImmediate(look);
    return options.script?.(step, text, session);
  };
  const hop = await nextHop({ ...options, script });
  const arrived = (count: number): Promise<readonly Received[]> =>
    new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`waited for ${count} messages, ${hop.received.length} arrived`));
      const timer = setTimeout(late, TIMEOUT);
      look = () => {
        if (hop.received.length < count) return;
        clearTimeout(timer);
        resolve(hop.received);
      };
      look();
    });
  return { ...hop, arrived };
};

/** The value of a header field, unfolded; every one of that name, in order. */
export const fieldsOf = (content: Buffer, name: string): readonly string[] => {
  const header = content.subarray(0, content.indexOf('\r\n\r\n') + 2).toString();
  return header
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());
};

/** Recipients of the envelope as the next hop heard them. */
export const recipientsOf = ({ rcpt }: Received): readonly string[] => rcpt.map((line) => line.replace(/^RCPT TO:<(.*?)>.*$/i, '$1'));
