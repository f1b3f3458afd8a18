/** The big lists: filters, pages, columns, exports. */
export const listsTexts = {
  empty: ['조건에 맞는 내역이 없습니다', 'Nothing matches'],
  reset: ['초기화', 'Reset'],
  excel: ['엑셀', 'Excel'],
  changed: ['{n}건 변경됨', '{n} changed'],
  shown: ['{n}건 표시', '{n} shown'],
  ofTotal: ['/ 전체 {n}건', '/ {n} in all'],
  atLeast: ['{n}건 이상', '{n} or more'],
  notReadOn: ['더 읽지 못했습니다', 'Could not read on'],
  columns: ['열 고르기', 'Columns'],
  resetLayout: ['열 배치 초기화', 'Reset the layout'],
  byDefault: ['주문·접수일', 'Default'],
  excelBusy: ['받는 중…', 'Saving…'],
  excelSave: ['내려받기', 'Download'],
  excelUnmasked: ['개인정보를 가리지 않고 내려받기', 'With people, unmasked'],
  previous: ['이전', 'Previous'],
  pages: ['쪽', 'Pages'],
} as const satisfies Record<string, readonly [ko: string, en: string]>;
