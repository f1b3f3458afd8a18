import type { Page } from 'playwright-core';

/** In the page: pastes a block, and waits until this cell shows its waybill and the count says that all are entered. */
const PASTE = `async (text, count, id, waybill) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  const began = performance.now();
  document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  const isShown = () =>
    document.body.textContent.includes(count) &&
    document.querySelector('.ag-row[row-id="' + id + '"] [col-id="typedWaybill"]')?.textContent === waybill;
  while (!isShown()) await new Promise((done) => requestAnimationFrame(done));
  return performance.now() - began;
}`;

/** Pastes waybills for these deliveries under our template's header, in reverse order; ms until they stand in the grid. */
export async function timePaste(page: Page, deliveryNos: readonly string[], first: number): Promise<number> {
  const lines = deliveryNos.map((no, at) => [no, '1', '04', String(first + at)]).reverse();
  const text = [['배송번호', '순번', '택배사코드', '운송장번호'], ...lines].map((line) => line.join('\t')).join('\r\n');
  const [no, line, , waybill] = lines[0] ?? [];
  const count = `입력한 운송장 ${lines.length.toLocaleString('ko')}건`;
  return page.evaluate<number>(
    `(${PASTE})(${[text, count, `${no}/${line}`, waybill].map((each) => JSON.stringify(each)).join(', ')})`,
  );
}
