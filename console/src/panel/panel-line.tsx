import { Link } from 'react-router';
import type { Schemas } from '../api/api.ts';
import { CommandBar } from '../commands/commands.tsx';
import { draftTabOfLine, lineDrafts } from '../drafts/tab-of.ts';
import { isHeld, TypedNotes } from '../drafts/typed-notes.tsx';
import { useWaybill, WaybillFields } from '../drafts/waybill-fields.tsx';
import { dayOf, statusOf, whyOf } from '../filters/due.ts';
import { State } from '../list/parts.tsx';
import { won } from '../ui/figures.ts';
import { batchHref } from '../ui/opened.ts';
import { named, t } from '../ui/texts.ts';
import { WorkflowLink } from './panel-parts.tsx';
import { Splits } from './panel-splits.tsx';

/** One 주문내역 of a delivery: product, state, and possible commands. */
export function LineCard({ line }: { line: Schemas['DeliveryDetail']['lines'][number] }) {
  const tab = lineDrafts(draftTabOfLine(line.state));
  const entry = useWaybill(tab, line);
  const { carriers, drafts } = entry;
  const takes = line.allowedCommands.includes(tab.command);
  return (
    <article className="card" data-line={line.lineNo}>
      <div className="card-head">
        <b>
          {line.lineNo}. {line.productName}
        </b>
        <State group="state" state={line.state} name={line.stateName} />
      </div>
      <div className="muted">
        {[line.optionName, `${line.validQuantity}/${line.quantity}`, won(line.unitPrice), line.stockoutReason]
          .filter(Boolean)
          .join(' · ')}
      </div>
      <Splits line={line} />
      {line.workBatchNo !== null && (
        <Link className="link" to={batchHref(line.workBatchNo)}>
          {t('workBatchOf', { no: String(line.workBatchNo) })}
        </Link>
      )}
      {line.dispatchDueOn !== null && (
        <div data-due={line.dispatchStatus}>
          {t('dispatchDueOn')} {dayOf(line)}{' '}
          {statusOf(line) !== '' && <span className={`state due-${line.dispatchStatus}`}>{statusOf(line)}</span>}
          <span className="muted"> {whyOf(line)}</span>
        </div>
      )}
      {takes ? (
        <WaybillFields {...entry} />
      ) : (
        line.waybillNo && (
          <div>
            {carriers.find(({ code }) => code === line.carrierCode)?.name ?? line.carrierCode} <code>{line.waybillNo}</code>{' '}
            {named('level', line.trackingLevel)}
          </div>
        )
      )}
      <div className="card-actions">
        <CommandBar
          family="delivery-lines"
          selected={[line]}
          label={() => `${line.deliveryNo}/${line.lineNo} · ${line.productName}`}
          target={(_row, name) => ({
            deliveryNo: line.deliveryNo,
            lineNo: line.lineNo,
            revision: line.revision,
            ...(name === tab.command ? entry.waybill : {}),
          })}
          isFaulty={(row, name, combine) => isHeld(drafts.of(tab.idOf(row), row), tab.command, name, combine)}
          remarks={(some, name, dialog) => <TypedNotes rows={some} name={name} tab={tab} drafts={drafts} {...dialog} />}
        />
        <WorkflowLink id={line.workflowId} />
      </div>
    </article>
  );
}
