import { userInfo } from 'node:os';
import { isObject, type Json } from '../policy/json.ts';

/** The person a process claims to act for. Only a claim: anyone allowed to act can also lie here. */
export interface Actor {
  readonly user: string;
  readonly uid: number;
  /** The user who called sudo. */
  readonly sudoUser?: string;
}

/** Longest name that is kept; Linux has at most 32 characters. */
const LONGEST = 64;

/** An account may have a number but no name, for example in a container. */
const nameOf = (uid: number): string => {
  try {
    return userInfo().username;
  } catch {
    return String(uid);
  }
};

/** The account of this process. */
export const thisActor = (): Actor => {
  const uid = process.geteuid?.() ?? 0;
  const sudoUser = process.env.SUDO_USER;
  return { user: nameOf(uid), uid, ...(sudoUser ? { sudoUser: sudoUser.slice(0, LONGEST) } : {}) };
};

/** Reads the claim of another process; `null` if malformed. */
export const readActor = (value: Json | undefined): Actor | null => {
  if (!isObject(value) || typeof value.user !== 'string' || !Number.isSafeInteger(value.uid)) return null;
  const { user, sudoUser } = value;
  const given = typeof sudoUser === 'string' ? { sudoUser: sudoUser.slice(0, LONGEST) } : {};
  return { user: user.slice(0, LONGEST), uid: Number(value.uid), ...given };
};
