/** 회수처리. */
export const pickupsTexts = {
  'ptab.instruct': ['회수지시', 'Instruct'],
  'ptab.confirm': ['회수확인', 'Confirm'],
  'ptab.complete': ['회수완료', 'Complete'],
  'ptab.all': ['전체', 'All'],
  arrivedNote: ['추적에서 도착 확인', 'Arrived by tracking'],
  'pempty.instruct': [
    '회수지시할 접수가 없습니다. 반품·교환이 접수되면 여기에 나옵니다.',
    'No claims waiting. New ones appear here.',
  ],
  'pempty.confirm': [
    '도착을 기다리는 회수가 없습니다. 회수지시한 것이 여기에 나옵니다.',
    'No pickups under way. Instructed ones appear here.',
  ],
  'pempty.complete': [
    '검수할 회수가 없습니다. 회수확인한 것이 여기에 나옵니다.',
    'Nothing to inspect. Confirmed pickups appear here.',
  ],
  'pempty.all': ['회수가 없습니다.', 'No pickups.'],
  confirmedAt: ['회수확인일시', 'Confirmed'],
  completedAt: ['회수완료일시', 'Completed'],
} as const satisfies Record<string, readonly [ko: string, en: string]>;
