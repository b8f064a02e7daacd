import { Command } from 'commander';
import nodemailer from 'nodemailer';
import type { Terminal } from './terminal/terminal.ts';

interface SendOptions {
  readonly from: string;
  readonly to: readonly string[];
  readonly server: string;
}

/** `127.0.0.1:2525`, `[::1]:2525` or a name with a port. */
const hostAndPort = (server: string): { readonly host: string; readonly port: number } => {
  const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(server) ?? [];
  if (host === '') throw new Error(`${server} is not host:port; write for example 127.0.0.1:2525`);
  return { host, port: Number(port) };
};

const TEXT = 'If you can read this, the message arrived.\n';

/** The reply, as the relay gave it: to the message, or to the command that it refused. */
const replyOf = (error: Error): string => ('response' in error && typeof error.response === 'string' ? error.response : error.message);

const send = async ({ from, to, server }: SendOptions, terminal: Terminal): Promise<number> => {
  const transport = nodemailer.createTransport({ ...hostAndPort(server), name: 'client.example.net', ignoreTLS: true });
  try {
    const { response } = await transport.sendMail({ from, to: [...to], subject: 'Test message', text: TEXT });
    terminal.out(`${response}\n`);
    return 0;
  } catch (error) {
    terminal.err(`relayctl: ${error instanceof Error ? replyOf(error) : String(error)}\n`);
    return 1;
  }
};

export const sendCommand = (terminal: Terminal): Command =>
  new Command('send')
    .description('Send a short test message to a relay and print its reply.')
    .requiredOption('--from <address>', 'sender')
    .requiredOption('--to <address...>', 'recipients')
    .option('--server <host:port>', 'where to send it', '127.0.0.1:2525')
    .action(async (options: SendOptions) => {
      terminal.exitCode = await send(options, terminal);
    });
