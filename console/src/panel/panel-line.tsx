import type { Schemas } from '../api/api.ts';
import { CommandBar } from '../commands/commands.tsx';
import { useWaybill, WaybillFields } from '../commands/waybill-fields.tsx';
import { State } from '../list/parts.tsx';
import { won } from '../ui/figures.ts';
import { named } from '../ui/texts.ts';
import { WorkflowLink } from './panel-parts.tsx';

/** One 주문내역 of a delivery: product, state, and possible commands. */
export function LineCard({ line }: { line: Schemas['DeliveryDetail']['lines'][number] }) {
  const entry = useWaybill(`${line.deliveryNo}/${line.lineNo}/${line.revision}`, line);
  const { carriers } = entry;
  const takesWaybill = (name: string) => name === 'ship' || name === 'correct-waybill';
  const takes = line.allowedCommands.some(takesWaybill);
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
            ...(takesWaybill(name) ? entry.waybill : {}),
          })}
          isFaulty={(_row, name) => takesWaybill(name) && entry.fault !== null}
        />
        <WorkflowLink id={line.workflowId} />
      </div>
    </article>
  );
}
