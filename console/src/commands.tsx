import { useEffect, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { command, type Family, type Target } from './jobs.ts';
import { getSession } from './session.ts';
import { commandName, t } from './texts.ts';

export interface Commandable {
  allowedCommands: string[];
  revision: number;
}

interface CommandBarProps<Row extends Commandable> {
  family: Family;
  selected: Row[];
  /** The command of this screen comes first and has Ctrl+Enter. */
  primary?: string | undefined;
  label: (row: Row) => string;
  /** What a row sends with a command: its numbers, and what was typed for it. */
  target: (row: Row, name: string) => Target;
  /** Of those about to be shipped, how many have no waybill. */
  withoutWaybill?: (rows: Row[]) => number;
}

const needsReason = new Set([
  'undo',
  'reopen',
  'correct-waybill',
  'report-stockout',
  'convert-to-return',
  'refuse',
  'withdraw',
  'hold',
]);
const undoing = new Set(['undo', 'reopen', 'refuse', 'withdraw']);
const LISTED = 5;

/** The permission that a command asks for; the API decides, this only hides what would be refused. */
export const permissionOf = (family: Family, name: string): string =>
  family === 'pickups' ? 'pickup.write' : name === 'undo' || name === 'reopen' ? 'delivery.undo' : 'delivery.write';

/** One button per command that some selected row allows, with how many; every one asks before it acts. */
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

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !event.ctrlKey || first === undefined || document.querySelector('[role=dialog]')) return;
      event.preventDefault();
      setAsked(first);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [first]);

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
          {commandName(family, name)} <b>{counts.get(name)}</b>
        </button>
      ))}
      {asked !== null && <Confirm {...props} name={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

/** Says how many and what, and takes what the command needs besides. */
function Confirm<Row extends Commandable>(props: CommandBarProps<Row> & { name: string; onClose: () => void }) {
  const { family, selected, name, label, target, withoutWaybill, onClose } = props;
  const [rows] = useState(() => selected.filter((row) => row.allowedCommands.includes(name)));
  const [all] = useState(selected.length);
  const [reason, setReason] = useState('');
  const [expectedAt, setExpectedAt] = useState('');
  const [autoClear, setAutoClear] = useState(true);
  const [combine, setCombine] = useState(false);
  const asksReason = needsReason.has(name);
  const isShip = family === 'delivery-lines' && (name === 'ship' || name === 'correct-waybill');
  const missing = isShip ? (withoutWaybill?.(rows) ?? 0) : 0;
  const title = commandName(family, name);
  const act = () => {
    const more = {
      ...(asksReason ? { reason: reason.trim() } : {}),
      ...(name === 'report-stockout' ? { autoClear, ...(expectedAt ? { expectedAt } : {}) } : {}),
      ...(combine ? { combine } : {}),
    };
    command(
      family,
      name,
      rows.map((row) => target(row, name)),
      more,
    );
    onClose();
  };
  return (
    <Dialog
      title={t('confirmTitle', { command: title, n: rows.length })}
      submit={`${title} ${rows.length.toLocaleString()}`}
      onClose={onClose}
      onSubmit={act}
      danger={undoing.has(name)}
      disabled={rows.length === 0 || (asksReason && reason.trim() === '')}
    >
      <p>{t('confirmText', { command: title, n: rows.length })}</p>
      <ul className="some">
        {rows.slice(0, LISTED).map((row) => (
          <li key={label(row)}>{label(row)}</li>
        ))}
        {rows.length > LISTED && <li className="muted">{t('andMore', { n: rows.length - LISTED })}</li>}
      </ul>
      {rows.length < all && <p className="note">{t('excluded', { all, n: all - rows.length })}</p>}
      {missing > 0 && <p className="note warn">{t('waybillMissing', { n: missing })}</p>}
      {asksReason && (
        <label className="field">
          {t('reason')}
          <input
            name="reason"
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
            placeholder={t('reasonNeeded')}
          />
        </label>
      )}
      {name === 'report-stockout' && (
        <>
          <label className="field">
            {t('expectedAt')}
            <input type="date" value={expectedAt} onChange={(event) => setExpectedAt(event.target.value)} />
          </label>
          <label className="check">
            <input type="checkbox" checked={autoClear} onChange={(event) => setAutoClear(event.target.checked)} />
            {t('autoClear')}
          </label>
        </>
      )}
      {isShip && (
        <label className="check">
          <input type="checkbox" checked={combine} onChange={(event) => setCombine(event.target.checked)} />
          {t('combine')}
        </label>
      )}
    </Dialog>
  );
}
