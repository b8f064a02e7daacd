import type { TestContext } from 'node:test';
import { DnsServer, type Zone } from '../kit/dns-server.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { type RelayFixture, relayFixture, type SiteOptions } from './site-fixture.ts';

/** A relay that asks a DNS server of the test, behind a load balancer that says where clients come from. */
export interface AskingRelay extends RelayFixture {
  readonly dns: DnsServer;
  /** A client of that address; the greeting is read already. */
  readonly visitor: (ip: string) => Promise<{ readonly client: SmtpClient; readonly greeting: string }>;
}

const LISTS = `dnsbl:
  one: { zone: one.test, codes: { spam: 127.0.0.2 }, errors: 127.255.255.0/24 }
  two: { zone: two.test, codes: { spam: 127.0.0.2 }, errors: 127.255.255.0/24 }`;

export const askingRelay = async (test: TestContext, zone: Zone, options: SiteOptions = {}): Promise<AskingRelay> => {
  const dns = await DnsServer.start(zone);
  const servers = `dns: { servers: ["${dns.address}"], timeout: 700ms }`;
  const fixture = await relayFixture(test, {
    ...options,
    config: `${servers}\nproxy_protocol: { from: [127.0.0.1] }\n${LISTS}\n${options.config ?? ''}`,
  });
  fixture.closing.add(() => dns.close());
  const visitor = async (ip: string): Promise<{ client: SmtpClient; greeting: string }> => {
    const client = await SmtpClient.connect(fixture.address);
    fixture.closing.add(() => client.destroy());
    client.send(`PROXY TCP4 ${ip} 192.0.2.25 40000 25`);
    return { client, greeting: (await client.reply()).text };
  };
  return { ...fixture, dns, visitor };
};
