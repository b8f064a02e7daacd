import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { bodyPieces } from '../message/body.ts';
import { inTime, withFile } from '../message/disk.ts';
import { wireAddress } from '../policy/mailbox.ts';
import type { MessageContent } from '../queue/message.ts';
import { harmless } from './reply.ts';

/*
 * Delivery into a maildir: written to `tmp`, synced, renamed into `new`, and the folder synced, so that a reader
 * never sees half a message and a power failure never loses a delivered one. After a crash `tmp` may hold messages
 * that were never reported as delivered; maildir readers delete them after 36 hours.
 */

export interface MaildirDelivery {
  readonly sender: string;
  readonly recipient: string;
  readonly content: MessageContent;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Writes one message for one recipient, with its CRLF line ends unchanged, preceded by Return-Path (RFC 5321 4.4) and
 * Delivered-To.
 * @returns the file's name in `new`
 * @throws the file system's error; nothing is in `new` then
 */
export const deliverToMaildir = async (folder: string, delivery: MaildirDelivery): Promise<string> => {
  await prepare(folder);
  const name = uniqueName(delivery.at);
  const temporary = path.join(folder, 'tmp', name);
  try {
    await writeSynced(temporary, delivery);
    await inTime(rename(temporary, path.join(folder, 'new', name)));
  } catch (error) {
    await inTime(rm(temporary, { force: true })).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.join(folder, 'new'));
  return name;
};

const prepare = async (folder: string): Promise<void> => {
  for (const part of ['tmp', 'new', 'cur']) await inTime(mkdir(path.join(folder, part), { recursive: true, mode: 0o700 }));
};

/** Time, a unique part and the host; characters not allowed in a maildir name are written in octal. */
const uniqueName = (at: number): string => {
  const host = hostname().replaceAll('/', '\\057').replaceAll(':', '\\072');
  return `${Math.floor(at / 1000)}.M${at % 1000}P${process.pid}R${randomBytes(8).toString('hex')}.${host}`;
};

const writeSynced = (file: string, { sender, recipient, content }: MaildirDelivery): Promise<void> =>
  withFile(file, 'wx', async (handle) => {
    await inTime(
      handle.writeFile(`Return-Path: <${harmless(wireAddress(sender))}>\r\nDelivered-To: ${harmless(wireAddress(recipient))}\r\n`),
    );
    await inTime(handle.writeFile(content.header));
    for await (const piece of bodyPieces(content.body)) await inTime(handle.writeFile(piece));
    await inTime(handle.sync());
  });

const syncFolder = (folder: string): Promise<void> => withFile(folder, 'r', (handle) => inTime(handle.sync()));
