import { NumberLink } from '../../../panel/number-link.tsx';
import { named, t } from '../../../ui/texts.ts';
import { copy } from './copy.ts';

type Data = Record<string, unknown>;

const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
const textIn = (data: Data, name: string): string | null => {
  const value = data[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
};

/** The body that a receiver gets, read again; null = it is none that we know. */
export function readBody(body: string): { timestamp: string | null; data: Data } {
  const read: unknown = JSON.parse(body);
  const data = isRecord(read) && isRecord(read.data) ? read.data : {};
  return { timestamp: isRecord(read) ? textIn(read, 'timestamp') : null, data };
}

/** What an event is about, by the number that people know. */
export function subjectOf(data: Data): string {
  const pickupNo = textIn(data, 'pickupNo');
  if (pickupNo) return pickupNo;
  const lineNo = textIn(data, 'lineNo');
  const deliveryNo = textIn(data, 'deliveryNo');
  if (deliveryNo) return lineNo ? `${deliveryNo}/${lineNo}` : deliveryNo;
  return textIn(data, 'waybillNo') ?? '';
}

/** Where the event's row is, that it takes another event back, and its letters as a receiver reads them. */
export function EventFacts({ data, body, title }: { data: Data; body: string; title: 'sentBody' | 'eventData' }) {
  const [pickupNo, deliveryNo, orderNo, corrects] = (['pickupNo', 'deliveryNo', 'orderNo', 'corrects'] as const).map((name) =>
    textIn(data, name),
  );
  return (
    <>
      {corrects && <p className="note warn">{t('corrects', { id: corrects })}</p>}
      <p className="event-links">
        {pickupNo && <NumberLink kind="pickup" no={pickupNo} />}
        {deliveryNo && <NumberLink kind="delivery" no={deliveryNo} />}
        {orderNo && <NumberLink kind="order" no={orderNo} />}
      </p>
      <div className="card-head">
        <h3>{t(title)}</h3>
        <button type="button" onClick={() => copy(body)}>
          {t('copyBody')}
        </button>
      </div>
      <pre className="body">{JSON.stringify(JSON.parse(body), null, 2)}</pre>
    </>
  );
}

/** An event by its Korean name and the name of the API. */
export function EventName({ type }: { type: string }) {
  return (
    <span className="event-name">
      <b>{named('eventType', type)}</b> <code className="muted">{type}</code>
    </span>
  );
}
