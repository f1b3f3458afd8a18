/** A carrier as SweetTracker lists it. */
export interface Carrier {
  Code: string;
  Name: string;
  /** "true" for international carriers: their waybills may contain letters. */
  International: 'true' | 'false';
}

const domestic = (Code: string, Name: string): Carrier => ({ Code, Name, International: 'false' });
const international = (Code: string, Name: string): Carrier => ({ Code, Name, International: 'true' });

/** Every carrier this tracker follows; `99 기타` is not one of them. */
export const carriers: readonly Carrier[] = [
  domestic('01', '우체국택배'),
  domestic('04', 'CJ대한통운'),
  domestic('05', '한진택배'),
  domestic('06', '로젠택배'),
  domestic('08', '롯데택배'),
  domestic('11', '일양로지스'),
  international('12', 'EMS'),
  international('13', 'DHL'),
  international('14', 'UPS'),
  domestic('17', '천일택배'),
  domestic('18', '건영택배'),
  domestic('20', '한덱스'),
  international('21', 'FedEx'),
  domestic('22', '대신택배'),
  domestic('23', '경동택배'),
  domestic('24', 'CVSnet 편의점택배'),
  domestic('32', '합동택배'),
  domestic('46', 'CU 편의점택배'),
];

const byCode = new Map(carriers.map((carrier) => [carrier.Code, carrier]));

export const carrierOf = (code: string): Carrier | undefined => byCode.get(code);

/** This tracker's own rule: 9–14 digits, for international carriers 9–20 digits or capital letters; never a hyphen. */
export function isWaybill(carrier: Carrier, num: string): boolean {
  return (carrier.International === 'true' ? /^[0-9A-Z]{9,20}$/ : /^[0-9]{9,14}$/).test(num);
}
