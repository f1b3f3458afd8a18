import { useEffect, useState } from 'react';
import type { Family, Target } from '../api/jobs.ts';
import { commandPermissions } from '../api/permissions.ts';
import { getSession } from '../api/session.ts';
import { commandName } from '../ui/texts.ts';
import { Confirm } from './confirm.tsx';

export interface Commandable {
  allowedCommands: string[];
  revision: number;
}

export interface CommandBarProps<Row extends Commandable> {
  family: Family;
  selected: Row[];
  /** This screen's main command: it comes first and has Ctrl+Enter. */
  primary?: string | undefined;
  label: (row: Row) => string;
  /** What a command sends for a row: its numbers, and what was typed for it. */
  target: (row: Row, name: string) => Target;
  /** How many of the rows about to be shipped have no waybill. */
  withoutWaybill?: (rows: Row[]) => number;
  /** Rows with invalid input are not sent. */
  isFaulty?: (row: Row, name: string) => boolean;
}

/** The command that reverses a command, if there is one. */
export const inverse: Record<string, string> = { instruct: 'undo', release: 'undo', ship: 'undo', deliver: 'reopen' };
export const undoing = new Set(['undo', 'reopen', 'refuse', 'withdraw']);

/** The permission that a command asks for; the API decides, this only hides what would be refused. */
export const permissionOf = (family: Family, name: string): string => commandPermissions[family]?.[name] ?? '';

/** A button, with the number of rows, for each command that some selected row allows; each asks for confirmation. */
export function CommandBar<Row extends Commandable>(props: CommandBarProps<Row>) {
  const { family, selected, primary } = props;
  const [asked, setAsked] = useState<string | null>(null);
  const { permissions } = getSession();
  const counts = new Map<string, number>();
  for (const row of selected) for (const name of row.allowedCommands) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts.keys()]
    .filter((name) => permissions.has(permissionOf(family, name)))
    .sort((a, b) => Number(b === primary) - Number(a === primary));
  const first = names[0];
  const quick = names.find((name) => name === primary);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !event.ctrlKey || quick === undefined) return;
      // In a dialog or in the panel the key has another meaning.
      if (document.querySelector('[role=dialog]') || document.activeElement?.closest('.panel')) return;
      event.preventDefault();
      setAsked(quick);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [quick]);

  return (
    <>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          className={undoing.has(name) ? 'quiet' : name === (primary ?? first) ? 'primary' : ''}
          data-command={name}
          onClick={() => setAsked(name)}
        >
          {commandName(family, name)} <b>{counts.get(name)?.toLocaleString()}</b>
        </button>
      ))}
      {asked !== null && <Confirm {...props} name={asked} onClose={() => setAsked(null)} />}
    </>
  );
}
