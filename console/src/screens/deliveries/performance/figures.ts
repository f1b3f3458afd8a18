/** Lines by the day by which they had to leave: left in time, late (left or still here), and those that are not late yet. */
export interface Day {
  date: string;
  due: number;
  onTime: number;
  late: number;
  open: number;
}
export type Counts = Omit<Day, 'date'>;

export const sumOf = (days: readonly Counts[]): Counts =>
  days.reduce<Counts>(
    (sum, { due, onTime, late, open }) => ({
      due: sum.due + due,
      onTime: sum.onTime + onTime,
      late: sum.late + late,
      open: sum.open + open,
    }),
    { due: 0, onTime: 0, late: 0, open: 0 },
  );

/** `98.4%`; a dash while nothing is decided. Not 100 % while some were late. */
export function shownRate(rate: number | null): string {
  if (rate === null) return '–';
  const percent = rate * 100;
  return `${(rate < 1 ? Math.min(percent, 99.9) : percent).toFixed(1)}%`;
}
