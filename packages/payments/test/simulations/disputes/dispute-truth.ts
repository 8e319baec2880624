import { randomBelow, type Random } from '@exprsn/core'
import type { DisputeSnapshot, DisputeStage, DisputeState, GatewayEvent } from '@exprsn/payments/gateway'

const day = 86_400_000
const eur = (amount: bigint) => ({ amount, currency: 'EUR' })

/** A dispute as it truly stands at the gateway. */
export interface TrueDispute {
  readonly reference: string
  readonly payment: string
  readonly amount: bigint
  readonly openedAt: number
  stage: DisputeStage
  state: DisputeState
  withdrawn: bigint
  reinstated: bigint
  submissions: number
  /** How often evidence was handed in, by stage and round of asking. */
  readonly handedIn: Map<string, number>
  round: number
  dueBy: number
  changedAt: number
  /** The host conceded it. */
  conceded: boolean
}

/** A gateway's disputes, and everything it tells of them. */
export class DisputeTruth {
  readonly disputes = new Map<string, TrueDispute>()
  readonly history: GatewayEvent[] = []
  readonly pending: GatewayEvent[] = []
  /** Some gateways say when they changed a dispute; the others never ask twice in a stage, and call what is conceded lost. */
  readonly isDated: boolean
  readonly #now: () => number

  constructor(isDated: boolean, now: () => number) {
    this.isDated = isDated
    this.#now = now
  }

  open(payment: string, amount: bigint, isInquiry: boolean): void {
    const now = this.#now()
    const dispute: TrueDispute = {
      ...{ reference: `du_${this.disputes.size + 1}`, payment, amount, openedAt: now },
      ...{ stage: isInquiry ? 'inquiry' : 'chargeback', state: isInquiry ? 'inquiry' : 'needs_response' },
      ...{ withdrawn: isInquiry ? 0n : amount, reinstated: 0n, submissions: 0, handedIn: new Map(), round: 1 },
      ...{ dueBy: now + 10 * day, changedAt: now, conceded: false },
    }
    this.disputes.set(dispute.reference, dispute)
    this.#tell(dispute)
  }

  /** What banks and buyers do next. */
  goOn(dispute: TrueDispute, random: Random): void {
    const { stage, state } = dispute
    if (state === 'accepted' || dispute.conceded) return
    if (state === 'won' || state === 'lost' || state === 'closed') {
      const next = ({ chargeback: 'pre_arbitration', pre_arbitration: 'arbitration' } as const)[stage as 'chargeback']
      if (next !== undefined && randomBelow(random, 3) === 0) this.#ask(dispute, next)
      return
    }
    if (state === 'under_review' && this.isDated && randomBelow(random, 5) === 0) return this.#ask(dispute, stage)
    if (stage === 'inquiry') {
      if (randomBelow(random, 2) === 0) return this.#ask(dispute, 'chargeback')
      return this.#decide(dispute, 'closed')
    }
    this.#decide(dispute, randomBelow(random, 2) === 0 ? 'won' : 'lost')
  }

  /** False when no evidence is wanted any more. */
  takeEvidence(dispute: TrueDispute): boolean {
    if ((dispute.state !== 'inquiry' && dispute.state !== 'needs_response') || dispute.dueBy <= this.#now())
      return false
    const round = `${dispute.stage}/${dispute.round}`
    dispute.handedIn.set(round, (dispute.handedIn.get(round) ?? 0) + 1)
    dispute.submissions++
    this.#change(dispute, { state: 'under_review' })
    return true
  }

  concede(dispute: TrueDispute): boolean {
    if (dispute.state !== 'inquiry' && dispute.state !== 'needs_response') return false
    dispute.conceded = true
    if (dispute.withdrawn === dispute.reinstated) dispute.withdrawn += dispute.amount
    this.#change(dispute, { state: this.isDated ? 'accepted' : 'lost' })
    return true
  }

  snapshot({
    reference,
    payment,
    amount,
    stage,
    state,
    withdrawn,
    reinstated,
    submissions,
    ...times
  }: TrueDispute): DisputeSnapshot {
    return {
      ...{ kind: 'dispute', reference, payment, stage, state, submissions, reason: 'product_not_received' },
      ...{ amount: eur(amount), fee: eur(1_500n), withdrawn: eur(withdrawn), reinstated: eur(reinstated) },
      openedAt: new Date(times.openedAt),
      evidenceDueBy: new Date(times.dueBy),
      changedAt: this.isDated ? new Date(times.changedAt) : undefined,
    }
  }

  #ask(dispute: TrueDispute, stage: DisputeStage): void {
    if (stage !== dispute.stage && dispute.withdrawn === dispute.reinstated) dispute.withdrawn += dispute.amount
    dispute.round++
    this.#change(dispute, { stage, state: 'needs_response', dueBy: this.#now() + 10 * day })
  }

  #decide(dispute: TrueDispute, state: 'won' | 'lost' | 'closed'): void {
    if (state === 'won') dispute.reinstated = dispute.withdrawn
    this.#change(dispute, { state })
  }

  #change(dispute: TrueDispute, changes: Partial<TrueDispute>): void {
    // Two changes are never at the same moment.
    Object.assign(dispute, changes, { changedAt: Math.max(this.#now(), dispute.changedAt + 1) })
    this.#tell(dispute)
  }

  #tell(dispute: TrueDispute): void {
    const { reference, payment, changedAt } = dispute
    const event: GatewayEvent = {
      id: `evt_${this.history.length + 1}`,
      type: 'dispute',
      occurredAt: new Date(changedAt),
      subject: { kind: 'dispute', reference, payment },
      snapshot: this.snapshot(dispute),
    }
    this.history.push(event)
    this.pending.push(event)
  }
}
