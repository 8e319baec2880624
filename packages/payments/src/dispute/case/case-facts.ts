import { stageOf, stageRank } from '../../gateway/dispute-stage.ts'
import type { DisputeAction, DisputeSnapshot } from '../../gateway/snapshot.ts'
import { stateRank, type DisputeStage, type DisputeState } from '../../gateway/state.ts'
import type { Money } from '../../money/money.ts'
import { encodeJson } from '../../payments/stored-json.ts'

/** Something a gateway said, and how late in the case it said it: stage, time of the change, what was moved, state. */
export interface Fact<Value> {
  readonly weight: readonly bigint[]
  readonly value: Value
}

/**
 * What is known of a dispute from all reports together. Joining is commutative, associative and idempotent: whatever order
 * reports come in, and however often, the facts are the same.
 */
export interface CaseFacts {
  readonly state: Fact<DisputeState>
  readonly stage: DisputeStage
  readonly amount: Fact<Money>
  readonly reason: Fact<string>
  readonly fee?: Fact<Money> | undefined
  readonly network?: Fact<string> | undefined
  readonly networkReason?: Fact<string> | undefined
  readonly dueBy?: Fact<Date> | undefined
  readonly actions?: Fact<readonly DisputeAction[]> | undefined
  readonly capture?: Fact<string> | undefined
  /** The earliest. */
  readonly openedAt?: Date | undefined
  /** Totals only grow. */
  readonly withdrawn: Money
  readonly reinstated: Money
  /** How often evidence had been handed in when the case was last seen in each stage. */
  readonly submissions: Readonly<Partial<Record<DisputeStage, number>>>
}

/** What one report says. */
export function factsOf(report: DisputeSnapshot): CaseFacts {
  const stage = stageOf(report)
  const { state, withdrawn, reinstated, openedAt, submissions } = report
  const weight = [
    BigInt(stageRank(stage)),
    BigInt(report.changedAt?.getTime() ?? 0),
    withdrawn.amount + reinstated.amount,
    BigInt(stateRank('dispute', state)),
    BigInt(submissions ?? 0),
  ]
  const fact = <Value>(value: Value): Fact<Value> => ({ weight, value })
  const given = <Value>(value: Value | undefined): Fact<Value> | undefined =>
    value === undefined ? undefined : fact(value)
  return {
    state: fact(state),
    stage,
    amount: fact(report.amount),
    reason: fact(report.reason),
    fee: given(report.fee),
    network: given(report.network?.toLowerCase()),
    networkReason: given(report.networkReason),
    dueBy: given(report.evidenceDueBy),
    actions: given(report.actions),
    capture: given(report.capture),
    openedAt,
    withdrawn,
    reinstated,
    submissions: submissions === undefined ? {} : { [stage]: submissions },
  }
}

/** What two of them say together. */
export function joinFacts(left: CaseFacts, right: CaseFacts): CaseFacts {
  return {
    state: later(left.state, right.state),
    stage: stageRank(left.stage) > stageRank(right.stage) ? left.stage : right.stage,
    amount: later(left.amount, right.amount),
    reason: later(left.reason, right.reason),
    fee: laterIf(left.fee, right.fee),
    network: laterIf(left.network, right.network),
    networkReason: laterIf(left.networkReason, right.networkReason),
    dueBy: laterIf(left.dueBy, right.dueBy),
    actions: laterIf(left.actions, right.actions),
    capture: laterIf(left.capture, right.capture),
    openedAt: earlier(left.openedAt, right.openedAt),
    withdrawn: larger(left.withdrawn, right.withdrawn),
    reinstated: larger(left.reinstated, right.reinstated),
    submissions: mostOf(left.submissions, right.submissions),
  }
}

/** Of two facts of one weight the one whose text is greater holds: any rule will do, as long as it knows no order of arrival. */
function later<Value>(left: Fact<Value>, right: Fact<Value>): Fact<Value> {
  for (const [index, value] of left.weight.entries())
    if (value !== right.weight[index]) return value > right.weight[index]! ? left : right
  return encodeJson(left.value) >= encodeJson(right.value) ? left : right
}

function laterIf<Value>(left: Fact<Value> | undefined, right: Fact<Value> | undefined): Fact<Value> | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return later(left, right)
}

function earlier(left: Date | undefined, right: Date | undefined): Date | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return left <= right ? left : right
}

function larger(left: Money, right: Money): Money {
  return right.amount > left.amount ? right : left
}

function mostOf(left: CaseFacts['submissions'], right: CaseFacts['submissions']): CaseFacts['submissions'] {
  const most: Partial<Record<DisputeStage, number>> = {}
  for (const stage of ['inquiry', 'chargeback', 'pre_arbitration', 'arbitration'] as const) {
    const values = [left[stage], right[stage]].filter((value) => value !== undefined)
    if (values.length > 0) most[stage] = Math.max(...values)
  }
  return most
}
