import type { TestContext } from 'node:test';
import { Closing } from '../../src/site/relay/closing.ts';
import type { NextHopOptions } from '../kit/next-hop.ts';
import { type Files, type RunningRelay, runRelay, type ServingProcess, serveProcess, type TempSite, tempSite } from '../kit/site.ts';
import type { SmtpClient } from '../kit/smtp-client.ts';
import { type Arrivals, arrivals } from './arrivals.ts';
import { introduced } from './mail.ts';

/** Lets example.com in, and sends everything to the next hop. */
export const OPEN = `version: 1
grants: [{ id: inbound, when: { recipient.domain: example.com } }]
`;

export interface SiteOptions {
  /** `rules/10-policy.yaml`, routes left out: everything goes to the next hop, unless `routes` says otherwise. */
  readonly policy?: string;
  /** Given the port of the next hop. */
  readonly routes?: (port: number) => string;
  /** Further keys of `config/relay.yaml`, none of those in CONFIG. */
  readonly config?: string;
  readonly files?: Files;
  readonly hop?: NextHopOptions;
  readonly start?: Parameters<typeof runRelay>[1];
}

/** A site whose mail goes to a next hop of the test; both go away with it. */
export interface SiteFixture {
  readonly site: TempSite;
  readonly hop: Arrivals;
  /** What the test has opened; what came last goes first. */
  readonly closing: Closing;
}

const CONFIG = `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "127.0.0.1:0" }]
`;
const DEFAULTS = ['dns: { servers: ["127.0.0.1:1"], timeout: 200ms }', 'limits: { shutdown: 2s }', 'log: { level: silent }'];

/** Keys the test writes itself take the place of the defaults. */
const configuration = (more: string): string => {
  const keyOf = (line: string): string => line.slice(0, line.indexOf(':') + 1);
  return [CONFIG, ...DEFAULTS.filter((line) => !`\n${more}`.includes(`\n${keyOf(line)}`)), more, ''].join('\n');
};

const everythingTo = (port: number): string => `- { id: hop, to: "smtp://127.0.0.1:${port}", tls: none }`;

export const siteFixture = async (test: TestContext, options: SiteOptions = {}): Promise<SiteFixture> => {
  const hop = await arrivals(options.hop);
  const site = await tempSite({
    'config/relay.yaml': configuration(options.config ?? ''),
    'rules/10-policy.yaml': options.policy ?? OPEN,
    'rules/90-routes.yaml': `version: 1\nroutes:\n${(options.routes ?? everythingTo)(hop.port)}\n`,
    ...options.files,
  });
  const closing = new Closing();
  closing.add(site.remove);
  closing.add(hop.close);
  test.after(() => closing.close());
  return { site, hop, closing };
};

/** A relay in this process, from the socket a client speaks to as far as the next hop. */
export interface RelayFixture extends SiteFixture, RunningRelay {
  /** Greeted and introduced. */
  readonly connect: (name?: string) => Promise<SmtpClient>;
}

export const relayFixture = async (test: TestContext, options: SiteOptions = {}): Promise<RelayFixture> => {
  const around = await siteFixture(test, options);
  const running = await runRelay(around.site, options.start);
  around.closing.add(() => running.relay.stop());
  const connect = async (name?: string): Promise<SmtpClient> => {
    const client = await introduced(running.address, name);
    around.closing.add(() => client.destroy());
    return client;
  };
  return { ...around, ...running, connect };
};

/** `relayctl serve` as a process of its own; one that still runs when the test ends is killed. */
export interface Serving extends ServingProcess {
  readonly address: string;
}

export const serving = async ({ site, closing }: SiteFixture): Promise<Serving> => {
  const served = await serveProcess(site);
  closing.add(async () => void (await served.stop('SIGKILL')));
  return { ...served, address: served.addresses.get('mx') ?? '' };
};
