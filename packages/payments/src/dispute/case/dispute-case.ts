import type { DisputeEvidence } from '../../gateway/dispute-evidence.ts'
import type { DisputeAction } from '../../gateway/snapshot.ts'
import type { DisputeStage } from '../../gateway/state.ts'
import type { Money } from '../../money/money.ts'
import { reasonFamily, type ReasonFamily } from '../reason/reason-family.ts'
import type { CaseActs, Submission } from './case-acts.ts'
import type { CaseFacts } from './case-facts.ts'
import { awaitsEvidence, dueByOf, isAnswered, statusOf, type CaseStatus } from './case-status.ts'

/** A dispute, whichever gateway it came through. */
export interface DisputeCase {
  /** `<gateway>:<reference>`. */
  readonly id: string
  readonly gateway: string
  readonly reference: string
  /** Our identifier of the payment. */
  readonly payment: string
  readonly stage: DisputeStage
  readonly status: CaseStatus
  readonly amount: Money
  /** What the gateway charges for it, in all. */
  readonly fee: Money
  /** Taken back from the balance, in all. */
  readonly withdrawn: Money
  /** Given back of that, in all. */
  readonly reinstated: Money
  /** The gateway's word. */
  readonly reason: string
  readonly network: string | undefined
  readonly networkReason: string | undefined
  readonly family: ReasonFamily
  readonly openedAt: Date
  /** Until when evidence is wanted in the present stage. */
  readonly dueBy: Date | undefined
  /** What may be done now, as far as the gateway says; where it says nothing, as the status has it. */
  readonly actions: readonly DisputeAction[]
  readonly submissions: readonly Submission[]
  /** Evidence was handed in, by the host or past it. */
  readonly answered: boolean
  /** What was gathered for the next submission. */
  readonly evidence: DisputeEvidence
  /** Our last command has no answer yet. */
  readonly underway: 'submit' | 'accept' | undefined
  readonly updatedAt: Date
}

/** What is kept of a case. */
export interface StoredCase {
  readonly id: string
  readonly gateway: string
  readonly reference: string
  readonly payment: string
  readonly facts: CaseFacts
  readonly acts: CaseActs
  readonly evidence: DisputeEvidence
  /** A command that was begun. */
  readonly intent: CaseIntent | undefined
  /** How many commands were begun: it names them. */
  readonly commands: number
  /** Alarms that were raised, by their names. */
  readonly told: readonly string[]
  /** The key of the last alarm, until it is resolved. */
  readonly firing: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
}

/** A command that is written down before it is sent. */
export interface CaseIntent {
  readonly kind: 'submit' | 'accept'
  readonly key: string
  readonly stage: DisputeStage
  readonly by: string
  readonly at: Date
  /** What is handed in: gathering goes on meanwhile. */
  readonly evidence: DisputeEvidence
  /** How often evidence had been handed in before. */
  readonly after: number
}

/** A case as it stands at a moment. */
export function caseOf(stored: StoredCase, now: number): DisputeCase {
  const { id, gateway, reference, payment, facts, acts, evidence, intent, createdAt, updatedAt } = stored
  const status = statusOf(facts, acts, now)
  const [network, networkReason] = [facts.network?.value, facts.networkReason?.value]
  const { value: amount } = facts.amount
  const reason = facts.reason.value
  return {
    ...{ id, gateway, reference, payment, status, amount, reason, network, networkReason, evidence },
    stage: facts.stage,
    fee: facts.fee?.value ?? { amount: 0n, currency: amount.currency },
    withdrawn: facts.withdrawn,
    reinstated: facts.reinstated,
    family: reasonFamily({ network, networkReason, reason }),
    openedAt: facts.openedAt ?? new Date(createdAt),
    dueBy: dueByOf(facts),
    actions: actionsOf(facts, status),
    submissions: acts.submissions,
    answered: isAnswered(facts, acts),
    underway: intent?.kind,
    updatedAt: new Date(updatedAt),
  }
}

/** What a gateway allowed before the case went on says nothing any more. */
function actionsOf({ actions, state }: CaseFacts, status: CaseStatus): readonly DisputeAction[] {
  const isOpen = awaitsEvidence(status) || status === 'expired'
  const said = actions !== undefined && String(actions.weight) === String(state.weight) ? actions.value : undefined
  if (said !== undefined) return isOpen ? said : said.filter((action) => action === 'accept')
  return isOpen ? ['accept', 'submit_evidence'] : []
}
