import { randomBelow, type Random } from '@exprsn/core'
import type { DisputeSnapshot, DisputeStage, DisputeState } from '@exprsn/payments/gateway'

const day = 86_400_000
const eur = (amount: bigint) => ({ amount, currency: 'EUR' })

/** What a gateway tells of one dispute from its beginning to its end, in the order in which it happens there. */
export function randomCaseHistory(random: Random, reference = 'du_1', payment = 'pi_1'): DisputeSnapshot[] {
  const reports: DisputeSnapshot[] = []
  const isDated = randomBelow(random, 2) === 0
  const amount = BigInt(1_000 + randomBelow(random, 9_000))
  let at = Date.UTC(2026, 8, 1)
  let [withdrawn, reinstated, submissions] = [0n, 0n, 0]
  const told = (stage: DisputeStage, state: DisputeState, due?: number): void => {
    at += 1_000 + randomBelow(random, 3 * day)
    reports.push({
      ...{ kind: 'dispute', reference, payment, stage, state, submissions, reason: 'fraudulent' },
      ...{ amount: eur(amount), withdrawn: eur(withdrawn), reinstated: eur(reinstated), fee: eur(1_500n) },
      network: 'visa',
      networkReason: '10.4',
      openedAt: new Date(Date.UTC(2026, 8, 1)),
      changedAt: isDated ? new Date(at) : undefined,
      evidenceDueBy: due === undefined ? undefined : new Date(due),
    })
  }
  /** True when the case goes on in the next stage. */
  const round = (stage: DisputeStage, open: DisputeState): boolean => {
    told(stage, open, at + 10 * day)
    if (randomBelow(random, 5) > 0) {
      submissions++
      told(stage, 'under_review')
      if (isDated && randomBelow(random, 4) === 0) {
        told(stage, open, at + 10 * day)
        submissions++
        told(stage, 'under_review')
      }
    }
    if (stage === 'inquiry') {
      if (randomBelow(random, 2) === 0) return true
      told(stage, 'closed')
      return false
    }
    const end = (['won', 'lost', 'accepted'] as const)[randomBelow(random, 3)]!
    if (end === 'won') reinstated = withdrawn
    told(stage, end)
    return end !== 'accepted' && randomBelow(random, 3) === 0
  }
  if (randomBelow(random, 3) === 0 && !round('inquiry', 'inquiry')) return reports
  for (const stage of ['chargeback', 'pre_arbitration', 'arbitration'] as const) {
    if (withdrawn === reinstated) withdrawn += amount
    if (!round(stage, 'needs_response')) break
  }
  return reports
}
