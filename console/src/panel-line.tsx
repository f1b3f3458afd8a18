import type { Schemas } from './api.ts';
import { CommandBar } from './commands.tsx';
import { WorkflowLink } from './panel-parts.tsx';
import { State, useCarriers } from './parts.tsx';
import { useStored } from './stored.ts';
import { named, t, won } from './texts.ts';

/** One 주문내역 of a delivery: what it is, where it stands, what may be done with it. */
export function LineCard({ line }: { line: Schemas['DeliveryDetail']['lines'][number] }) {
  const carriers = useCarriers();
  const given = { carrierCode: line.carrierCode ?? '04', waybillNo: line.waybillNo ?? '' };
  // What is typed belongs to the line as it is now.
  const [waybill, setWaybill] = useStored(`waybill.${line.deliveryNo}/${line.lineNo}/${line.revision}`, given);
  const takes = line.allowedCommands.includes('ship') || line.allowedCommands.includes('correct-waybill');
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
        <div className="waybill">
          <select
            aria-label={t('carrierCode')}
            value={waybill.carrierCode}
            onChange={(event) => setWaybill((before) => ({ ...before, carrierCode: event.target.value }))}
          >
            {carriers.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
          <input
            aria-label={t('waybillNo')}
            value={waybill.waybillNo}
            onChange={(event) => setWaybill((before) => ({ ...before, waybillNo: event.target.value }))}
          />
        </div>
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
            ...((name === 'ship' || name === 'correct-waybill') && waybill.waybillNo ? waybill : {}),
          })}
        />
        <WorkflowLink id={line.workflowId} />
      </div>
    </article>
  );
}
