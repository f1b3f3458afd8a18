import { useState } from 'react';
import { command, MOST_OF_JOB, MOST_TARGETS } from '../api/jobs.ts';
import { useStored } from '../api/stored.ts';
import { Dialog } from '../ui/dialog.tsx';
import { commandName, t } from '../ui/texts.ts';
import { type Commandable, type CommandBarProps, undoing } from './commands.tsx';

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
const LISTED = 5;

/** Input for a command that was not sent yet. */
const unsent = { reason: '', expectedAt: '', autoClear: true };

/** Shows how many rows and which command, and takes further input for it; a half-typed reason survives a reload. */
export function Confirm<Row extends Commandable>(props: CommandBarProps<Row> & { name: string; onClose: () => void }) {
  const { family, selected, name, label, target, withoutWaybill, isFaulty, onClose } = props;
  const [allowed] = useState(() => selected.filter((row) => row.allowedCommands.includes(name)));
  const [rows] = useState(() => allowed.filter((row) => !isFaulty?.(row, name)));
  const [all] = useState(selected.length);
  const [given, setGiven] = useStored(`confirm.${family}.${name}`, unsent);
  const [combine, setCombine] = useState(false);
  const { reason, expectedAt, autoClear } = given;
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
    setGiven(() => unsent);
    onClose();
  };
  return (
    <Dialog
      title={t('confirmTitle', { command: title, n: rows.length })}
      submit={`${title} ${rows.length.toLocaleString()}`}
      onClose={onClose}
      onSubmit={act}
      danger={undoing.has(name)}
      disabled={rows.length === 0 || rows.length > MOST_OF_JOB || (asksReason && reason.trim() === '')}
    >
      <p>{t('confirmText', { command: title, n: rows.length })}</p>
      <ul className="some">
        {rows.slice(0, LISTED).map((row) => (
          <li key={label(row)}>{label(row)}</li>
        ))}
        {rows.length > LISTED && <li className="muted">{t('andMore', { n: rows.length - LISTED })}</li>}
      </ul>
      {rows.length > MOST_TARGETS && (
        <p className={`note ${rows.length > MOST_OF_JOB ? 'warn' : ''}`}>
          {rows.length > MOST_OF_JOB
            ? t('tooMany', { n: MOST_OF_JOB })
            : t('inParts', { n: MOST_TARGETS, parts: Math.ceil(rows.length / MOST_TARGETS) })}
        </p>
      )}
      {allowed.length < all && <p className="note">{t('excluded', { all, n: all - allowed.length })}</p>}
      {rows.length < allowed.length && <p className="note warn">{t('faulty', { n: allowed.length - rows.length })}</p>}
      {missing > 0 && <p className="note warn">{t('waybillMissing', { n: missing })}</p>}
      {asksReason && (
        <label className="field">
          {t('reason')}
          <input
            name="reason"
            value={reason}
            maxLength={500}
            onChange={({ target }) => setGiven((before) => ({ ...before, reason: target.value }))}
            placeholder={t('reasonNeeded')}
          />
        </label>
      )}
      {name === 'report-stockout' && (
        <>
          <label className="field">
            {t('expectedAt')}
            <input
              type="date"
              name="expectedAt"
              value={expectedAt}
              onChange={({ target }) => setGiven((before) => ({ ...before, expectedAt: target.value }))}
            />
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={autoClear}
              onChange={({ target }) => setGiven((before) => ({ ...before, autoClear: target.checked }))}
            />
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
