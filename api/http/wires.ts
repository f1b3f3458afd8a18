import type { ProblemBody } from '../../domain/problems.ts';

/** A wire of somebody else: its addresses begin so, and it is told of a problem in its own shape. */
interface Wire {
  under: `/${string}/`;
  failure: (problem: ProblemBody) => object;
}

/** The message of a failure on the Sabangnet wire. */
export const MOST_SABANGNET_MESSAGE = 100;
const sabangnetCodes: Record<number, string> = {
  400: '4000',
  401: '4010',
  403: '4030',
  404: '4040',
  409: '4090',
  413: '4000',
  415: '4000',
};

/** Every foreign wire whose addresses are fixed. What they call a failure is said here and nowhere else. */
export const wires: readonly Wire[] = [
  {
    // ESM Plus (docs/sources/requirements.md#bundle-fee-6): 3000 for a value that is not there, 1000 for the rest.
    under: '/item/',
    failure: ({ code, detail }) => ({ resultCode: code === 'VALUE_MISSING' ? 3000 : 1000, message: detail }),
  },
  {
    // Sabangnet (docs/sources/requirements.md#가공품): its envelope.
    under: '/v2/',
    failure: ({ status, detail, response }) => ({
      code: sabangnetCodes[status] ?? '5000',
      message: detail.slice(0, MOST_SABANGNET_MESSAGE),
      ...(response ? { response } : {}),
    }),
  },
];

/** How the tracker is told, under the address that the configuration gave its callback: this one shape, whatever happens. */
export const trackerFailure = (why: string) => ({ code: false, message: `fail - ${why}` });

/** How the wire of this address tells a failure; undefined = it is ours. */
export const failureAt = (path: string): Wire['failure'] | undefined =>
  wires.find(({ under }) => path.startsWith(under))?.failure;
