/** The two weekends on which New York changes its clocks in 2026. */
export const nights: readonly { readonly from: Date; readonly to: Date }[] = [
  { from: new Date('2026-03-06T12:00:00Z'), to: new Date('2026-03-10T12:00:00Z') },
  { from: new Date('2026-10-30T12:00:00Z'), to: new Date('2026-11-03T12:00:00Z') },
]

/** The jobs: one at a time that is skipped in spring, one at a time that comes twice in autumn. */
export const jobs: readonly { readonly id: string; readonly expression: string }[] = [
  { id: 'at half past two', expression: '30 2 * * *' },
  { id: 'at half past one', expression: '30 1 * * *' },
]

/** Where the nights are. */
export const zone = 'America/New_York'
