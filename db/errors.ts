import { Problem } from '../domain/problems.ts';
import { isUnconnected } from './watched-pool.ts';

/** The SQLSTATE of an error from PostgreSQL, also when MikroORM has wrapped it; empty for any other error. */
const stateOf = (error: unknown): string => {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : '';
};

/**
 * Values that no row can hold, whatever other rows there are: data (class 22), limits (54), not null, check. Repeating the statement
 * cannot succeed.
 */
export const isUnwritable = (error: unknown): boolean => /^(22...|54...|23502|23514)$/.test(stateOf(error));

/** Values that no column of their type can hold (class 22). */
export const isBadData = (error: unknown): boolean => /^22/.test(stateOf(error));

/** Other rows are in the way: unique, foreign key, exclusion. Whoever was faster has committed by now. */
export const isInTheWay = (error: unknown): boolean => /^23(?!502|514)/.test(stateOf(error));

/** PostgreSQL has refused the statement: nothing is written. After any other error, a lost connection for one, that is unknown. */
export const isRefused = (error: unknown): boolean => isUnwritable(error) || isInTheWay(error);

/**
 * A statement of its own transaction has surely written nothing: no connection was made, or PostgreSQL said no. A connection that is
 * lost, cut (57P01, 57P02, 57P05, class 08) or silent may have lost the acknowledgement of a commit.
 */
export function isUnwritten(error: unknown): boolean {
  const state = stateOf(error);
  return isUnconnected(error) || (state !== '' && !/^(08|57P0[125])/.test(state));
}

/**
 * PostgreSQL cannot be reached, is going down or has no room (classes 08, 53, 57), or two transactions stood in each other's way
 * (class 40, locks and time-outs): later it works.
 */
export function isAway(error: unknown): boolean {
  const { code = '', message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: '' };
  const isLost =
    /^(ECONN|EPIPE|ETIMEDOUT|(08|40|53|57)...$|25P0[34]$|55P03$)/.test(code) || /terminat|timeout|Connection/i.test(message);
  return isLost || isUnconnected(error);
}

/**
 * The caller's problem where PostgreSQL has refused what a request holds; undefined for every other error, which a repetition may
 * cure (an outage, a serialization failure) or which is ours. It names no value, because values are personal data.
 */
export function refusalOf(error: unknown): Problem | undefined {
  if (isUnwritable(error)) return new Problem('BAD_REQUEST', '저장할 수 없는 값이 있습니다');
  return isInTheWay(error) ? new Problem('DATA_CONFLICT') : undefined;
}

/** Does again, at once, what other rows were in the way of: this time they are seen, and answered as the code means it. */
export async function againBehind<Out>(work: () => Promise<Out>): Promise<Out> {
  try {
    return await work();
  } catch (error) {
    if (!isInTheWay(error)) throw error;
    return await work();
  }
}
