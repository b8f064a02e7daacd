import { afterEach } from 'node:test';
import type { DeliverySettings } from '../../src/delivery/settings.ts';
import type { Route } from '../../src/policy/decision.ts';
import { type NextHop, type NextHopOptions, nextHop } from '../kit/next-hop.ts';
import { type TestDelivery, testDelivery } from './test-delivery.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Closes something when the running test has ended. */
export const closeAfter = (close: () => Promise<void>): void => {
  closing.push(close);
};

export interface DeliveryToHop {
  readonly hop: NextHop;
  readonly tested: TestDelivery;
}

/** A next hop that does as the options say, and a delivery that sends everything there. */
export const deliveryToHop = async (
  options: NextHopOptions = {},
  route: Partial<Route> = {},
  set: Partial<DeliverySettings> = {},
): Promise<DeliveryToHop> => {
  const hop = await nextHop(options);
  closeAfter(hop.close);
  const made = testDelivery({ id: 'r', to: `${options.lmtp ? 'lmtp' : 'smtp'}://127.0.0.1:${hop.port}`, ...route }, { set });
  closeAfter(made.stop);
  return { hop, tested: made };
};
