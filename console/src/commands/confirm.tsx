import { useState } from 'react';
import { MOST_OF_JOB, MOST_TARGETS } from '../api/jobs.ts';
import { command } from '../api/sending.ts';
import { store, useStored } from '../api/stored.ts';
import { useParts } from '../splits/part-fields.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { commandName, t } from '../ui/texts.ts';
import { useAutoWaybill } from './auto-waybill.tsx';
import { type Commandable, type CommandBarProps, undoing } from './commands.tsx';
import { DelayFields, noDelay, useDelay } from './delay-fields.tsx';
import { asksReason, ReasonField } from './reasons.tsx';

const LISTED = 5;

/** Input for a command that was not sent yet. */
const unsent = { reason: '', expectedAt: '', autoClear: true, ...noDelay };

/** Shows how many rows and which command, and takes further input for it; a half-typed reason survives a reload. */
export function Confirm<Row extends Commandable>(
  props: CommandBarProps<Row> & { name: string; onClose: () => void; onAsk: (name: string) => void },
) {
  const { family, selected, name, label, target, details, withoutWaybill, isFaulty, remarks, onClose, onAsk } = props;
  const [allowed] = useState(() => selected.filter((row) => row.allowedCommands.includes(name)));
  // What is shown is what is sent, whatever happens to the rows meanwhile.
  const [frozen] = useState(() => allowed.map((row) => ({ row, target: target(row, name) })));
  const [all] = useState(selected.length);
  const key = `confirm.${family}.${name}`;
  const [given, setGiven] = useStored(key, unsent);
  const [combine, setCombine] = useState(false);
  const sent = frozen.filter(({ row }) => !isFaulty?.(row, name, combine));
  const rows = sent.map(({ row }) => row);
  const title = commandName(family, name);
  const numbered = sent.map(({ row, target: each }) => ({ target: each, label: label(row, name), all: row.validQuantity }));
  const parts = useParts(family, name, numbered, title);
  const shipped = name === 'ship' && family === 'delivery-lines' ? sent : [];
  const auto = useAutoWaybill(shipped.map(({ row, target: each }) => ({ target: each, isParcel: isParcel(row) })));
  const targets = sent.map(({ target: each }) => parts.withQuantity(auto.withAuto(each)));
  const { reason, expectedAt, autoClear } = given;
  const needsReason = asksReason(family, name);
  const notice = useDelay({ ...noDelay, ...given });
  const isNotice = name === 'notify-delay';
  const isShip = family === 'delivery-lines' && (name === 'ship' || name === 'correct-waybill');
  const missing = isShip ? (withoutWaybill?.(rows) ?? 0) : 0;
  // Where rows differ in more than their numbers, each of them is there to be looked at.
  const isEach = name === 'merge' || (rows.length > 0 && targets[0] && details?.(rows[0] as Row, targets[0]));
  const shown = isEach ? rows.length : LISTED;
  const act = () => {
    const more = {
      ...(needsReason ? { reason: reason.trim() } : {}),
      ...(name === 'report-stockout' ? { autoClear, ...(expectedAt ? { expectedAt } : {}) } : {}),
      ...(isNotice ? notice.delay : {}),
      ...(combine ? { combine } : {}),
    };
    command(family, name, targets, more);
    // Not by its state, which this dialog takes along when it closes: the next reason is another one.
    store(key, unsent);
    onClose();
  };
  return (
    <Dialog
      title={t('confirmTitle', { command: title, n: rows.length })}
      submit={`${title} ${rows.length.toLocaleString()}`}
      onClose={onClose}
      onSubmit={act}
      danger={undoing.has(name)}
      disabled={
        rows.length === 0 ||
        rows.length > MOST_OF_JOB ||
        (needsReason && reason.trim() === '') ||
        (isNotice && !notice.isPossible) ||
        !parts.isPossible
      }
    >
      <p>{t('confirmText', { command: title, n: rows.length })}</p>
      {!parts.isTable && (
        <ul className={shown > LISTED ? 'some scrolls' : 'some'}>
          {rows.slice(0, shown).map((row, at) => (
            <li key={label(row, name)}>
              {label(row, name)}
              {targets[at] && details?.(row, targets[at])}
              {name === 'merge' && <div className="muted">{backTo(row)}</div>}
            </li>
          ))}
          {rows.length > shown && <li className="muted">{t('andMore', { n: rows.length - shown })}</li>}
        </ul>
      )}
      {rows.length > MOST_TARGETS && (
        <p className={`note ${rows.length > MOST_OF_JOB ? 'warn' : ''}`}>
          {rows.length > MOST_OF_JOB
            ? t('tooMany', { n: MOST_OF_JOB })
            : t('inParts', { n: MOST_TARGETS, parts: Math.ceil(rows.length / MOST_TARGETS) })}
        </p>
      )}
      {allowed.length < all && <p className="note">{t('excluded', { all, n: all - allowed.length })}</p>}
      {name === 'complete' && rows.length < allowed.length && (
        <p className="note warn">{t('faultyInspection', { n: allowed.length - rows.length })}</p>
      )}
      {name === 'convert-to-exchange' && rows.length > 0 && <p className="note">{t('sameProduct')}</p>}
      {remarks?.(allowed, name, { combine, ask: onAsk })}
      {missing > 0 && <p className="note warn">{t('waybillMissing', { n: missing })}</p>}
      {auto.field}
      {!needsReason && parts.fields}
      {isNotice && <DelayFields {...notice} onChange={(part) => setGiven((before) => ({ ...before, ...part }))} />}
      {needsReason && (
        <ReasonField
          family={family}
          name={name}
          value={reason}
          onChange={(value) => setGiven((before) => ({ ...before, reason: value }))}
        />
      )}
      {needsReason && parts.fields}
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

/** Of a line whose delivery says how it is sent, the panel shows one and does not repeat it. */
const isParcel = ({ methodCode = '10' }: Commandable) => methodCode === '10';

/** Where the quantity of a part goes. */
const backTo = ({ splitFrom, validQuantity = 0 }: Commandable): string =>
  splitFrom ? t('mergeBack', { n: validQuantity, to: `${splitFrom.deliveryNo}/${splitFrom.lineNo}` }) : '';
