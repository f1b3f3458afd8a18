/** The median of several measurements, and their range. */
export interface Spread {
  median: number;
  low: number;
  high: number;
  count: number;
}

/** The value below which the share `q` of all values lies; 0 without values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0), high: quantile(values, 1), count: values.length };
}

/** The range of measurements as a share of their median: 0 = all equal. */
export const variation = ({ median, low, high }: Spread): number => (median === 0 ? 0 : (high - low) / median);

/** Only as many digits as are significant. */
export function short(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** `median (low–high)`. */
export const shown = ({ median, low, high, count }: Spread): string =>
  count === 1 ? short(median) : `${short(median)} (${short(low)}–${short(high)})`;
