import type { Target } from '../target.ts';
import { journal } from './journal.ts';
import { mime } from './mime.ts';
import { relay } from './relay/relay.ts';
import { wire } from './wire.ts';
import { yaml } from './yaml.ts';

export const TARGETS: readonly Target[] = [relay, mime, yaml, wire, journal];
