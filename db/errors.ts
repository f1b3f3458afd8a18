import { Problem } from '../domain/problems.ts';

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

/** Connecting failed: an error of the system call, or of the pool, which gives a connection up before a statement is sent. */
const isUnconnected = (error: Error): boolean =>
  /^(connect|getaddrinfo)$/.test((error as NodeJS.ErrnoException).syscall ?? '') ||
  /timeout exceeded when trying to connect|due to connection timeout/.test(error.message) ||
  (error instanceof AggregateError && error.errors.length > 0 && error.errors.every((each) => isUnconnected(each as Error)));

/**
 * A statement of its own transaction has surely written nothing: no connection was made, or PostgreSQL said no. A connection that is
 * lost, cut (57P01, 57P02, 57P05, class 08) or silent may have lost the acknowledgement of a commit.
 */
export function isUnwritten(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const state = stateOf(error);
  return state === '' ? isUnconnected(error) : !/^(08|57P0[125])/.test(state);
}

/**
 * PostgreSQL cannot be reached, is going down or has no room (classes 08, 53, 57), or two transactions stood in each other's way
 * (class 40, locks and time-outs): later it works.
 */
export function isAway(error: unknown): boolean {
  const { code = '', message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: '' };
  return /^(ECONN|EPIPE|ETIMEDOUT|(08|40|53|57)...$|25P0[34]$|55P03$)/.test(code) || /terminat|timeout|Connection/i.test(message);
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
