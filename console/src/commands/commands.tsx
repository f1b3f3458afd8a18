import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { type Family, getJobs, keyOf, MOST_OF_JOB, onJobs, type Target, underWay } from '../api/jobs.ts';
import { commandPermissions } from '../api/permissions.ts';
import { command } from '../api/sending.ts';
import { getSession } from '../api/session.ts';
import { backToList, leaveCell } from '../ui/focus-list.ts';
import { commandName } from '../ui/texts.ts';
import { Confirm } from './confirm.tsx';

export interface Commandable {
  allowedCommands: string[];
  revision: number;
  /** Of a line: how much of it is still to be dealt with, and what it was split off from. */
  validQuantity?: number;
  methodCode?: string;
  splitFrom?: { deliveryNo: string; lineNo: number } | null;
}

export interface CommandBarProps<Row extends Commandable> {
  family: Family;
  selected: Row[];
  /** This screen's main command: it comes first and has Ctrl+Enter. */
  primary?: string | undefined;
  /** A command that can follow the main one at once, on the rows for which that has succeeded; it has Ctrl+Shift+Enter. */
  next?: string | undefined;
  label: (row: Row, name: string) => string;
  /** What a command sends for a row: its numbers, and what was typed for it. */
  target: (row: Row, name: string) => Target;
  /** More of what a command sends for a row, for the dialog to show. */
  details?: (row: Row, target: Target) => ReactNode;
  /** How many of the rows about to be shipped have no waybill. */
  withoutWaybill?: (rows: Row[]) => number;
  /** Rows whose input keeps them from being sent. `combine` = the person has said 합포장. */
  isFaulty?: (row: Row, name: string, combine: boolean) => boolean;
  /** What the dialog says of input: what is left out, and what stays unsent. `ask` asks for another command instead. */
  remarks?: (rows: Row[], name: string, dialog: { combine: boolean; ask: (name: string) => void }) => ReactNode;
}

/** The command that reverses a command, if there is one. */
export const inverse: Record<string, string> = {
  instruct: 'undo',
  release: 'undo',
  ship: 'undo',
  deliver: 'reopen',
  split: 'merge',
};
export const undoing = new Set(['undo', 'reopen', 'merge', 'refuse', 'withdraw']);
/** Commands without a dialog: they need no input and can be undone from their result. */
const atOnce: Record<Family, ReadonlySet<string>> = { 'delivery-lines': new Set(['instruct', 'release']), pickups: new Set() };

/** The permission that a command asks for; the API decides, this only hides what would be refused. */
export const permissionOf = (family: Family, name: string): string => commandPermissions[family]?.[name] ?? '';

/** Rows for which no command is under way: a second click must not send them again. */
function useIdle<Row extends Commandable>({ family, selected, target }: CommandBarProps<Row>): Row[] {
  const jobs = useSyncExternalStore(onJobs, getJobs);
  const busy = useMemo(() => underWay(jobs, family), [jobs, family]);
  return useMemo(
    () => (busy.size === 0 ? selected : selected.filter((row) => !busy.has(keyOf(target(row, ''))))),
    [busy, selected, target],
  );
}

/** A button, with the number of rows, for each command that some selected row allows. */
export function CommandBar<Row extends Commandable>(props: CommandBarProps<Row>) {
  const { family, primary, next, target, isFaulty } = props;
  const [asked, setAsked] = useState<string | null>(null);
  const bar = useRef<HTMLSpanElement>(null);
  const { permissions } = getSession();
  const idle = useIdle(props);
  const counts = new Map<string, number>();
  for (const row of idle) for (const name of row.allowedCommands) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts.keys()]
    .filter((name) => permissions.has(permissionOf(family, name)))
    .sort((a, b) => Number(b === primary) - Number(a === primary));
  const first = names[0];
  const quick = names.find((name) => name === primary);
  const chained = quick !== undefined && next !== undefined && permissions.has(permissionOf(family, next)) ? next : undefined;

  const act = useCallback(
    (name: string, after?: string) => {
      const rows = idle.filter((row) => row.allowedCommands.includes(name) && !isFaulty?.(row, name, false));
      if (!atOnce[family].has(name) || rows.length > MOST_OF_JOB) return setAsked(name);
      const more = after === undefined ? undefined : { command: after, more: {}, upTo: rows.length };
      command(
        family,
        name,
        rows.map((row) => target(row, name)),
        {},
        more,
      );
      const panel = bar.current?.closest<HTMLElement>('.panel');
      if (panel) panel.focus();
      else backToList();
    },
    [family, idle, isFaulty, target],
  );
  const [pressed, setPressed] = useState<{ isChained: boolean } | null>(null);
  const latest = useRef({ act, quick, chained });
  latest.current = { act, quick, chained };

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !event.ctrlKey || event.repeat) return;
      // In a dialog or in the panel the key has another meaning.
      if (document.querySelector('[role=dialog]') || document.activeElement?.closest('.panel')) return;
      event.preventDefault();
      leaveCell();
      // What was selected or typed just before is on its way to these rows: the key is taken after it.
      setTimeout(() => setPressed({ isChained: event.shiftKey }));
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  useEffect(() => {
    const { act: run, quick: name, chained: after } = latest.current;
    if (pressed && name !== undefined) run(name, pressed.isChained ? after : undefined);
  }, [pressed]);

  return (
    <span className="commands" ref={bar}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          className={undoing.has(name) ? 'quiet' : name === (primary ?? first) ? 'primary' : ''}
          data-command={name}
          onClick={() => act(name)}
        >
          {commandName(family, name)} <b>{counts.get(name)?.toLocaleString()}</b>
        </button>
      ))}
      {quick !== undefined && chained !== undefined && (
        <button type="button" data-command={`${quick}+${chained}`} onClick={() => act(quick, chained)}>
          {commandName(family, quick)}→{commandName(family, chained)} <b>{counts.get(quick)?.toLocaleString()}</b>
        </button>
      )}
      {asked !== null && (
        <Confirm key={asked} {...props} selected={idle} name={asked} onClose={() => setAsked(null)} onAsk={setAsked} />
      )}
    </span>
  );
}
