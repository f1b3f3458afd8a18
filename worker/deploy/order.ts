/** What the operator wants of `npm run deploy`. */
export type Order =
  | { verb: 'status' }
  | { verb: 'current'; buildId: string | null; force: boolean }
  | { verb: 'ramp'; percentage: number; buildId: string | null; force: boolean }
  | { verb: 'rollback'; force: boolean }
  | { verb: 'unpin'; buildId: string };

export const USAGE = `npm run deploy -- status                    버전과 그 worker, 고정된 워크플로
npm run deploy -- current [BUILD]           이 버전이 모든 일을 받습니다
npm run deploy -- ramp PERCENT [BUILD]      이 버전이 일의 PERCENT %를 받습니다 (0 = 그만)
npm run deploy -- rollback                  진행 중인 ramp를 그만두거나, 앞의 버전으로 돌아갑니다
npm run deploy -- unpin BUILD               그 버전에 고정된 대량 출고와 배치를 현재 버전에서 이어 합니다
BUILD를 적지 않으면 이 코드의 버전입니다. worker가 없는 버전으로는 --force가 있어야 바꿉니다.`;

/** The command line as an order; null when it is none. */
export function orderOf(args: readonly string[]): Order | null {
  const force = args.includes('--force');
  const [verb, ...rest] = args.filter((arg) => arg !== '--force');
  if (rest.some((arg) => arg.startsWith('-'))) return null;
  const [first = null, second = null] = rest;
  const count = rest.length;
  if (verb === 'status' && count === 0 && !force) return { verb };
  if (verb === 'current' && count <= 1) return { verb, buildId: first, force };
  if (verb === 'rollback' && count === 0) return { verb, force };
  if (verb === 'unpin' && first !== null && count === 1 && !force) return { verb, buildId: first };
  if (verb !== 'ramp' || first === null || count > 2 || !/^\d{1,3}(\.\d+)?$/.test(first)) return null;
  const percentage = Number(first);
  return percentage <= 100 ? { verb, percentage, buildId: second, force } : null;
}
