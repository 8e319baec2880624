import { describe, expect, it } from 'vitest'
import type { DisputeFileProfile } from './dispute-file-profile.ts'
import { readDisputeFile } from './read-dispute-file.ts'

const profile: DisputeFileProfile = {
  columns: {
    ...{ reference: 'Case', payment: 'Transaction', amount: 'Amount', status: 'Status', reasonCode: 'Code' },
    ...{ network: 'Network', openedOn: 'Opened', dueOn: 'Due', changedOn: 'Changed', fee: 'Fee', reason: 'Text' },
  },
  states: { New: 'needs_response', Retrieval: 'inquiry', Won: 'won', Lost: 'lost' },
  currency: 'USD',
}
const head = 'Case,Transaction,Amount,Status,Code,Network,Opened,Due,Changed,Fee,Text'
const row = (given: Partial<Record<string, string>> = {}) => {
  const fields: Record<string, string> = {
    ...{ Case: 'CB-1', Transaction: '60198', Amount: '12.50', Status: 'New', Code: '13.1', Network: 'VISA' },
    ...{ Opened: '2026-11-01', Due: '2026-11-20', Changed: '2026-11-02', Fee: '25.00', Text: 'Not received' },
  }
  return head
    .split(',')
    .map((name) => given[name] ?? fields[name])
    .join(',')
}
const read = (...rows: readonly string[]) => readDisputeFile([head, ...rows, ''].join('\n'), profile)

describe('readDisputeFile', () => {
  it('gives what a gateway would have told', () => {
    expect(read(row())).toEqual([
      {
        ...{ kind: 'dispute', reference: 'CB-1', payment: '60198', state: 'needs_response' },
        ...{ reason: 'Not received', network: 'visa', networkReason: '13.1' },
        amount: { amount: 1_250n, currency: 'USD' },
        fee: { amount: 2_500n, currency: 'USD' },
        withdrawn: { amount: 1_250n, currency: 'USD' },
        reinstated: { amount: 0n, currency: 'USD' },
        openedAt: new Date('2026-11-01T00:00:00Z'),
        changedAt: new Date('2026-11-02T00:00:00Z'),
        evidenceDueBy: new Date('2026-11-20T23:59:59.999Z'),
      },
    ])
  })

  it('knows what each state did with the money', () => {
    const amounts = read(
      row({ Status: 'Retrieval' }),
      row({ Status: 'Won' }),
      row({ Status: 'Lost', Amount: '-12.50' }),
    ).map(({ withdrawn, reinstated }) => [withdrawn.amount, reinstated.amount])
    expect(amounts).toEqual([
      [0n, 0n],
      [1_250n, 1_250n],
      [1_250n, 0n],
    ])
  })

  it('keeps a hostile formula as text where text may stand', () => {
    expect(read(row({ Text: '"=HYPERLINK(""http://x"")"' }))[0]?.reason).toBe('=HYPERLINK("http://x")')
  })

  it.each<[string, string | Uint8Array, string]>([
    ['bad input: an empty file', '', 'it is empty'],
    ['bad input: a missing column', 'Case,Amount\nCB-1,1.00\n', 'there is no column Transaction'],
    ['bad input: a truncated file', `${head}\n"CB-1,60198`, 'the file ends within quotes'],
    ['bad input: a short row', `${head}\nCB-1,60198\n`, '2 fields of 11'],
    ['bad input: a wrong encoding', new Uint8Array([0x43, 0xe4, 0x0a]), 'it is not UTF-8'],
    ['bad input: three decimals', `${head}\n${row({ Amount: '12.505' })}\n`, 'has more than 2 decimals'],
    ['bad input: an amount of nothing', `${head}\n${row({ Amount: '0.00' })}\n`, 'its amount is not above zero'],
    ['bad input: 30 February', `${head}\n${row({ Due: '2026-02-30' })}\n`, 'no calendar has the day'],
    ['bad input: a status without meaning', `${head}\n${row({ Status: 'constructor' })}\n`, 'the profile does not say'],
    ['bad input: a formula for a reference', `${head}\n${row({ Case: '=1+1' })}\n`, 'its reference is none'],
    ['bad input: a payment that is none', `${head}\n${row({ Transaction: '' })}\n`, 'its payment is none'],
    ['bad input: two dates in one', `${head}\n${row({ Opened: '2026-11-01/02' })}\n`, 'no calendar has the day'],
  ])('%s', (_, file, reason) => {
    expect(() => readDisputeFile(file, profile)).toThrow(
      expect.objectContaining({
        code: 'PAYMENTS_DISPUTE_FILE_INVALID',
        details: expect.objectContaining({ reason: expect.stringContaining(reason) }),
      }),
    )
  })

  it('bad input: a currency that is none', () => {
    expect(() => readDisputeFile(`${head}\n${row()}\n`, { ...profile, currency: 'USDX' })).toThrow('not a currency')
  })

  it.each([
    ['dmy', '20.11.2026'],
    ['mdy', '11/20/2026'],
  ] as const)('reads dates as %s', (date, Due) => {
    const rest = { Opened: Due, Changed: Due }
    const [report] = readDisputeFile(`${head}\n${row({ Due, ...rest })}\n`, { ...profile, date })
    expect(report?.evidenceDueBy?.toISOString()).toBe('2026-11-20T23:59:59.999Z')
  })
})
